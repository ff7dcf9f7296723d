"""The JSON Schema (draft 2020-12) of the format `json`."""

from __future__ import annotations

from typing import Any

from relbot.fragment.model import PHASES, Compat, NotesAudience
from relbot.render.notes.notes_data import VERSION

_TEXT = {"type": "string"}
_TEXT_OR_NULL = {"type": ["string", "null"]}
_FLAG = {"type": "boolean"}
_SECONDS = {"type": ["integer", "null"], "minimum": 0, "description": "Seconds."}
_TEXTS = {"type": "array", "items": _TEXT}


def _table_schema(properties: dict[str, Any], doc: str) -> dict[str, Any]:
    """A table that has these keys and no others."""
    return {
        "type": "object",
        "description": doc,
        "additionalProperties": False,
        "required": list(properties),
        "properties": properties,
    }


def _array_schema(of: str, doc: str = "") -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "array", "items": {"$ref": f"#/$defs/{of}"}}
    return schema | {"description": doc} if doc else schema


def _with_description(schema: dict[str, Any], doc: str) -> dict[str, Any]:
    return schema | {"description": doc}


_RELEASE = _table_schema(
    {
        "version": _TEXT,
        "date": {"type": "string", "format": "date"},
        "title": _with_description(_TEXT, "Its heading."),
        "component": _with_description(_TEXT_OR_NULL, "The component that was released; null if it was the whole project."),
        "audience": _with_description({"enum": [audience.value for audience in NotesAudience]}, "Who these notes are for."),
        "left_out": _with_description({"type": "integer", "minimum": 0}, "Changes that are not for them, or of a hidden type."),
        "prose": _with_description(_TEXT, "What stands above the changes: Markdown, as written."),
    },
    "The release.",
)
_REFERENCE = _table_schema(
    {
        "id": _with_description(_TEXT, "As the fragment or the history has it."),
        "text": _with_description(_TEXT, "As the notes show it."),
        "url": _TEXT_OR_NULL,
    },
    "An issue, a pull request or an author.",
)
_STEP = _table_schema(
    {
        "phase": {"enum": [phase.value for phase in PHASES]},
        "state": _with_description(_TEXT, "What is on the hosts during the phase."),
        "run": _with_description(_TEXT_OR_NULL, "The command to run."),
        "do": _with_description(_TEXT_OR_NULL, "What to do where no command does it."),
        "on": _with_description(_TEXTS, "The hosts or roles on which to do it."),
        "check": _with_description(_TEXT_OR_NULL, "A command that succeeds after the step."),
        "undo": _with_description(_TEXT_OR_NULL, "The command that undoes the step."),
        "irreversible": _FLAG,
        "reason": _with_description(_TEXT_OR_NULL, "Why it cannot be taken back."),
        "restart": _with_description(_TEXTS, "The services to restart."),
        "duration": _SECONDS,
        "downtime": _SECONDS,
        "line": _with_description({"type": ["integer", "null"], "minimum": 1}, "Where it stands in the fragment."),
    },
    "One action of a deploy.",
)
_ENTRY = _table_schema(
    {
        "identity": _TEXT,
        "path": _TEXT,
        "type": _TEXT,
        "type_title": _TEXT,
        "component": _with_description(_TEXT_OR_NULL, "The part of the project that changes, the first of several."),
        "other_components": _TEXTS,
        "summary": _with_description(_TEXT, "The first paragraph on one line."),
        "text": _with_description(_TEXT, "Markdown, as written."),
        "breaking": _FLAG,
        "migration": _with_description(_FLAG, "Whether operators or users have to act."),
        "waived": _with_description(_FLAG, "True if the author says that no action is needed; `reason` says why."),
        "reason": _TEXT_OR_NULL,
        "compat": {"enum": [*(compat.value for compat in Compat), None]},
        "migration_note": _with_description(_TEXT, "Markdown, as written."),
        "compatibility_note": _with_description(_TEXT, "Markdown, as written."),
        "operators_note": _with_description(_TEXT, "Markdown, as written; empty in public notes."),
        "audience": _with_description({"enum": [audience.value for audience in NotesAudience]}, "Who reads of the change."),
        "steps": _array_schema("step"),
        "issues": _array_schema("reference"),
        "prs": _array_schema("reference"),
        "authors": _array_schema("reference"),
        "needs": _with_description(_TEXTS, "Fragments that an earlier deploy must contain."),
        "hold": _with_description(_TEXTS, "Without these the change must not be deployed."),
        "version": _with_description(_TEXT_OR_NULL, "The release in whose folder the fragment lies."),
        "was": _with_description(_TEXT_OR_NULL, "The name that the fragment had before its file was renamed."),
    },
    "One change.",
)
_GROUP = _table_schema(
    {
        "title": _TEXT,
        "component": _with_description(_TEXT_OR_NULL, "The heading of the component."),
        "first": _with_description(_FLAG, "Whether these are the breaking changes and migrations."),
        "entries": _array_schema("entry"),
    },
    "Changes below one heading.",
)
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "The notes of a release, as relbot writes them",
    **_table_schema(
        {"version": {"const": VERSION}, "release": _RELEASE, "groups": _array_schema("group", "In reading order.")}, "The notes."
    ),
    "$defs": {"group": _GROUP, "entry": _ENTRY, "step": _STEP, "reference": _REFERENCE},
}
