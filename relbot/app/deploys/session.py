"""What every use case about an environment starts from: its ledger, and the refs as the remote has them now."""

from __future__ import annotations

import functools
import shlex
from typing import TYPE_CHECKING

from relbot.app.deploys.environment_state import deploy_progress
from relbot.app.deploys.release_revisions import tag_of_version
from relbot.app.lookup import known_environment
from relbot.config.environments import EXAMPLE
from relbot.config.model import FILE
from relbot.deploy.answers import CLOCKS_DIFFER
from relbot.deploy.log.replay import replay_records
from relbot.errors import Unknown, UsageError
from relbot.git.policy_source import read_config_at
from relbot.git.revisions import RevisionUnknown
from relbot.ledger.git_ref.current_refs import DEFAULT_BRANCH, OWN_REFS, CurrentRefs, fetch_refs, known_refs
from relbot.ledger.git_ref.remote import Unreachable, find_remote
from relbot.ledger.git_ref.store import REFS, RELEASES, GitRefLedger
from relbot.render.common.units import format_span, format_time
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from relbot.app.project import Project
    from relbot.config.model import Environment
    from relbot.deploy.log.record import Record, Who
    from relbot.deploy.log.state import EnvironmentState
    from relbot.git.process import Git
    from relbot.ledger.store import Store, Surroundings


VERSION_MARK = "version:"
"""What stands before the version of an artifact where a revision is expected. No name of a revision has a colon there."""


class SessionRequest(NamedTuple):
    """Which environment a use case is about, and how to reach what others know.

    `environment` is its name, None for the only one there is. `remote` is the name of a remote, None for the usual one.
    `offline` leaves the remote out. `revisions` are the revisions that the command names: they are fetched. With
    `unreachable_is_fine` a remote that does not answer is left out, too, and the session says why.
    """

    environment: str | None
    remote: str | None = None
    offline: bool = False
    revisions: tuple[str, ...] = ()
    unreachable_is_fine: bool = False


class Session(NamedTuple):
    """A project, the ledger of one of its environments, and the refs that revisions are looked up in.

    `unreachable` is why the remote was left out although it was asked, "" if it was not.
    """

    project: Project
    ledger: Store
    refs: CurrentRefs
    unreachable: str = ""

    @property
    def environment(self) -> str:
        """The name of the environment."""
        return self.ledger.environment

    @property
    def configured(self) -> Environment | None:
        """What the configuration says of the environment, None if it says nothing."""
        return self.project.config.environment(self.environment)

    @property
    def who(self) -> Who:
        """Who is asking."""
        return self.ledger.around.who

    @property
    def offline(self) -> bool:
        """Whether the remote was left out although there is one."""
        return self.refs.offline

    def commit_of(self, name: str) -> str:
        """The full id of the commit that a revision names, as somebody wrote it: see `CurrentRefs.commit_of`; or of a release.

        `version:TEXT` names the commit of an artifact of that version. Unknown if there is none, UsageError for a path.
        """
        environment = self.configured
        if not name.startswith(VERSION_MARK) or environment is None:
            return self._commit_of_revision(name)
        from relbot.sources.model import SourceContext  # only who names a version needs this
        from relbot.sources.version import find_commit_of_version  # the same

        context = SourceContext(self.project.git, self.project.config, self.project.github, tags=self.refs.tag_refs())
        return find_commit_of_version(environment, context, name.removeprefix(VERSION_MARK))

    def _commit_of_revision(self, name: str) -> str:
        """The commit of a revision, or of the tag of a release that is given by its version."""
        try:
            return self.refs.commit_of(name)
        except RevisionUnknown:
            component = self.configured.component if self.configured else None
            tag = tag_of_version(self.project, name, component, self.refs.tag_refs())
            if not tag or tag == name:
                raise
            return self.refs.commit_of(tag)

    def now(self) -> datetime:
        """What time it is."""
        return self.ledger.around.now()

    def entries(self) -> tuple[Record, ...]:
        """What was recorded, as far as the environment's state depends on it. Unknown if it cannot be read."""
        return self.ledger.entries()

    def state(self) -> EnvironmentState:
        """What follows from all that was recorded. Unknown if it cannot be read."""
        return replay_records(self.entries())

    def require_entries(self, entries: tuple[Record, ...]) -> tuple[Record, ...]:
        """The entries. Unknown if there are none: a ledger without one is not there."""
        if entries:
            return entries
        there = self.ledger.all_environments()
        tip = f"There are ledgers of: {', '.join(there)}." if there else "No environment has a ledger yet."
        example = f"relbot deploy adopt {self.environment} --at REV"
        raise Unknown(f"There is no ledger of `{self.environment}`.", tip=f"{tip} To begin one, say what runs:", example=example)

    def remarks(self) -> tuple[str, ...]:
        """What a reader of any answer has to know about how current it is, in sentences."""
        refs = self.refs
        if refs.remote is None:
            return ("This clone has no remote, so relbot uses this clone alone.",)
        if not refs.offline:
            return ()
        if refs.fetched is None:
            return (f"Offline: relbot has never fetched from `{refs.remote.name}`, so the records of others are missing here.",)
        age = self.now() - refs.fetched
        known = f"Offline: relbot uses what it fetched from `{refs.remote.name}`"
        if age < -CLOCKS_DIFFER:
            when = format_time(refs.fetched)
            return (f"{known} at {when}, later than this clock says. The clock was wrong then, or is now.",)
        return (f"{known} {format_span(age)} ago.",)


def open_session(project: Project, request: SessionRequest, around: Surroundings) -> Session:
    """Opens the ledger of an environment, and fetches once what the answer depends on.

    UsageError if there is no such environment or remote; Unreachable if the remote does not answer.
    """
    name = environment_name(project, request.environment)
    remote = find_remote(project.git, request.remote)
    if request.offline and _on_github(project, name):
        what = f"The ledger of {name} is on GitHub, and relbot keeps no copy of it."
        raise UsageError(what, tip="Run the command again without `--offline`.")
    unreachable = ""
    refs = known_refs(project.git, remote)
    if not request.offline:
        wanted = (*_names_of_refs(request.revisions), *_usual_revisions(project, name))
        try:
            refs = fetch_refs(project.git, remote, wanted, around.now())
        except Unreachable as error:
            if not request.unreachable_is_fine:
                raise
            unreachable = error.what
    return Session(project, open_ledger(project, name, refs, around), refs, unreachable)


def renew_session(session: Session, revisions: tuple[str, ...]) -> Session:
    """The session with what others have recorded and pushed by now. Unreachable if the remote does not answer."""
    git, name, around = session.project.git, session.environment, session.ledger.around
    refs = fetch_refs(
        git, session.refs.remote, (*_names_of_refs(revisions), *_usual_revisions(session.project, name)), around.now()
    )
    return session._replace(refs=refs, ledger=open_ledger(session.project, name, refs, around))


def open_ledger(project: Project, environment: str, refs: CurrentRefs, around: Surroundings) -> Store:
    """The ledger of an environment, where the configuration says that it is kept, with what `refs` fetched of it.

    UsageError if it is on GitHub, and nothing says where or with which token.
    """
    configured = project.config.environment(environment)
    if configured and configured.store == "github":
        from relbot.github.repository import find_repository  # a ledger in git needs no client of GitHub
        from relbot.ledger.github.store import GitHubLedger  # the same

        example = f'[environments.{environment}]\nrepository = "openSUSE/open-build-service"'
        repository = find_repository(project.git, project.github, configured.repository or None, example)
        progress = functools.partial(deploy_progress, project, environment)
        return GitHubLedger(repository, environment, around, progress)
    ledger = GitRefLedger(project.git, environment, None if refs.offline else refs.remote, around)
    if refs.remote and not refs.offline:
        ledger.take_fetched(refs.ledger_ref(environment))
    return ledger


def environment_name(project: Project, name: str | None) -> str:
    """The name of the environment that is meant: without one, the only one that is configured.

    UsageError if there is none, if there are several, or if it is a name that neither the configuration nor a ledger has.
    Unknown if the configuration is not checked out.
    """
    known = project.config.environments
    if not known:
        _require_configuration(project)
    if name is not None:
        if not known and name not in known_ledgers(project.git):
            _require_no_other_project(project)
        if known and not project.config.environment(name) and name not in known_ledgers(project.git):
            known_environment(project.config, name)  # a typing error must not begin a ledger
        return name
    if len(known) == 1:
        return known[0].name
    if not known:
        _require_no_other_project(project)
        what = "relbot.toml has no environment, so relbot does not know which revision runs."
        tip = "To compare two revisions: `relbot checklist --from REV`. For an environment, write into relbot.toml, as in:"
        raise UsageError(what, tip=tip, example=EXAMPLE)
    names = ", ".join(environment.name for environment in known)
    raise UsageError(f"There are {len(known)} environments: {names}.", tip="Name one of them:", example=known[0].name)


def known_ledgers(git: Git) -> tuple[str, ...]:
    """The environments of which this clone has a ledger, or has fetched one, sorted: also those that were renamed since."""
    theirs = f"{OWN_REFS}ledger/"
    found = git.text("for-each-ref", "--format=%(refname)", REFS, theirs).split()
    return tuple(sorted({ref.removeprefix(REFS).removeprefix(theirs) for ref in found} - {RELEASES}))


def _require_configuration(project: Project) -> None:
    """Unknown if git has a configuration that is not in the work tree, as in a bare clone: environments are declared there."""
    git = project.git
    commit = None if project.config_path is not None else git.find("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    if commit is None or read_config_at(git, commit) is None:
        return
    what = f"{commit[:12]} has a relbot.toml, and this clone has no work tree with it, so relbot does not know the environments."
    if git.text("rev-parse", "--is-bare-repository").strip() == "true":
        raise Unknown(what, tip="Add a work tree, and run the command there:", example="git worktree add ../worktree")
    raise Unknown(what, tip="Check it out:", example=f"git checkout HEAD -- {FILE}")


def _require_no_other_project(project: Project) -> None:
    """UsageError if there is no configuration here, and folders below have one, as in a repository of several projects."""
    if project.config_path is not None or not project.in_git:
        return
    listed = project.git.text("ls-files", "-z", "--", f":(glob)**/{FILE}")
    folders = sorted(path.removesuffix(f"/{FILE}") for path in listed.split("\0") if "/" in path)
    if not folders:
        return
    more = f", {', '.join(folders[1:4])}" if folders[1:] else ""
    what = f"There is no {FILE} here. There is one in: {folders[0]}{more}{', and more' if folders[4:] else ''}."
    raise UsageError(what, tip="Run relbot in that folder, or name it:", example=f"--dir {shlex.quote(folders[0])}")


def _names_of_refs(revisions: Iterable[str]) -> Iterator[str]:
    return (each for each in revisions if not each.startswith(VERSION_MARK))


def _usual_revisions(project: Project, environment: str) -> Iterable[str]:
    """The revision that shall run, as far as the configuration says: else the remote's default branch."""
    configured = project.config.environment(environment)
    return (configured.target or DEFAULT_BRANCH,) if configured else ()


def _on_github(project: Project, environment: str) -> bool:
    configured = project.config.environment(environment)
    return configured is not None and configured.store == "github"
