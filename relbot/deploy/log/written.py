"""What somebody decided in writing: a lock, an overrule, a hold or a notice that is lifted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.deploy.log.graph import record_hash
from relbot.deploy.log.record import DeedKind

if TYPE_CHECKING:
    from relbot.deploy.log.record import Record
    from relbot.deploy.log.state import EnvironmentState


def apply_lock(now: EnvironmentState, record: Record) -> EnvironmentState:
    """The state after a LOCKED or UNLOCKED: a lock that somebody else holds stays."""
    if record.deed.kind is DeedKind.UNLOCKED:
        return now._replace(lock=None)
    held = now.holder(record.time)
    return now if held and held.who.person != record.who.person else now._replace(lock=record)


def apply_overruled(now: EnvironmentState, record: Record) -> EnvironmentState:
    """The state after an OVERRULED: of the deploy under way, or of one that has not begun."""
    deed = record.deed
    if now.deploy and (now.deploy.start, now.deploy.target) == (deed.start, deed.target):
        return now._replace(deploy=now.deploy._replace(overruled={**now.deploy.overruled, deed.what: record}))
    return now._replace(early=(*now.early, record))


def apply_lifted(now: EnvironmentState, record: Record) -> EnvironmentState:
    """The state after a LIFTED: a notice ends, somebody has looked at a stray deed, or a commit may be deployed again."""
    what = record.deed.what
    if what.startswith("stray:"):
        return now._replace(stray=tuple(each for each in now.stray if record_hash(each) != what.removeprefix("stray:")))
    if what.startswith("note:"):
        return now._replace(notices=tuple(each for each in now.notices if record_hash(each) != what.removeprefix("note:")))
    return now._replace(held={commit: each for commit, each in now.held.items() if commit != what})
