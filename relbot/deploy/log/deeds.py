"""What holds of one step, from all that was recorded of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.deploy.log.record import DeedKind
from relbot.deploy.log.record_order import record_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relbot.deploy.log.graph import Lineage
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


def reverses(record: Record) -> bool:
    """Whether a deed is about taking its step back."""
    return is_undo(own_id(record.deed))


def carried_out(record: Record, step: str) -> str:
    """The id of the step that was carried out, where the deed is one of `step`, whatever its fragment was called then."""
    forward = step.removesuffix(_UNDO)
    return inverse_id(forward) if reverses(record) else forward


def order_deeds(deeds: Iterable[Record], lineage: Lineage) -> tuple[Record, ...]:
    """The deeds of one step in the order in which they count.

    A FAILED comes last as long as nobody who knew it recorded something else: what somebody else reported at the same time,
    without knowing it, does not mend it.
    """
    ordered = sorted(deeds, key=record_key)
    failures = [each for each in ordered if each.deed.kind is DeedKind.FAILED]
    unseen = [failed for failed in failures if _is_unseen(failed, ordered, lineage)]
    return (*(each for each in ordered if each not in unseen), *unseen)


def _is_unseen(failed: Record, deeds: Iterable[Record], lineage: Lineage) -> bool:
    """Whether nobody who recorded something else of the step there knew that it had failed."""
    others = (each for each in deeds if each is not failed and each.deed.kind is not DeedKind.STARTED)
    there = (each for each in others if not (each.deed.host and failed.deed.host) or each.deed.host == failed.deed.host)
    return not any(lineage.has_seen(each, failed) for each in there)


def effective_deed(deeds: Iterable[Record], step: str) -> Record | None:
    """The deed that tells how the step of that id stands, None if nothing does.

    `deeds` are those of it and its inverse, under every name that its change had.

    The newest one that is no STARTED, with two exceptions, since to skip something changes nothing: after a DONE of a step
    its SKIPPED tells nothing, and the SKIPPED of its inverse never does.
    """
    holds: Record | None = None
    for record in deeds:
        kind, own = record.deed.kind, reverses(record) == is_undo(step)
        if kind is DeedKind.STARTED or (kind is DeedKind.SKIPPED and not own):
            continue
        settled = holds is not None and reverses(holds) == is_undo(step) and holds.deed.kind is not DeedKind.FAILED
        if not (kind is DeedKind.SKIPPED and settled):
            holds = record
    return holds


def started_deed(deeds: Iterable[Record]) -> Record | None:
    """The STARTED after which nothing else was recorded of the step: somebody is at it."""
    last = next(reversed(tuple(deeds)), None)
    return last if last and last.deed.kind is DeedKind.STARTED else None
