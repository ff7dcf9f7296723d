"""Findings as workflow commands, which GitHub Actions turns into annotations.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions; the escapes are those of its toolkit:
an unescaped line end would let a fragment issue commands of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.finding import Level
from relbot.render.common.invisible_characters import make_visible
from relbot.render.findings.full_message import full_message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relbot.finding import Finding

_COMMANDS = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "notice"}


MOST_SHOWN = 10
"""Annotations of one level that GitHub shows of a step (actions/toolkit #734); the log has the others."""


def render(findings: Sequence[Finding]) -> str:
    """Returns one workflow command a line, the gravest first, and a last one if GitHub will not show all of them."""
    levels = tuple(Level)
    ordered = sorted(findings, key=lambda finding: levels.index(finding.level))
    counts = {level: sum(finding.level is level for finding in ordered) for level in levels}
    hidden = [f"{MOST_SHOWN} of {count} {_COMMANDS[level]}s" for level, count in counts.items() if count > MOST_SHOWN]
    lines = [_workflow_command(finding) for finding in ordered]
    if hidden:
        text = f"GitHub shows {' and '.join(hidden)} beside the lines. The summary of this run and its log have all of them."
        # Before the notices: of those, too, GitHub shows the first ten.
        lines.insert(len(ordered) - counts[Level.NOTE], f"::notice title=relbot::{_escape_data(text)}")
    return "".join(f"{line}\n" for line in lines)


def _workflow_command(finding: Finding) -> str:
    properties = {
        "file": finding.place.path,
        "line": finding.place.line,
        "col": finding.place.column,
        "title": f"relbot: {finding.rule}",
    }
    listed = ",".join(f"{name}={_escape_property(str(value))}" for name, value in properties.items() if value is not None)
    message = full_message(finding)
    return f"::{_COMMANDS[finding.level]} {listed}::{_escape_data(message)}"


def _escape_data(text: str) -> str:
    return make_visible(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape_data(text).replace(":", "%3A").replace(",", "%2C")
