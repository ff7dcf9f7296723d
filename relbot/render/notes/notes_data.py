"""The notes of a release as plain data: what the format `json` writes and what templates see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relbot.release.notes import FIRST
from relbot.render.notes import references

if TYPE_CHECKING:
    from relbot.config.model import Links
    from relbot.fragment.model import Step
    from relbot.release.notes import Notes, NotesEntry
    from relbot.render.notes.references import Reference

VERSION = 1
"""Of the layout. Raised when a reader of the old one would go wrong."""


def notes_data(notes: Notes, links: Links) -> dict[str, Any]:
    """Everything that the notes say, as dicts, lists, texts, numbers, booleans and None."""
    return {
        "version": VERSION,
        "release": {
            "version": notes.version,
            "date": notes.date.isoformat(),
            "title": notes.title,
            "component": notes.component,
            "audience": notes.audience.value,
            "left_out": len(notes.left_out),
            "prose": notes.prose,
        },
        "groups": [
            {
                "title": group.title,
                "component": group.component,
                "first": group.title == FIRST,
                "entries": [_entry_data(entry, links) for entry in group.entries],
            }
            for group in notes.groups
        ],
    }


def _entry_data(entry: NotesEntry, links: Links) -> dict[str, Any]:
    fragment = entry.fragment
    return {
        "identity": fragment.identity,
        "path": fragment.path,
        "type": fragment.type,
        "type_title": entry.type_title,
        "component": fragment.component,
        "other_components": list(fragment.other_components),
        "summary": fragment.summary,
        "text": fragment.text,
        "breaking": fragment.breaking,
        "migration": fragment.migration,
        "waived": fragment.waived,
        "reason": fragment.reason,
        "compat": fragment.compat.value if fragment.compat else None,
        "migration_note": fragment.migration_note,
        "compatibility_note": fragment.compatibility_note,
        "operators_note": fragment.operators_note,
        "audience": fragment.audience.value,
        "steps": [_step_data(step) for step in fragment.steps],
        "issues": [_reference_data(issue, references.issue_reference(issue, links)) for issue in fragment.issues],
        "prs": [_reference_data(pr, references.pull_request(pr, links)) for pr in entry.prs],
        "authors": [_reference_data(name, references.author_reference(name, links)) for name in entry.authors],
        "needs": list(fragment.needs),
        "hold": list(fragment.hold),
        "version": fragment.version,
        "was": fragment.was,
    }


def _reference_data(written: str, reference: Reference) -> dict[str, Any]:
    return {"id": written, "text": reference.text, "url": reference.url or None}


def _step_data(step: Step) -> dict[str, Any]:
    return {
        "phase": step.phase.value,
        "state": step.phase.state,
        "run": step.run,
        "do": step.do,
        "on": list(step.on),
        "check": step.check,
        "undo": step.undo,
        "irreversible": step.irreversible,
        "reason": step.reason,
        "restart": list(step.restart),
        "duration": step.duration,
        "downtime": step.downtime,
        "line": step.line,
    }
