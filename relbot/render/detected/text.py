"""What a diff shows, for people: the verdict in a line, then each finding with its evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.finding import Level
from relbot.render.common.invisible_characters import make_visible, one_line
from relbot.render.common.units import format_commit
from relbot.review.rules.model import Verdict

if TYPE_CHECKING:
    from relbot.finding import Finding
    from relbot.render.detected import DetectedFacts

_MOST_LINES = 8
_VERDICTS = {
    Verdict.REQUIRE: "a note is required",
    Verdict.ASK: "a note is asked for",
    Verdict.CLEAN: "nothing that needs a note",
    Verdict.UNKNOWN: "unknown",
}
_LEVELS = {Level.ERROR: "require", Level.WARNING: "ask", Level.NOTE: "and"}


def render(detected: DetectedFacts) -> str:
    """Plain text. One line if there is nothing to tell."""
    judgement = detected.judgement
    lines = [f"{format_commit(detected.base)}..{format_commit(detected.head)}: {_VERDICTS[judgement.verdict]}."]
    lines += [f"Unknown: {one_line(what, 1000)}" for what in judgement.unknown]
    for finding in judgement.findings:
        lines += ["", *_finding_lines(finding)]
    if judgement.left_out:
        lines += ["", f"Not looked at: {one_line('; '.join(judgement.left_out), 1000)}."]
    if judgement.proposal is not None:
        lines += ["", "A fragment to begin with (`relbot new` writes one):", ""]
        lines += [f"    {make_visible(line)}".rstrip() for line in judgement.proposal.text.rstrip("\n").split("\n")]
    return "\n".join(lines) + "\n"


def _finding_lines(finding: Finding) -> list[str]:
    lines = [f"{one_line(str(finding.place))}: {_LEVELS[finding.level]} [{finding.rule}] {one_line(finding.message, 1000)}"]
    lines += [f"    {one_line(line, 300)}" for line in finding.evidence[:_MOST_LINES]]
    if len(finding.evidence) > _MOST_LINES:
        lines.append(f"    and {len(finding.evidence) - _MOST_LINES} more")
    return lines
