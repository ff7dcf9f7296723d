"""Which records were slips. What was a slip has never been said: everything else follows from the records that are left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.deploy.log.graph import Lineage, record_hash
from relbot.deploy.log.record import STEP_KINDS, DeedKind
from relbot.deploy.log.record_order import record_key
from relbot.deploy.log.state import rename_step

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from relbot.deploy.log.record import Record


def find_slips(records: Iterable[Record], lineage: Lineage) -> dict[Record, Record]:
    """The deeds about steps that a MISTAKEN takes back, each with that MISTAKEN.

    It is the one that the MISTAKEN names by hash. Where it names none, it is the newest that its writer knew of the step, under
    any name of its change: of those that, as far as the writer knew, nobody had taken back yet.
    """
    known = tuple(records)
    slips: dict[Record, Record] = {}
    for mistaken in sorted((each for each in known if each.deed.kind is DeedKind.MISTAKEN), key=record_key):
        said, about = mistaken.deed, _deeds_about(known, mistaken.deed.step, mistaken.deed.host)
        if said.what:
            found = next((each for each in known if _is_deed(each) and record_hash(each) == said.what), None)
        else:
            mine = (each for each in about if lineage.has_seen(mistaken, each))
            found = next((each for each in mine if each not in slips or not lineage.has_seen(mistaken, slips[each])), None)
        if found:
            slips.setdefault(found, mistaken)
    return slips


def newest_deed(records: Iterable[Record], step: str, host: str = "", target: str = "") -> Record | None:
    """What was last recorded of a step, or of the one that takes it back, and was no slip: on a host, for a target, or ever."""
    known = tuple(records)
    slips = find_slips(known, Lineage(known))
    about = (each for each in _deeds_about(known, step, host) if target in ("", each.deed.target))
    return next((each for each in about if each not in slips), None)


def _deeds_about(records: Iterable[Record], step: str, host: str) -> Iterator[Record]:
    """What was recorded of a step under any name of its change, the newest first."""
    ordered = sorted(records, key=record_key)
    first: dict[str, str] = {}
    for old, new in (pair for each in ordered for pair in each.deed.renamed):
        first.setdefault(new, first.get(old, old))
    name = rename_step(step.removesuffix(":undo"), first)
    for each in reversed(ordered):
        same = _is_deed(each) and rename_step(each.deed.step.removesuffix(":undo"), first) == name
        if same and (not host or each.deed.host in ("", host)):
            yield each


def _is_deed(record: Record) -> bool:
    return record.deed.kind in STEP_KINDS and record.deed.kind is not DeedKind.MISTAKEN
