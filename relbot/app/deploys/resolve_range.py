"""From which revision to which: as far as the request, the ledger, the source and the configuration tell."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from relbot.app.deploys.former_ledgers import require_no_former_name, require_no_ledger_in_git, require_no_ledger_on_github
from relbot.deploy.log.record import DeedKind
from relbot.deploy.plan.changelog import Revision
from relbot.errors import Unknown, UsageError
from relbot.ledger.git_ref.current_refs import DEFAULT_BRANCH
from relbot.schema.named_tuples import NamedTuple
from relbot.sources.model import SourceContext

if TYPE_CHECKING:
    from relbot.app.deploys.session import Session
    from relbot.config.model import Environment
    from relbot.deploy.log.state import EnvironmentState


class KnownBy(StrEnum):
    """What tells the revision at which a deploy starts."""

    LEDGER = "ledger"
    SOURCE = "source"


class DeployRange(NamedTuple):
    """A deploy that is under way or may be made: from a commit to a commit, and what tells the first.

    `has_ended` tells that the deploy that ended last is meant, which may have turned back to where it began.
    """

    start: Revision
    target: Revision
    known_by: KnownBy = KnownBy.LEDGER
    has_ended: bool = False

    @property
    def commits(self) -> tuple[str, str]:
        """The full ids of start and target."""
        return self.start.commit, self.target.commit


def resolve_range(session: Session, now: EnvironmentState, target: str | None) -> DeployRange:
    """The range of a deploy. `target` is a revision as somebody wrote it, None for the one that is under way or configured.

    Unknown if nothing tells where the deploy starts, or if a revision is not there; UsageError if nothing says where it goes.
    """
    start, known_by = resolve_start(session, now)
    return DeployRange(Revision(start[:12], start), resolve_target(session, now, target), known_by)


def resolve_target(session: Session, now: EnvironmentState, target: str | None) -> Revision:
    """The revision that shall run: the one given, else that of the deploy under way, else the configured one.

    An environment that is configured without `target` gets the remote's default branch. UsageError if nothing says it.
    """
    if target == "":
        tip = "Set the variable that your script passes, or remove the option to use the default."
        raise UsageError("`--to` is empty.", tip=tip, example=f"--to {session.refs.default_name}")
    if target is None and now.deploy:
        return Revision(now.deploy.target[:12], now.deploy.target)
    configured = session.configured
    if target is None and configured is None:
        what = f"No deploy of {session.environment} is under way."
        raise UsageError(what, tip="Name the target revision:", example=f"--to {session.refs.default_name}")
    wanted = target or (configured and configured.target) or DEFAULT_BRANCH
    return Revision(wanted or session.refs.default_name, session.commit_of(wanted))


def resolve_start(session: Session, now: EnvironmentState) -> tuple[str, KnownBy]:
    """The full id of the commit at which a deploy starts, and what tells it.

    Where the deploy under way began; else the target of the deploy that ended last; else what the source answers. Unknown if
    nothing tells.
    """
    require_same_component(session, now)
    known = now.deploy.start if now.deploy else now.running.deed.target if now.running else ""
    environment = session.configured
    if environment and environment.store == "github" and not known:
        require_no_ledger_in_git(session)
    if known or (environment and environment.deployed != "ledger"):
        start, known_by = (known, KnownBy.LEDGER) if known else _ask_source(session)
        require_no_ledger_on_github(session, now, start)
        return start, known_by
    what = f"relbot does not know what runs on {session.environment}: its ledger has no deploy."
    raise Unknown(what, tip="If you know what runs, record it:", example=f"relbot deploy adopt {session.environment} --at REV")


def _ask_source(session: Session) -> tuple[str, KnownBy]:
    require_no_former_name(session)
    environment = session.configured
    assert environment is not None
    return ask_revision(session, environment), KnownBy.SOURCE


def require_same_component(session: Session, now: EnvironmentState) -> None:
    """Unknown if the deploy under way, or what runs, is about another component than the environment is configured for.

    The steps of other components were never asked for there.
    """
    record = now.deploy.begun if now.deploy else now.running
    configured = session.configured
    if record is None or configured is None or record.deed.kind not in (DeedKind.BEGUN, DeedKind.ENDED, DeedKind.ADOPTED):
        return
    was, now_for = record.deed.what, configured.component or ""
    if was == now_for:
        return
    name, target = session.environment, record.deed.target
    what = (
        f"{name} is configured for {_component_name(now_for)}, and its deploy to {target[:12]} was for {_component_name(was)}."
        " relbot cannot tell which steps are open."
    )
    if now.deploy:
        tip = "Configure it as before until that deploy is done:"
        raise Unknown(what, tip=tip, example=f'component = "{was}"' if was else f"[environments.{name}]  # without `component`")
    tip = f"Do the steps of all changes up to {target[:12]} that were not asked for. Then record that:"
    raise Unknown(what, tip=tip, example=f"relbot deploy adopt {name} --at {target}")


def _component_name(name: str) -> str:
    return f"the component {name}" if name else "all components"


def ask_revision(session: Session, environment: Environment) -> str:
    """The commit that the source of an environment reports. RunningRevisionUnknown if it does not tell."""
    from relbot.sources.resolve import resolve_running_revision  # a ledger alone needs no connection, so no TLS either

    return resolve_running_revision(environment, _sources(session))


def _sources(session: Session) -> SourceContext:
    return SourceContext(session.project.git, session.project.config, session.project.github, tags=session.refs.tag_refs())
