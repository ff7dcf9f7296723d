"""What a project's rules make of what was seen in a change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.review.backtest.model import EXEMPT, ChangeOutcome
from relbot.review.rules.evaluate import Author, apply_rules

if TYPE_CHECKING:
    from relbot.config.model import Rules
    from relbot.review.backtest.model import ChangeRecord, PastChange


def evaluate_past_change(change: PastChange, trace: ChangeRecord, rules: Rules) -> ChangeOutcome:
    """The outcome for one change. A labelled one is judged whoever made it: its label says whether that was a robot."""
    if change.label is None and change.authors and all(Author(names).is_among(rules.exempt) for names in change.authors):
        return ChangeOutcome(change, trace, EXEMPT)
    evaluation = apply_rules(trace.observed, rules)
    spoke = tuple((fact.level.value, fact.evidence) for fact in evaluation.facts if fact.level.rank > 0)
    return ChangeOutcome(change, trace, evaluation.verdict.value, spoke)
