"""What a diff shows, for people: the verdict in a line, then each finding with its evidence."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from relbot.detect.engine.facts import FactLevel
from relbot.finding import Level, drop_said_sentences
from relbot.render.common.invisible_characters import make_visible, one_line
from relbot.render.common.units import format_commit
from relbot.render.findings.text import evidence_lines
from relbot.review.rules.model import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relbot.finding import Finding
    from relbot.review.reviewed import DetectedFacts
    from relbot.review.rules.levels import GradedFact
    from relbot.review.rules.model import SetAside

_MOST_NOTES = 5
"""More notes than these are folded into one line."""
_VERDICTS = {
    Verdict.REQUIRE: "a note is required",
    Verdict.ASK: "a note is asked for",
    Verdict.CLEAN: "no note is needed",
    Verdict.UNKNOWN: "unknown",
}
_LEVELS = {Level.ERROR: "required", Level.WARNING: "question", Level.NOTE: "for information"}


def render(detected: DetectedFacts) -> str:
    """Plain text: the verdict in a line, the findings, the facts that ask for nothing, and a fragment to begin with."""
    evaluation = detected.evaluation
    lines = [f"{format_commit(detected.base)}..{format_commit(detected.head)}: {_VERDICTS[evaluation.verdict]}."]
    lines += [f"Unknown: {one_line(what, 1000)}" for what in evaluation.unknown]
    for finding in evaluation.findings:
        lines += ["", *_finding_lines(finding)]
    lines += _note_lines([fact for fact in evaluation.facts if fact.level is FactLevel.NOTE])
    lines += _set_aside_lines(evaluation.set_aside)
    if evaluation.left_out:
        lines += ["", f"Not checked: {one_line('; '.join(evaluation.left_out), 1000)}."]
    if evaluation.proposal is not None:
        lines += ["", "A draft of the fragment (`relbot new` writes it):", ""]
        lines += [f"    {make_visible(line)}".rstrip() for line in evaluation.proposal.text.rstrip("\n").split("\n")]
    return "\n".join(lines) + "\n"


def _set_aside_lines(set_aside: Sequence[SetAside]) -> list[str]:
    """What would have been found, by its reason for not counting."""
    by_reason: dict[str, list[str]] = {}
    for each in set_aside:
        place = one_line(str(each.finding.place))
        by_reason.setdefault(each.reason, []).append(f"  {place}: [{one_line(each.finding.fact or each.finding.rule)}]")
    return [line for reason, found in by_reason.items() for line in ("", f"Set aside: {one_line(reason, 1000)}", *found)]


def _note_lines(notes: Sequence[GradedFact]) -> list[str]:
    """The facts that ask for nothing: each with its reason, or, where there are many, how often each fact was seen."""
    if not notes:
        return []
    if len(notes) <= _MOST_NOTES:
        lines = [f"  {one_line(note.evidence.path)}: [{note.evidence.id}] {_note_sentences(note)}" for note in notes]
        return ["", "For information:", *lines]
    counts = Counter(note.evidence.id for note in notes)
    named = ", ".join(f"{fact} ({count})" if count > 1 else fact for fact, count in counts.most_common())
    return ["", f"For information, {len(notes)} facts that need no note: {one_line(named, 1000)}."]


def _note_sentences(note: GradedFact) -> str:
    message = note.evidence.message
    return one_line(f"{message} {drop_said_sentences(note.why, message)}".rstrip(), 1000)


def _finding_lines(finding: Finding) -> list[str]:
    head = f"{one_line(str(finding.place))}: {_LEVELS[finding.level]} [{one_line(finding.fact or finding.rule)}]"
    return [f"{head} {one_line(finding.message, 1000)}", *evidence_lines(finding)]
