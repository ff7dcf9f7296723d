"""The words that every checklist shares: numbers, times, revisions, and whether there is a way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.deploy.plan.model import Reversibility
from relbot.render.common.units import format_commit, format_duration, list_steps

if TYPE_CHECKING:
    from relbot.deploy.plan.changelog import Revision
    from relbot.deploy.plan.model import Plan, Total, WayBack


_UNREAD = "there may be steps that are not on this list"


def format_revision(revision: Revision) -> str:
    """A revision as it was called, with the beginning of its commit where that says more."""
    return format_commit(revision.commit, revision.name)


def duration_sentences(plan: Plan) -> list[str]:
    """Sentences about how long it takes and for how long users notice, as far as the steps state it."""
    said = []
    if plan.duration.stated:
        said.append(f"Takes {_total_duration(plan.duration)}.")
    if plan.downtime.stated:
        said.append(f"Users notice for {format_duration(plan.downtime.seconds)}.")
    return said


def _total_duration(total: Total) -> str:
    if not total.unstated:
        return format_duration(total.seconds)
    silent = "1 step does" if total.unstated == 1 else f"{total.unstated} steps do"
    return f"{format_duration(total.seconds)}, and {silent} not say how long"


def rollback_sentence(way: WayBack, *, undoing: bool) -> str:
    """The verdict in a sentence. `undoing`: of steps that this plan takes back; else of those that it does."""
    by_hand = f"; nobody has said how to take back {list_steps(way.by_hand)}" if way.by_hand else ""
    if undoing:
        if way.verdict is Reversibility.IMPOSSIBLE:
            return f"NOT POSSIBLE: nothing takes back what {list_steps(way.no_return)} should{by_hand}."
        unsaid = (
            f"nobody has said how {list_steps(way.by_hand)} {'is' if len(way.by_hand) == 1 else 'are'} done" if by_hand else ""
        )
        if way.verdict is Reversibility.UNKNOWN:
            return f"NOT KNOWN: {'; '.join(filter(None, (_UNREAD, unsaid)))}."
        if way.verdict is Reversibility.NEEDS_WORK:
            return f"NEEDS WORK: {unsaid}."
        return "SAFE: every step says how."
    if way.verdict is Reversibility.IMPOSSIBLE:
        return f"NONE BEYOND STEP {way.no_return[0]}: nothing takes back {list_steps(way.no_return)}{by_hand}."
    known = f"take back {list_steps(way.undo)}{by_hand}" if way.undo else by_hand.removeprefix("; ")
    if way.verdict is Reversibility.UNKNOWN:
        return f"NOT KNOWN: {'; '.join(filter(None, (_UNREAD, known)))}."
    if way.verdict is Reversibility.NEEDS_WORK:
        return f"NEEDS WORK: {known}."
    return (
        f"SAFE: take back {list_steps(way.undo)}, in that order."
        if len(way.undo) > 1
        else f"SAFE: take back {list_steps(way.undo)}."
    )
