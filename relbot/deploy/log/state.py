"""What follows from a ledger's entries: what runs, which deploy is under way and how far, who holds the lock."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from relbot.deploy.log.record import DeedKind, Result

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from relbot.deploy.log.record import Record


@dataclass(frozen=True, slots=True)
class Deploy:
    """A deploy under way. `ticks` holds what was last said of each step."""

    start: str
    target: str
    begun: Record
    ticks: Mapping[str, Record] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EnvironmentState:
    """Where an environment stands.

    `running` is the last done: its target runs since its time. `later` holds the steps that finished deploys left for
    later and that nobody has done since, each with the done that left it; `failed` holds the ticks of those of them that
    somebody tried, and failed. `lock` may have expired: see `holder`.
    """

    running: Record | None = None
    deploy: Deploy | None = None
    lock: Record | None = None
    later: Mapping[str, Record] = field(default_factory=dict)
    failed: Mapping[str, Record] = field(default_factory=dict)

    def holder(self, now: datetime) -> Record | None:
        """The lock that holds at this time."""
        return self.lock if self.lock and not _is_expired(self.lock, now) else None


def sort_records(entries: Iterable[Record]) -> list[Record]:
    """By what their writers knew of each other; where they knew nothing, by their clocks. The same on every machine."""
    return sorted(entries, key=_record_key)


def _record_key(entry: Record) -> tuple[object, ...]:
    who, deed = entry.who, entry.deed
    return entry.order, entry.time, who.name, who.email, who.host, deed.kind, deed.step, deed.result, deed.target, deed.reason


def replay_records(entries: Iterable[Record]) -> EnvironmentState:
    """Replays the entries. Depends only on which there are, not on how they come."""
    now = EnvironmentState()
    for entry in sort_records(entries):
        now = _apply_record(now, entry)
    return now


def _apply_record(now: EnvironmentState, entry: Record) -> EnvironmentState:
    deed = entry.deed
    match deed.kind:
        case DeedKind.BEGIN:
            # Somebody deploys another target than was begun: what was done on the way still holds, if it starts alike.
            ticks = now.deploy.ticks if now.deploy and now.deploy.start == deed.start else {}
            return replace(now, deploy=Deploy(deed.start, deed.target, entry, ticks))
        case DeedKind.TICK:
            return _apply_tick(now, entry)
        case DeedKind.DONE:
            later = {step: by for step, by in now.later.items() if step not in deed.moot} | dict.fromkeys(deed.left, entry)
            ticks = now.deploy.ticks if now.deploy else {}
            tried = {step: ticks[step] for step in deed.left if step in ticks and ticks[step].deed.result is Result.FAILED}
            failed = {step: tick for step, tick in now.failed.items() if step in later and step not in deed.left} | tried
            return replace(now, running=entry, deploy=None, later=later, failed=failed)
        case DeedKind.LOCK:
            held = now.holder(entry.time)
            return now if held and held.who.person != entry.who.person else replace(now, lock=entry)
        case DeedKind.UNLOCK:
            return replace(now, lock=None)
        case DeedKind.NOTE:
            return now


def _apply_tick(now: EnvironmentState, entry: Record) -> EnvironmentState:
    deed = entry.deed
    if now.deploy and now.deploy.start == deed.start:
        return replace(now, deploy=replace(now.deploy, ticks={**now.deploy.ticks, deed.step: entry}))
    left = now.later.get(deed.step)
    if left and left.deed.target == deed.target:
        if deed.result is Result.FAILED:
            return replace(now, failed={**now.failed, deed.step: entry})
        later, failed = ({step: by for step, by in of.items() if step != deed.step} for of in (now.later, now.failed))
        return replace(now, later=later, failed=failed)
    return now


def _is_expired(lock: Record, now: datetime) -> bool:
    return lock.deed.until is not None and now >= lock.deed.until
