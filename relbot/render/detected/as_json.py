"""What a diff shows, for programs. The shape is that of `relbot schema detected`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from relbot.detect.engine.facts import FactScope
from relbot.detect.engine.registry import fact_of
from relbot.finding import Level
from relbot.review.rules.model import Verdict

if TYPE_CHECKING:
    from relbot.finding import Finding
    from relbot.review.reviewed import DetectedFacts
    from relbot.review.rules.levels import GradedFact
    from relbot.review.rules.model import SetAside

VERSION = 1
_LEVELS = {Level.ERROR: "require", Level.WARNING: "ask", Level.NOTE: "note"}

SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "relbot detected",
    "type": "object",
    "additionalProperties": False,
    "required": ["version", "base", "head", "verdict", "findings", "facts", "set_aside", "left_out", "unknown"],
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
                "required": ["rule", "fact", "level", "why", "path", "line", "message", "evidence", "tip"],
                "properties": {
                    "rule": {"type": "string"},
                    "fact": {"type": "string"},
                    "level": {"enum": list(_LEVELS.values())},
                    "why": {"type": "string"},
                    "path": {"type": "string"},
                    "line": {"type": ["integer", "null"], "minimum": 1},
                    "message": {"type": "string"},
                    "evidence": {"type": "array", "items": {"type": "string"}},
                    "tip": {"type": "string"},
                },
            },
        },
        "facts": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["fact", "level", "why", "changed_by", "scope", "subjects", "path", "line", "message", "evidence"],
                "properties": {
                    "fact": {"type": "string"},
                    "level": {"enum": list(_LEVELS.values())},
                    "why": {"type": "string"},
                    "changed_by": {"type": "string"},
                    "scope": {"enum": [*(scope.value for scope in FactScope), ""]},
                    "subjects": {"type": "array", "items": {"type": "string"}},
                    "path": {"type": "string"},
                    "line": {"type": ["integer", "null"], "minimum": 1},
                    "message": {"type": "string"},
                    "evidence": {"type": "array", "items": {"type": "string"}},
                },
            },
        },
        "set_aside": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["fact", "path", "line", "reason", "by"],
                "properties": {
                    "fact": {"type": "string"},
                    "path": {"type": "string"},
                    "line": {"type": ["integer", "null"], "minimum": 1},
                    "reason": {"type": "string"},
                    "by": {"type": "string", "description": "A fragment's path, or `revert`."},
                },
            },
        },
        "left_out": {"type": "array", "items": {"type": "string"}},
        "unknown": {"type": "array", "items": {"type": "string"}},
    },
}


def render(detected: DetectedFacts) -> str:
    """One JSON object."""
    evaluation = detected.evaluation
    data = {
        "version": VERSION,
        "base": detected.base,
        "head": detected.head,
        "verdict": evaluation.verdict.value,
        "findings": [detected_finding_data(finding) for finding in evaluation.findings],
        "facts": [_detected_fact_data(fact) for fact in evaluation.facts],
        "set_aside": [_set_aside_data(each) for each in evaluation.set_aside],
        "left_out": list(evaluation.left_out),
        "unknown": list(evaluation.unknown),
    }
    return json.dumps(data, indent=2) + "\n"


def detected_finding_data(finding: Finding) -> dict[str, Any]:
    """A finding as JSON has it."""
    return {
        "rule": finding.rule,
        "fact": finding.fact,
        "level": _LEVELS[finding.level],
        "why": finding.why,
        "path": finding.place.path,
        "line": finding.place.line,
        "message": finding.message,
        "evidence": list(finding.evidence),
        "tip": finding.tip,
    }


def _set_aside_data(aside: SetAside) -> dict[str, Any]:
    found = aside.finding
    return {
        "fact": found.fact or found.rule,
        "path": found.place.path,
        "line": found.place.line,
        "reason": aside.reason,
        "by": aside.by,
    }


def _detected_fact_data(fact: GradedFact) -> dict[str, Any]:
    seen, declared = fact.evidence, fact_of(fact.evidence)
    return {
        "fact": seen.id,
        "level": fact.level.value,
        "why": fact.why,
        "changed_by": fact.changed_by,
        "scope": declared.scope.value if declared else "",
        "subjects": list(seen.subjects),
        "path": seen.path,
        "line": seen.line,
        "message": seen.message,
        "evidence": list(seen.details),
    }
