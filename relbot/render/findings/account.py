"""How the verdict on a change set came about, for people: every fact that was seen, its level, and why it has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.facts import FactLevel
from relbot.finding import drop_said_sentences
from relbot.render.common.invisible_characters import one_line
from relbot.render.common.units import count_noun, format_commit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.review.reviewed import ReviewedChangeSet
    from relbot.review.rules.levels import GradedFact

_LEVELS = {FactLevel.REQUIRE: "required", FactLevel.ASK: "question", FactLevel.NOTE: "for information"}


def render_account(reviewed: ReviewedChangeSet) -> str:
    """Plain text: where the change set begins, what was seen in it, what was set aside, and what was not looked at."""
    return "\n".join(_account_lines(reviewed)) + "\n"


def _account_lines(reviewed: ReviewedChangeSet) -> Iterator[str]:
    evaluation = reviewed.evaluation
    yield f"The change set begins at {format_commit(reviewed.start)}, and the rules are those of its base."
    if reviewed.exempt:
        yield "`exempt` in the [rules] of the base names its author, so no rule asks for a fragment."
        return
    fragments, facts = count_noun(len(reviewed.fragments), "valid fragment"), count_noun(len(evaluation.facts), "fact")
    yield f"It adds or edits {fragments}. Its diff shows {facts}{':' if evaluation.facts else '.'}"
    for fact in evaluation.facts:
        place = f"{one_line(fact.evidence.path)}{f':{fact.evidence.line}' if fact.evidence.line else ''}"
        yield f"  {place}: {_LEVELS[fact.level]} [{fact.evidence.id}] {one_line(_sentences(fact), 1000)}"
    for each in evaluation.set_aside:
        what = one_line(each.finding.fact or each.finding.rule)
        yield f"  {one_line(str(each.finding.place))}: set aside [{what}] by {one_line(each.by)}: {one_line(each.reason, 1000)}"
    if evaluation.left_out:
        yield f"Not checked: {one_line('; '.join(evaluation.left_out), 1000)}."


def _sentences(fact: GradedFact) -> str:
    """What was seen, and why that has its level; where the first says the second, only the first."""
    message = fact.evidence.message
    return f"{message} {drop_said_sentences(fact.why, message)}".rstrip()
