"""What a project's rules make of what was seen in a change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.review.backtest.model import EXEMPT, ChangeOutcome
from relbot.review.rules.evaluate import Author, apply_rules
from relbot.review.rules.model import set_reverts_aside

if TYPE_CHECKING:
    from collections.abc import Callable

    from relbot.config.model import Rules
    from relbot.review.backtest.model import ChangeRecord, PastChange

    IsUndeployed = Callable[[str, tuple[str, ...]], bool]
    """Whether none of these commits, which the first one takes back, was ever deployed."""


def evaluate_past_change(change: PastChange, trace: ChangeRecord, rules: Rules, is_undeployed: IsUndeployed) -> ChangeOutcome:
    """The outcome for one change. A labelled one is judged whoever made it: its label says whether that was a robot."""
    if change.label is None and change.authors and all(Author(names).is_among(rules.exempt) for names in change.authors):
        return ChangeOutcome(change, trace, EXEMPT)
    evaluation = apply_rules(trace.observed, rules)
    only_reverts = bool(evaluation.findings and trace.reverted) and is_undeployed(change.head, trace.reverted)
    if only_reverts:
        evaluation = set_reverts_aside(evaluation, trace.reverted)
    kept = () if only_reverts else evaluation.facts
    spoke = tuple((fact.level.value, fact.evidence) for fact in kept if fact.level.rank > 0)
    return ChangeOutcome(change, trace, evaluation.verdict.value, spoke, only_reverts)
