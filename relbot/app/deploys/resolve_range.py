"""From which revision to which: what the commands about deploys have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from relbot.app.lookup import known_component, known_environment
from relbot.config.environments import EXAMPLE
from relbot.deploy.plan.changelog import Revision
from relbot.deploy.plan.make import make_plan
from relbot.errors import Unknown, UsageError
from relbot.git.change_logs import read_change_logs
from relbot.git.policy_source import own_config
from relbot.sources.model import Ledger, SourceContext
from relbot.sources.resolve import resolve_running_revision

if TYPE_CHECKING:
    from relbot.app.project import Project
    from relbot.config.model import Config, Environment
    from relbot.deploy.plan.changelog import ChangeLog
    from relbot.deploy.plan.model import Plan


@dataclass(frozen=True, slots=True)
class DeployRange:
    """A deploy that may be made: where, from what to what, and of which component.

    `start` and `target` are revisions as somebody wrote them. A `start` of None is asked of the environment.
    """

    environment: Environment | None
    start: str | None
    target: str
    component: str | None


def resolve_range(
    project: Project, name: str | None, start: str | None, target: str | None, component: str | None
) -> DeployRange:
    """What the options of a command mean, with what the environment's configuration says where they say nothing.

    UsageError if an environment or component is not there, or if neither says where the deploy starts.
    """
    environment = _find_environment(project, name, needed=start is None)
    part = known_component(project.config, component) or (environment.component if environment else None)
    configured = (environment.target if environment else None) or "HEAD"
    wanted = configured if target is None else target  # an empty one is a mistake, and told as such
    return DeployRange(environment, start, wanted, part)


def plan_deploy(project: Project, wanted: DeployRange) -> Plan:
    """What the deploy needs. RunningRevisionUnknown or another Unknown if that cannot be learned."""
    if wanted.start is not None:
        return make_plan(*_change_logs(project, wanted.start, wanted.target), component=wanted.component)
    assert wanted.environment is not None
    commit = running_commit(project, wanted.environment)
    a, b = _change_logs(project, commit, wanted.target)
    made = make_plan(a._replace(revision=Revision(wanted.environment.name, commit)), b, component=wanted.component)
    if wanted.environment.deployed != "ledger":
        return made
    from relbot.app.deploys.environment_state import read_state, require_abandoned, with_ledger_state

    name = wanted.environment.name
    now = read_state(project, name, local=True)  # it was fetched to learn what runs
    require_abandoned(project, made, now)
    return with_ledger_state(project, name, made, now)


def deploy_headline(project: Project, wanted: DeployRange) -> str:
    """A remark if a deploy is under way, as far as the ledger was asked what runs; else nothing."""
    if wanted.start is not None or wanted.environment is None or wanted.environment.deployed != "ledger":
        return ""
    from relbot.app.deploys.environment_state import read_state

    name = wanted.environment.name
    deploy = read_state(project, name, local=True).deploy
    if deploy is None:
        return ""
    return f"A deploy of {name} to {deploy.target[:12]} is under way. What is done of it shows: relbot deploy status {name}"


def plan_between(project: Project, start: Revision, target: Revision, component: str | None) -> Plan:
    """The plan between two commits, under the names that people know them by. Unknown if they cannot be read."""
    a, b = _change_logs(project, start.commit, target.commit)
    return make_plan(a._replace(revision=start), b._replace(revision=target), component=component)


def _change_logs(project: Project, start: str, target: str) -> tuple[ChangeLog, ChangeLog]:
    """The change logs of two revisions. Unknown if nobody seems ever to have written one down here."""
    a, b = read_change_logs(project.git, start, target, lambda commit: _config_at(project, commit))
    if project.config_path is None and not any((*log.fragments, *log.unread, *log.faulty, *log.findings) for log in (a, b)):
        folder = project.config.folders[0].path
        what = f"Neither {start} nor {target} has a fragment in {folder}/, and there is no configuration here or above."
        tip = (
            "That is not to say that nothing has to be done. Where is relbot.toml? Name its folder, or begin with `relbot init`:"
        )
        raise Unknown(what, tip=tip, example="relbot checklist --dir FOLDER")
    return a, b


def _config_at(project: Project, commit: str) -> Config:
    """The configuration of a commit, unless somebody named one."""
    return project.config if project.named else own_config(project.git, commit, project.config)


def running_commit(project: Project, environment: Environment) -> str:
    """The full id of the commit that runs in the environment. RunningRevisionUnknown if that cannot be learned, whyever."""
    return resolve_running_revision(
        environment, SourceContext(project.git, project.config, project.github, _ledger_source(project))
    )


def _ledger_source(project: Project) -> Ledger:
    def last(environment: str) -> str:
        from relbot.app.deploys.environment_state import read_state, running_by_ledger

        return running_by_ledger(read_state(project, environment))

    return last


def _find_environment(project: Project, name: str | None, *, needed: bool) -> Environment | None:
    """The environment of that name; without a name the only one there is."""
    known = project.config.environments
    if name is not None:
        return known_environment(project.config, name)
    if len(known) == 1:
        return known[0]
    if known and needed:
        names = ", ".join(environment.name for environment in known)
        raise UsageError(
            f"There are several environments: {names}.", tip="Name one of them.", example=f"relbot checklist {known[0].name}"
        )
    if needed:
        tip = "Say it with `--from REV`, or once and for all in relbot.toml, as in:"
        raise UsageError("Nothing says which revision runs.", tip=tip, example=EXAMPLE)
    return None
