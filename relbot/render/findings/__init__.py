"""Findings as text, JSON, GitHub annotations and SARIF."""

from __future__ import annotations

from collections import Counter
from importlib import import_module
from typing import TYPE_CHECKING

from relbot.render.common.units import count_noun

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relbot.finding import Finding

FINDINGS_FORMATS = ("text", "json", "github", "sarif")


def render_findings(findings: Sequence[Finding], form: str) -> str:
    """The findings in one of `FORMATS`, ending in a line end; "" where the format says nothing about no findings."""
    text: str = import_module(f"relbot.render.findings.{form}").render(findings)
    return text


def count_levels(findings: Sequence[Finding]) -> str:
    """`2 errors, 1 warning`."""
    counts = Counter(finding.level for finding in findings)
    return ", ".join(count_noun(count, level) for level, count in sorted(counts.items()))
