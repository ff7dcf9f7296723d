"""The order in which the records of a ledger count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.deploy.log.graph import Lineage
from relbot.deploy.log.record import DeedKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relbot.deploy.log.record import Record


def sort_records(records: Iterable[Record]) -> list[Record]:
    """By what their writers knew of each other; where they knew nothing, by their clocks. The same on every machine.

    An ENDED comes after a BEGUN of another target from the same start where neither writer knew of the other: who began has
    been told so, and the deploy that was replaced does not end any more.
    """
    known = tuple(records)
    return sort_with_lineage(known, Lineage(known))


def sort_with_lineage(records: Iterable[Record], lineage: Lineage) -> list[Record]:
    """The same, where the lineage of the records is known already."""
    ordered = sorted(records, key=record_key)
    begun = [each for each in ordered if each.deed.kind is DeedKind.BEGUN]
    for end in [each for each in ordered if each.deed.kind is DeedKind.ENDED]:
        same_start = (each for each in begun if each.deed.start == end.deed.start and each.deed.target != end.deed.target)
        at_once = [each for each in same_start if not (lineage.has_seen(end, each) or lineage.has_seen(each, end))]
        last = max((ordered.index(each) for each in at_once), default=-1)
        if last > (at := ordered.index(end)):
            ordered.insert(last, ordered.pop(at))
    return ordered


def record_key(record: Record) -> tuple[object, ...]:
    """By what one record comes before another: what their writers knew, then their clocks."""
    who, deed = record.who, record.deed
    about = deed.kind, deed.step, deed.host, deed.target, deed.reason, deed.what
    return record.order, record.time, who.name, who.email, who.host, *about
