"""The JSON Schema (draft 2020-12) of the format `json`."""

from __future__ import annotations

from typing import Any

from relbot.fragment.model import PHASES, Compat
from relbot.render.notes.data import VERSION

_TEXT = {"type": "string"}
_TEXT_OR_NULL = {"type": ["string", "null"]}
_FLAG = {"type": "boolean"}
_SECONDS = {"type": ["integer", "null"], "minimum": 0, "description": "Seconds."}
_TEXTS = {"type": "array", "items": _TEXT}


def _table(properties: dict[str, Any], doc: str) -> dict[str, Any]:
    """A table that has these keys and no others."""
    return {
        "type": "object",
        "description": doc,
        "additionalProperties": False,
        "required": list(properties),
        "properties": properties,
    }


def _many(of: str, doc: str = "") -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "array", "items": {"$ref": f"#/$defs/{of}"}}
    return schema | {"description": doc} if doc else schema


def _said(schema: dict[str, Any], doc: str) -> dict[str, Any]:
    return schema | {"description": doc}


_RELEASE = _table(
    {
        "version": _TEXT,
        "date": {"type": "string", "format": "date"},
        "title": _said(_TEXT, "Its heading."),
        "component": _said(_TEXT_OR_NULL, "The component that was released; null if it was the whole project."),
    },
    "The release.",
)
_REFERENCE = _table(
    {
        "id": _said(_TEXT, "As the fragment or the history has it."),
        "text": _said(_TEXT, "As the notes show it."),
        "url": _TEXT_OR_NULL,
    },
    "An issue, a pull request or an author.",
)
_STEP = _table(
    {
        "phase": {"enum": [phase.value for phase in PHASES]},
        "state": _said(_TEXT, "What is on the hosts during the phase."),
        "run": _said(_TEXT_OR_NULL, "The command to run."),
        "do": _said(_TEXT_OR_NULL, "What to do where no command does it."),
        "on": _said(_TEXTS, "The hosts or roles on which to do it."),
        "check": _said(_TEXT_OR_NULL, "A command that succeeds once the step was done."),
        "undo": _said(_TEXT_OR_NULL, "The command that takes the step back."),
        "irreversible": _FLAG,
        "reason": _said(_TEXT_OR_NULL, "Why it cannot be taken back."),
        "restart": _said(_TEXTS, "The services to restart."),
        "duration": _SECONDS,
        "downtime": _SECONDS,
        "line": _said({"type": ["integer", "null"], "minimum": 1}, "Where it stands in the fragment."),
    },
    "One thing somebody does at a deploy.",
)
_ENTRY = _table(
    {
        "identity": _TEXT,
        "path": _TEXT,
        "type": _TEXT,
        "type_title": _TEXT,
        "component": _TEXT_OR_NULL,
        "summary": _said(_TEXT, "The first paragraph on one line."),
        "text": _said(_TEXT, "Markdown, as written."),
        "breaking": _FLAG,
        "migration": _said(_FLAG, "Whether somebody has to act."),
        "waived": _said(_FLAG, "Whether the author says that nobody has to; `reason` says why."),
        "reason": _TEXT_OR_NULL,
        "compat": {"enum": [*(compat.value for compat in Compat), None]},
        "migration_note": _said(_TEXT, "Markdown, as written."),
        "compatibility_note": _said(_TEXT, "Markdown, as written."),
        "steps": _many("step"),
        "issues": _many("reference"),
        "prs": _many("reference"),
        "authors": _many("reference"),
        "needs": _said(_TEXTS, "Fragments that an earlier deploy must have brought."),
        "hold": _said(_TEXTS, "Without these the change must not be deployed."),
        "version": _said(_TEXT_OR_NULL, "The release in whose folder the fragment lies."),
    },
    "One change.",
)
_GROUP = _table(
    {
        "title": _TEXT,
        "component": _said(_TEXT_OR_NULL, "The heading of the component."),
        "first": _said(_FLAG, "Whether these are the breaking changes and migrations."),
        "entries": _many("entry"),
    },
    "Changes below one heading.",
)
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "The notes of a release, as relbot writes them",
    **_table({"version": {"const": VERSION}, "release": _RELEASE, "groups": _many("group", "In reading order.")}, "The notes."),
    "$defs": {"group": _GROUP, "entry": _ENTRY, "step": _STEP, "reference": _REFERENCE},
}
