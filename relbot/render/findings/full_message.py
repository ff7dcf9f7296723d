"""A finding as one text, for formats that have a field for its message and none for the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from relbot.finding import Finding

_MOST_EVIDENCE = 20


def full_message(finding: Finding) -> str:
    """Joins, line by line, what is wrong, at most 20 lines of evidence, the reason of its level, tip, example and link."""
    parts = (finding.message, *finding.evidence[:_MOST_EVIDENCE], finding.unsaid_why, finding.tip, finding.example, finding.link)
    return "\n".join(part for part in parts if part)
