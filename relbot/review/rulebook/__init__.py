"""Every rule that relbot reports, as data: what `relbot explain` prints and docs/rules.md is made of."""

from __future__ import annotations

from relbot.review.rulebook.files import FILE_RULES
from relbot.review.rulebook.keys import KEY_RULES
from relbot.review.rulebook.model import Example, File, Rule
from relbot.review.rulebook.notes import NOTE_RULES
from relbot.review.rulebook.sets import SET_RULES
from relbot.review.rulebook.steps import STEP_RULES
from relbot.review.rulebook.texts import TEXT_RULES
from relbot.review.rulebook.tools import TOOL_RULES

__all__ = ["RULES", "Example", "File", "Rule"]

RULES = {rule.id: rule for rule in (*FILE_RULES, *KEY_RULES, *TEXT_RULES, *STEP_RULES, *SET_RULES, *NOTE_RULES, *TOOL_RULES)}
"""By id, in the order of the documentation."""
