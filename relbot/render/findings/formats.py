"""The formats of findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.render.common.media import Medium
from relbot.render.findings import as_json, text, workflow_commands
from relbot.render.formats import FormatRegistry, OutputFormat

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relbot.finding import Finding


def _render_sarif(findings: Sequence[Finding]) -> str:
    from relbot.render.findings import sarif  # loads the rulebook, which no other format shows

    return sarif.render(findings)


FINDINGS_FORMATS: FormatRegistry[Sequence[Finding]] = FormatRegistry(
    "Findings",
    ("check",),
    (
        OutputFormat("text", "for people; nothing if there is no finding", Medium.TEXT, text.render),
        OutputFormat("json", "for programs (schema: `relbot schema findings`)", Medium.JSON, as_json.render),
        OutputFormat("github", "annotations in the log of a GitHub Actions workflow", Medium.COMMANDS, workflow_commands.render),
        OutputFormat("sarif", "SARIF 2.1.0, for code scanning", Medium.JSON, _render_sarif),
    ),
)
