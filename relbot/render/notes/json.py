"""The notes of a release as JSON. `json_schema` says what is in it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from relbot.render.notes.notes_data import notes_data

if TYPE_CHECKING:
    from relbot.release.notes import Notes
    from relbot.render.notes.context import NotesContext


def render(notes: Notes, context: NotesContext) -> str:
    """One JSON document, for programs and people."""
    return json.dumps(notes_data(notes, context.links), ensure_ascii=False, indent=2) + "\n"
