"""Expand and contract: a change and what it needs must not reach production in one deploy."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from relbot.deploy.plan.change_order import EARLIEST
from relbot.deploy.plan.changelog import Arrival, Revision
from relbot.deploy.plan.model import Split, StepKind
from relbot.finding import Finding, Place
from relbot.fragment.location import in_natural_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from relbot.fragment.model import Fragment

TOGETHER = "needs-together"
"""The rule of findings about changes between which no revision lies."""
_UNKNOWN = Arrival(EARLIEST, "")


def find_splits(
    fragments: Iterable[Fragment], arrivals: Mapping[str, Arrival], kind: StepKind
) -> tuple[list[Split], list[Finding]]:
    """Where a deploy of all these fragments has to stop, and findings where no revision lies between two of them.

    As few stops as possible: each is the last commit before a fragment arrives that needs one that came since the
    stop before. Of `kind` undo the same stops, last first: whoever takes both back passes through them the other way.
    """
    together = {fragment.identity for fragment in fragments}
    ordered = sorted(fragments, key=lambda f: (arrivals.get(f.identity, _UNKNOWN).order, in_natural_order(f.identity)))
    found: list[Split] = []
    findings: list[Finding] = []
    earlier: set[str] = set()  # what has arrived before the group
    leg: set[str] = set()  # of that, what came since the last stop
    stop = previous = _UNKNOWN
    for arrival, group in groupby(ordered, key=lambda f: arrivals.get(f.identity, _UNKNOWN)):
        arrived = list(group)
        if any(need in leg for fragment in arrived for need in fragment.needs):
            stop, leg = previous, set()
        for fragment in arrived:
            needs = [need for need in fragment.needs if need in together]
            if before := tuple(need for need in needs if need in earlier):
                at = Revision(stop.commit[:12], stop.commit) if stop.commit else None
                found.append(Split(fragment.identity, before, kind, at))
            findings += [_unsplittable(fragment, need, arrivals) for need in needs if need not in earlier]
        names = {fragment.identity for fragment in arrived}
        earlier |= names
        leg |= names
        previous = arrival
    return (found if kind is StepKind.DO else found[::-1]), findings


def is_about_need(finding: Finding, change: str, need: str) -> bool:
    """Whether a finding says that no revision lies between a change and one that it needs."""
    return finding.rule == TOGETHER and finding.changes == (change, need)


def _unsplittable(fragment: Fragment, need: str, arrivals: Mapping[str, Arrival]) -> Finding:
    own, other = arrivals.get(fragment.identity), arrivals.get(need)
    message = f"`{fragment.identity}` needs an earlier deploy to bring `{need}`, "
    if own is None or other is None:
        message += "and the history here does not tell which arrived first."
        tip = "Fetch the rest of the history: git fetch --unshallow"
    elif own.commit == other.commit:
        message += f"but both arrived with the commit {own.commit[:12]}."
        tip = "Revert one of them and merge it again later, or correct `needs`."
    else:
        message += f"but that arrived later, with the commit {other.commit[:12]}."
        tip = f"Revert `{fragment.identity}` and merge it again later, or correct `needs`."
    return Finding(TOGETHER, Place(fragment.path), message, tip, changes=(fragment.identity, need))
