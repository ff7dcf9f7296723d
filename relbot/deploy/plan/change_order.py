"""In which order changes are done: `needs` first, then as they arrived. And what is wrong with what they need."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

from relbot.deploy.plan.difference import steps_of
from relbot.deploy.plan.renames import find_renames, known_names
from relbot.finding import Finding, Place
from relbot.fragment.location import in_natural_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from relbot.deploy.plan.changelog import Arrival, ChangeLog
    from relbot.fragment.model import Fragment, Phase

_Key = tuple[int, tuple[tuple[int, int, str], ...]]
NEEDS_MISSING = "needs-missing"
"""The rule of findings about changes that would run without what they need."""
EARLIEST = -(2**62)
"""The order of what arrived nobody knows when: before all that is known."""


def order_changes(fragments: Iterable[Fragment], arrivals: Mapping[str, Arrival]) -> tuple[list[Fragment], list[Finding]]:
    """The fragments in the order in which their steps are done, and a finding for each cycle among their `needs`.

    A topological order of `needs` within `fragments`; among those that are free, by arrival, then in natural order of
    the identities. It does not depend on the order of the input. A cycle is broken at its earliest fragment.
    """
    by_identity = {fragment.identity: fragment for fragment in fragments}
    keys = {identity: _change_key(identity, arrivals) for identity in by_identity}
    waiting = {i: {need for need in fragment.needs if need in by_identity} for i, fragment in by_identity.items()}
    needed_by: dict[str, list[str]] = {}
    for identity, needs in waiting.items():
        for need in needs:
            needed_by.setdefault(need, []).append(identity)
    free = [(keys[i], i) for i, needs in waiting.items() if not needs]
    heapq.heapify(free)
    ordered: list[Fragment] = []
    findings: list[Finding] = []
    while waiting:
        if not free:
            cycle = _find_cycle(waiting, keys)
            findings.append(_cycle_finding(cycle, by_identity[cycle[0]]))
            free.append((keys[cycle[0]], cycle[0]))
        _, identity = heapq.heappop(free)
        del waiting[identity]
        ordered.append(by_identity[identity])
        for other in needed_by.get(identity, ()):
            if other in waiting:
                waiting[other].remove(identity)
                if not waiting[other]:
                    heapq.heappush(free, (keys[other], other))
    return ordered, findings


def order_sensitive(fragments: Iterable[Fragment]) -> tuple[frozenset[str], frozenset[str]]:
    """The identities whose arrival decides about the order of steps, and those whose arrival decides about a split.

    The first have a step in a phase in which another one has one too; of the second, one needs the other.
    """
    fragments = tuple(fragments)
    together = {fragment.identity for fragment in fragments}
    in_phase: dict[Phase, set[str]] = {}
    related: set[str] = set()
    for fragment in fragments:
        for step in steps_of(fragment):
            in_phase.setdefault(step.phase, set()).add(fragment.identity)
        if needs := together.intersection(fragment.needs):
            related |= needs | {fragment.identity}
    return frozenset(i for each in in_phase.values() if len(each) > 1 for i in each), frozenset(related)


def _change_key(identity: str, arrivals: Mapping[str, Arrival]) -> _Key:
    arrival = arrivals.get(identity)
    return (arrival.order if arrival else EARLIEST, in_natural_order(identity))


def _find_cycle(waiting: dict[str, set[str]], keys: dict[str, _Key]) -> list[str]:
    """One cycle, beginning with its earliest fragment. Every fragment in `waiting` needs another of them."""
    path: list[str] = []
    seen: dict[str, int] = {}
    current = min(waiting, key=lambda i: keys[i])
    while current not in seen:
        seen[current] = len(path)
        path.append(current)
        current = min(waiting[current], key=lambda i: keys[i])
    cycle = path[seen[current] :]
    first = min(range(len(cycle)), key=lambda n: keys[cycle[n]])
    return cycle[first:] + cycle[:first]


def _cycle_finding(cycle: list[str], first: Fragment) -> Finding:
    names = " needs ".join(f"`{identity}`" for identity in [*cycle, cycle[0]])
    tip = "Remove one of them from `needs`, and make its steps work without it."
    return Finding(
        "needs-cycle", Place(first.path), f"These changes need each other, so none of them can be deployed first: {names}.", tip
    )


def unmet_needs(fragments: Mapping[str, Fragment], a: ChangeLog, b: ChangeLog) -> Iterator[Finding]:
    """Findings about those of the `fragments` of `b` that it would run without what they need.

    A fragment that both trees have without it is old news, and not told.
    """
    before, after = known_names(a), known_names(b) | find_renames(a, b).keys()
    for identity, fragment in sorted(fragments.items()):
        for need in fragment.needs:
            if need not in after and (identity not in before or need in before):
                what = "is taken back" if need in before else f"is not in {b.revision.name}"
                tip = f"Deploy a revision that has `{need}` first, or correct `needs`."
                message = f"`{identity}` needs `{need}`, which {what}."
                yield Finding(NEEDS_MISSING, Place(fragment.path), message, tip)
