"""The formats of findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.render.common.media import Medium
from relbot.render.findings import as_json, text, workflow_commands
from relbot.render.formats import FormatRegistry, OutputFormat

if TYPE_CHECKING:
    from relbot.review.reviewed import CheckReport


def _render_text(report: CheckReport) -> str:
    return text.render(report.findings)


def _render_commands(report: CheckReport) -> str:
    return workflow_commands.render(report.findings)


def _render_sarif(report: CheckReport) -> str:
    from relbot.render.findings import sarif  # loads the rulebook, which no other format shows

    return sarif.render(report.findings)


FINDINGS_FORMATS: FormatRegistry[CheckReport] = FormatRegistry(
    "Findings",
    ("check",),
    (
        OutputFormat("text", "for people; nothing if there is no finding", Medium.TEXT, _render_text),
        OutputFormat("json", "for programs (schema: `relbot schema findings`)", Medium.JSON, as_json.render),
        OutputFormat("github", "annotations in the log of a GitHub Actions workflow", Medium.COMMANDS, _render_commands),
        OutputFormat("sarif", "SARIF 2.1.0, for code scanning", Medium.JSON, _render_sarif),
    ),
)
