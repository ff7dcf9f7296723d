"""What holds of one step, from all that was recorded of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.deploy.log.graph import record_hash
from relbot.deploy.log.record import DeedKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relbot.deploy.log.record import Deed, Record

_UNDO = ":undo"


def inverse_id(step: str) -> str:
    """The id of the step that takes back the one of that id. What has no such step has an id that no step has."""
    return step.removesuffix(_UNDO) if step.endswith(_UNDO) else f"{step}{_UNDO}"


def is_undo(step: str) -> bool:
    """Whether the id is that of a step that takes another one back."""
    return step.endswith(_UNDO)


def own_id(deed: Deed) -> str:
    """The id of the step that was carried out: an UNDONE of `x#1` is what the step `x#1:undo` does."""
    if deed.kind is DeedKind.UNDONE and not is_undo(deed.step):
        return inverse_id(deed.step)
    return deed.step


def live_deeds(deeds: Iterable[Record]) -> list[Record]:
    """The deeds of one step, the earliest first, without those that a MISTAKEN takes back."""
    live: list[Record] = []
    for record in deeds:
        if record.deed.kind is not DeedKind.MISTAKEN:
            live.append(record)
            continue
        slips = [each for each in live if record.deed.what in ("", record_hash(each))]
        if slips:
            live.remove(slips[-1])
    return live


def effective_deed(deeds: Iterable[Record], step: str) -> Record | None:
    """The deed that tells how the step of that id stands, None if nothing does. `deeds` are those of it and its inverse.

    The newest one that is no STARTED, with two exceptions, since to skip something changes nothing: after a DONE of a step
    its SKIPPED tells nothing, and the SKIPPED of its inverse never does.
    """
    holds: Record | None = None
    for record in live_deeds(deeds):
        kind, own = record.deed.kind, own_id(record.deed) == step
        if kind is DeedKind.STARTED or (kind is DeedKind.SKIPPED and not own):
            continue
        settled = holds is not None and own_id(holds.deed) == step and holds.deed.kind is not DeedKind.FAILED
        if not (kind is DeedKind.SKIPPED and settled):
            holds = record
    return holds


def started_deed(deeds: Iterable[Record]) -> Record | None:
    """The STARTED after which nothing else was recorded of the step: somebody is at it."""
    live = live_deeds(deeds)
    return live[-1] if live and live[-1].deed.kind is DeedKind.STARTED else None
