"""Findings for programs. The shape is that of `relbot schema findings`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from relbot.finding import Level

if TYPE_CHECKING:
    from relbot.finding import Finding
    from relbot.review.reviewed import CheckReport
    from relbot.review.rules.model import Proposal

VERSION = 1

SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "relbot findings",
    "type": "object",
    "additionalProperties": False,
    "required": ["version", "findings", "proposal"],
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
        "proposal": {
            "type": ["object", "null"],
            "description": "The fragment that is missing, as far as the diff tells it; null where none is.",
            "additionalProperties": False,
            "required": ["path", "text", "questions"],
            "properties": {
                "path": {"type": "string"},
                "text": {"type": "string", "description": "Its author fills in the lines that begin with `FILL IN`."},
                "questions": {"type": "array", "items": {"type": "string"}},
            },
        },
    },
}


def render(report: CheckReport) -> str:
    """One JSON object. Lone surrogates of odd file names are escaped, so that it is always valid UTF-8."""
    found = [finding_data(finding) for finding in report.findings]
    return json.dumps({"version": VERSION, "findings": found, "proposal": _proposal_data(report.proposal)}, indent=2) + "\n"


def _proposal_data(proposal: Proposal | None) -> dict[str, Any] | None:
    if proposal is None:
        return None
    return {"path": proposal.path, "text": proposal.text, "questions": list(proposal.questions)}


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
