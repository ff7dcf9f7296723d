"""What a diff shows, for programs. The shape is that of `relbot schema detected`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from relbot.finding import Level
from relbot.review.rules.model import Verdict

if TYPE_CHECKING:
    from relbot.finding import Finding
    from relbot.render.detected import DetectedFacts

VERSION = 1
_LEVELS = {Level.ERROR: "require", Level.WARNING: "ask", Level.NOTE: "note"}

SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "relbot detected",
    "type": "object",
    "additionalProperties": False,
    "required": ["version", "base", "head", "verdict", "findings", "left_out", "unknown"],
    "properties": {
        "version": {"const": VERSION},
        "base": {"type": "string"},
        "head": {"type": "string"},
        "verdict": {"enum": [verdict.value for verdict in Verdict]},
        "findings": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["rule", "level", "path", "line", "message", "evidence", "tip"],
                "properties": {
                    "rule": {"type": "string"},
                    "level": {"enum": list(_LEVELS.values())},
                    "path": {"type": "string"},
                    "line": {"type": ["integer", "null"], "minimum": 1},
                    "message": {"type": "string"},
                    "evidence": {"type": "array", "items": {"type": "string"}},
                    "tip": {"type": "string"},
                },
            },
        },
        "left_out": {"type": "array", "items": {"type": "string"}},
        "unknown": {"type": "array", "items": {"type": "string"}},
    },
}


def render(detected: DetectedFacts) -> str:
    """One JSON object."""
    judgement = detected.judgement
    data = {
        "version": VERSION,
        "base": detected.base,
        "head": detected.head,
        "verdict": judgement.verdict.value,
        "findings": [detected_finding_data(finding) for finding in judgement.findings],
        "left_out": list(judgement.left_out),
        "unknown": list(judgement.unknown),
    }
    return json.dumps(data, indent=2) + "\n"


def detected_finding_data(finding: Finding) -> dict[str, Any]:
    """A finding as JSON has it."""
    return {
        "rule": finding.rule,
        "level": _LEVELS[finding.level],
        "path": finding.place.path,
        "line": finding.place.line,
        "message": finding.message,
        "evidence": list(finding.evidence),
        "tip": finding.tip,
    }
