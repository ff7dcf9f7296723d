"""The words that every checklist shares: numbers, times, revisions, and whether there is a way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from relbot.deploy.plan.model import Reversibility
from relbot.render.common.units import format_commit, format_duration, list_steps

if TYPE_CHECKING:
    from relbot.deploy.plan.changelog import Revision
    from relbot.deploy.plan.model import Plan, Total, WayBack


_UNREAD = "this list may lack steps"


def format_revision(revision: Revision) -> str:
    """A revision as it was called, with the beginning of its commit where that says more."""
    return format_commit(revision.commit, revision.name)


def duration_sentences(plan: Plan) -> list[str]:
    """Sentences about how long it takes and for how long users notice, as far as the steps state it."""
    said = []
    if plan.duration.stated:
        said.append(f"Takes {_total_duration(plan.duration)}.")
    if plan.downtime.stated:
        said.append(f"Expected downtime: {format_duration(plan.downtime.seconds)}.")
    return said


def _total_duration(total: Total) -> str:
    if not total.unstated:
        return format_duration(total.seconds)
    silent = "1 step does" if total.unstated == 1 else f"{total.unstated} steps do"
    return f"{format_duration(total.seconds)}, and {silent} not say how long"


def rollback_sentence(way: WayBack) -> str:
    """Says whether what the plan does can be undone, as in `Rollback: safe (undo step 1)`."""
    order = ", in this order" if len(way.undo) > 1 else ""
    undo = f"undo {list_steps(way.undo)}{order}" if way.undo else ""
    unsaid = f"no undo is given for {list_steps(sorted(way.by_hand))}" if way.by_hand else ""
    known = "; ".join(filter(None, (undo, unsaid)))
    match way.verdict:
        case Reversibility.SAFE:
            return f"Rollback: safe ({undo})."
        case Reversibility.NEEDS_WORK:
            return f"Rollback: needs preparation ({known})."
        case Reversibility.UNKNOWN:
            return f"Rollback: unknown ({'; '.join(filter(None, (_UNREAD, known)))})."
        case Reversibility.IMPOSSIBLE:
            reasons = "; ".join(filter(None, (f"nothing can undo {list_steps(way.no_return)}", unsaid)))
            return f"Rollback: not possible after step {way.no_return[0]} ({reasons})."
        case _:
            assert_never(way.verdict)


def undoing_sentence(way: WayBack) -> str:
    """Says whether the plan can undo what it has to, as in `Undo: safe (every step says how)`."""
    unsaid = f"no undo is given in {list_steps(sorted(way.by_hand))}" if way.by_hand else ""
    match way.verdict:
        case Reversibility.SAFE:
            return "Undo: safe (every step says how)."
        case Reversibility.NEEDS_WORK:
            return f"Undo: needs preparation ({unsaid})."
        case Reversibility.UNKNOWN:
            return f"Undo: unknown ({'; '.join(filter(None, (_UNREAD, unsaid)))})."
        case Reversibility.IMPOSSIBLE:
            takes = "takes" if len(way.no_return) == 1 else "take"
            lost = f"what {list_steps(way.no_return)} {takes} back cannot be undone"
            reasons = "; ".join(filter(None, (lost, unsaid)))
            return f"Undo: not possible ({reasons})."
        case _:
            assert_never(way.verdict)
