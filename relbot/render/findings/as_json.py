"""Findings for programs. The shape is that of `relbot schema findings`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from relbot.finding import Level

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relbot.finding import Finding

VERSION = 1

SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "relbot findings",
    "type": "object",
    "additionalProperties": False,
    "required": ["version", "findings"],
    "properties": {
        "version": {"const": VERSION},
        "findings": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["rule", "level", "path", "line", "column", "message", "evidence", "tip", "example", "link"],
                "properties": {
                    "rule": {"type": "string"},
                    "level": {"enum": [level.value for level in Level]},
                    "path": {"type": "string"},
                    "line": {"type": ["integer", "null"], "minimum": 1},
                    "column": {"type": ["integer", "null"], "minimum": 1},
                    "message": {"type": "string"},
                    "evidence": {"type": "array", "items": {"type": "string"}},
                    "tip": {"type": "string"},
                    "example": {"type": "string"},
                    "link": {"type": "string", "description": "Where the rule is explained; empty where that is not published."},
                },
            },
        },
    },
}


def render(findings: Sequence[Finding]) -> str:
    """One JSON object. Lone surrogates of odd file names are escaped, so that it is always valid UTF-8."""
    return json.dumps({"version": VERSION, "findings": [finding_data(finding) for finding in findings]}, indent=2) + "\n"


def finding_data(finding: Finding) -> dict[str, Any]:
    """A finding as JSON has it."""
    return {
        "rule": finding.rule,
        "level": finding.level.value,
        "path": finding.place.path,
        "line": finding.place.line,
        "column": finding.place.column,
        "message": finding.message,
        "evidence": list(finding.evidence),
        "tip": finding.tip,
        "example": finding.example,
        "link": finding.link,
    }
