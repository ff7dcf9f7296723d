"""The formats of findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.render.common.media import Medium
from relbot.render.formats import FormatRegistry, OutputFormat

if TYPE_CHECKING:
    from relbot.review.reviewed import CheckReport


# A renderer is loaded when it is chosen: together they take longer than what is rendered.


def _render_text(report: CheckReport) -> str:
    from relbot.render.findings import text  # see above

    return text.render(report.findings)


def _render_json(report: CheckReport) -> str:
    from relbot.render.findings import as_json  # see above

    return as_json.render(report)


def _render_commands(report: CheckReport) -> str:
    from relbot.render.findings import workflow_commands  # see above

    return workflow_commands.render(report.findings)


def _render_sarif(report: CheckReport) -> str:
    from relbot.render.findings import sarif  # see above; this one loads the rulebook, too

    return sarif.render(report.findings)


FINDINGS_FORMATS: FormatRegistry[CheckReport] = FormatRegistry(
    "Findings",
    ("check",),
    (
        OutputFormat("text", "for people; empty without findings", Medium.TEXT, _render_text),
        OutputFormat("json", "for programs (schema: `relbot schema findings`)", Medium.JSON, _render_json),
        OutputFormat("github", "annotations in the log of a GitHub Actions workflow", Medium.COMMANDS, _render_commands),
        OutputFormat("sarif", "SARIF 2.1.0, for code scanning", Medium.JSON, _render_sarif),
    ),
)
