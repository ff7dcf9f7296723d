"""Findings as SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/), for code scanning."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from relbot._version import __version__, documentation_link
from relbot.render.findings.full_message import full_message
from relbot.review.rulebook import RULES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relbot.finding import Finding


def render(findings: Sequence[Finding]) -> str:
    """One SARIF log with one run. An empty run says that nothing was found."""
    used = sorted({finding.rule for finding in findings})
    driver = {"name": "relbot", "version": __version__, "rules": [_rule_descriptor(rule) for rule in used]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result_object(finding, used.index(finding.rule)) for finding in findings],
    }
    log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2) + "\n"


def _rule_descriptor(rule: str) -> dict[str, Any]:
    link = documentation_link("rules", rule)
    described: dict[str, Any] = {"id": rule, "help": {"text": f"To read more: relbot explain {rule}"}}
    described |= {"helpUri": link} if link else {}
    if known := RULES.get(rule):
        described |= {"shortDescription": {"text": known.summary}, "fullDescription": {"text": known.why}}
    return described


def _result_object(finding: Finding, rule_index: int) -> dict[str, Any]:
    location: dict[str, Any] = {"artifactLocation": {"uri": quote(_path_bytes(finding.place.path))}}
    if finding.place.line is not None:
        location["region"] = {"startLine": finding.place.line, "startColumn": finding.place.column or 1}
    text = full_message(finding)
    return {
        "ruleId": finding.rule,
        "ruleIndex": rule_index,
        "level": finding.level.value,
        "message": {"text": text},
        "locations": [{"physicalLocation": location}],
    }


def _path_bytes(path: str) -> bytes:
    """Encodes a path as the file system has it. A surrogate that stands for no byte of a name comes from a file's content."""
    try:
        return path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return path.encode("utf-8", "replace")
