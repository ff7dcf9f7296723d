"""Explains rules: those of fragments, and the facts of the detectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.errors import UsageError
from relbot.review.rulebook import RULES
from relbot.review.rulebook.detectors import detector_rules, fact_rules
from relbot.schema.faults import nearest_word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from relbot.review.rulebook.model import Rule


def list_rules() -> Mapping[str, Rule]:
    """All rules by their ids, in the order of the documentation."""
    return RULES | detector_rules()


def explain_rule(rule: str) -> Rule:
    """The rule or fact of this id: what it reports, why it exists, a wrong and a right example. UsageError if there is none."""
    rules = {**list_rules(), **fact_rules()}
    if rule not in rules:
        meant = [name for name in rules if name.endswith(f"/{rule}")] or list(filter(None, [nearest_word(rule, list(rules))]))
        guess = f"Did you mean {' or '.join(f'`{name}`' for name in meant)}? " if meant else ""
        raise UsageError(f"There is no rule `{rule}`.", tip=f"{guess}To list all rules:", example="relbot explain")
    return rules[rule]
