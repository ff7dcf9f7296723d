"""Ledgers that an environment had elsewhere: on GitHub or in git before its `store` was changed, or under another name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from relbot.app.deploys.session import known_ledgers
from relbot.config.model import FILE, PYPROJECT
from relbot.deploy.log.record import DeedKind
from relbot.errors import ConfigError, Unknown
from relbot.git.policy_source import read_config_at
from relbot.git.revisions import is_ancestor
from relbot.render.common.units import format_time

if TYPE_CHECKING:
    from relbot.app.deploys.session import Session
    from relbot.deploy.log.record import Record
    from relbot.deploy.log.state import EnvironmentState

_ON_GITHUB = "store[^=]*=[[:space:]]*[\"']github"
"""The line of a configuration that keeps a ledger on GitHub, as git looks for it."""
_SECOND = timedelta(seconds=1)
"""By how much a commit may be later than git says: it keeps whole seconds."""


def require_no_ledger_on_github(session: Session, now: EnvironmentState, start: str) -> None:
    """Unknown if the configuration kept the ledger of an environment on GitHub, has it in git by now, and nobody adopted since.

    Looks at the commits after `start`, and where nothing is recorded also at HEAD: the work tree may have been changed since.
    """
    environment, git = session.configured, session.project.git
    if environment is None or environment.store == "github":
        return
    paths = ("--", FILE, PYPROJECT)
    commands: list[tuple[str, ...]] = [("log", "-1", "--format=%H %ct", "-G", _ON_GITHUB, f"{start}..HEAD", *paths)]
    if not (now.deploy or now.running):
        commands.append(("grep", "--quiet", "-e", _ON_GITHUB, "HEAD", *paths))
    (code, out, _), *at_head = git.answers(*commands)
    if any(found == 0 for found, *_ in at_head) and _is_on_github(session, "HEAD"):
        raise _was_on_github(session, "")
    if code != 0 or not out.strip():
        return  # a commit that is not here is told by whoever needs it
    commit, seconds = out.decode("ascii").split()
    changed = datetime.fromtimestamp(int(seconds), UTC)
    if _is_on_github(session, commit) or not _is_on_github(session, f"{commit}^"):
        return
    if not any(_knew_of(session, each, commit, changed) for each in session.entries()):
        raise _was_on_github(session, f" until {commit[:12]} of {format_time(changed)}")


def _knew_of(session: Session, record: Record, commit: str, time: datetime) -> bool:
    """Whether somebody has said what runs after a commit changed the configuration."""
    deed = record.deed
    return deed.kind is DeedKind.ADOPTED and (
        record.time >= time + _SECOND or is_ancestor(session.project.git, commit, deed.target)
    )


def _is_on_github(session: Session, revision: str) -> bool:
    try:
        config = read_config_at(session.project.git, revision)
    except ConfigError:
        return False
    configured = config.environment(session.environment) if config else None
    return configured is not None and configured.store == "github"


def _was_on_github(session: Session, until: str) -> Unknown:
    name = session.environment
    what = f"{name} had its ledger on GitHub{until}, and the configuration has it in git. Steps may be open on GitHub."
    tip = (
        'Set `store = "github"` in your work tree, finish the deploy that is under way, and remove `store` again. Then record'
        " what runs:"
    )
    return Unknown(what, tip=tip, example=f"relbot deploy adopt {name} --at REV")


def require_no_ledger_in_git(session: Session) -> None:
    """Unknown if what was recorded of an environment is in git, and the configuration looks for it on GitHub by now."""
    name = session.environment
    if name in known_ledgers(session.project.git):
        what = f'{name} has a ledger in git, and none on GitHub, where the configuration has it: `store = "github"`.'
        tip = (
            "Steps may be open there. Remove `store` from your work tree, finish the deploy that is under way, and set `store`"
            " again. Then record what runs:"
        )
        raise Unknown(what, tip=tip, example=f"relbot deploy adopt {name} --at REV")


def require_no_former_name(session: Session) -> None:
    """Unknown if there is a ledger of an environment that the configuration does not have: it may have been renamed."""
    configured = {each.name for each in session.project.config.environments}
    former = [name for name in known_ledgers(session.project.git) if name not in configured]
    if not former:
        return
    name, names = session.environment, ", ".join(former)
    what = f"{name} has no ledger, and there is a ledger of {names}, which the configuration does not have."
    tip = (
        f"If {name} is another name for that environment, steps may be open there: relbot deploy status {former[0]}."
        f" Once they are done, record what runs on {name}:"
    )
    raise Unknown(what, tip=tip, example=f"relbot deploy adopt {name} --at REV")
