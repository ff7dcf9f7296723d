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


def render(findings: Sequence[Finding]) -> str:
    """One workflow command a line."""
    return "".join(f"{_workflow_command(finding)}\n" for finding in findings)


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
