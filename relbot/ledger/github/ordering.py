"""Which events count. Pure, and the same for everybody: GitHub's numbers put all events into one order.

A fact (a tick, a done) always counts. What claims something (a begin, a lock, an unlock) counts only if its writer knew all
that had changed who may deploy what: so of two claims at once the first one counts, and its writer and the other's see the
same. That is compare-and-swap, with GitHub's numbering of comments as what decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.deploy.log.record import DeedKind
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relbot.ledger.github.event import LedgerEvent

CLAIMS = frozenset({DeedKind.BEGUN, DeedKind.ADOPTED, DeedKind.ABORTED, DeedKind.LOCKED, DeedKind.UNLOCKED})
_TURNS = CLAIMS | {DeedKind.ENDED}
"""What a claim has to have known."""


class OrderedEvents(NamedTuple):
    """The events that count, the numbers of those that do not, both in order, and the last event that claims have to know."""

    counted: tuple[LedgerEvent, ...]
    rejected: tuple[int, ...]
    last_claim: int


def order_events(events: Iterable[LedgerEvent], last_claim: int = 0) -> OrderedEvents:
    """Tells the events that count from claims that came too late, and from what arrived a second time.

    `last_claim` is the last event before these that claims have to know.
    """
    counted: list[LedgerEvent] = []
    rejected: list[int] = []
    keys: set[str] = set()
    for event in sorted(events, key=lambda each: each.number):
        key, seen, kind = event.record.key, event.record.seen, event.entry.deed.kind
        if key in keys or (kind in CLAIMS and last_claim > seen):
            rejected.append(event.number)
            continue
        keys.add(key)
        counted.append(event)
        if kind in _TURNS:
            last_claim = event.number
    return OrderedEvents(tuple(counted), tuple(rejected), last_claim)
