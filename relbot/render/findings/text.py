"""Findings for people: place, rule and what is wrong on one line that editors can jump to; below it what is right."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from relbot.render.common.invisible_characters import make_visible, one_line
from relbot.render.common.units import count_noun

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relbot.finding import Finding

_MOST_EVIDENCE = 8
_COMMANDS = ("relbot ", "git ")
"""How an example begins that is a command to run as it stands."""


def render(findings: Sequence[Finding]) -> str:
    """Plain text, a block a finding and a line that counts them."""
    if not findings:
        return ""
    blocks = ["\n".join(_finding_lines(finding)) for finding in findings]
    rules = sorted({finding.rule for finding in findings})
    more = f"relbot explain {rules[0]}" if len(rules) == 1 else f"relbot explain RULE, for example {rules[0]}"
    return "\n\n".join(blocks) + f"\n\n{count_levels(findings)}. More about a rule: {one_line(more)}\n"


def evidence_lines(finding: Finding) -> list[str]:
    """The first lines of the evidence of a finding, and why it has its level, indented."""
    lines = [f"    {one_line(line, 300)}" for line in finding.evidence[:_MOST_EVIDENCE]]
    if len(finding.evidence) > _MOST_EVIDENCE:
        lines.append(f"    and {len(finding.evidence) - _MOST_EVIDENCE} more")
    if finding.unsaid_why:
        lines.append(f"    Why: {one_line(finding.unsaid_why, 1000)}")
    return lines


def _finding_lines(finding: Finding) -> list[str]:
    lines = [f"{one_line(str(finding.place))}: {finding.level} [{one_line(finding.rule)}] {one_line(finding.message, 1000)}"]
    lines += evidence_lines(finding)
    if finding.tip:
        lines.append(f"    {one_line(finding.tip, 1000)}")
    if finding.example:
        lines.append("    Run:" if finding.example.startswith(_COMMANDS) else "    For example:")
        lines += [f"        {make_visible(line)}".rstrip() for line in finding.example.split("\n")]
    if finding.link:
        lines.append(f"    {finding.link}")
    return lines


def count_levels(findings: Sequence[Finding]) -> str:
    """Counts findings by level, the gravest first: `2 errors, 1 warning`."""
    counts = Counter(finding.level for finding in findings)
    return ", ".join(count_noun(count, level) for level, count in sorted(counts.items()))
