"""The notes of a release in every format that relbot writes.

Each format is a module with `render(notes, context) -> str`, imported when it is first used: two of them need
libraries that take longer to import than ten thousand entries take to render.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from relbot.render.common.media import Medium, neutralize_text
from relbot.render.notes.changelog_layout import ChangelogLayout, markdown_layout, newest_first, rst_layout
from relbot.render.notes.context import NotesContext
from relbot.render.notes.visible_notes import make_notes_visible
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from relbot.release.notes import Notes

__all__ = ["NOTES_FORMATS", "NotesContext", "NotesFormat", "format_of"]


class NotesFormat(NamedTuple):
    """A format, and how its changelogs are laid out.

    `endings` are those of a changelog's path. `marker` is the line below which releases are put, "" where the newest
    simply comes first. `preamble` is a new changelog's text. `comment` is what stands before and after a comment of
    one line, None where there are none. `medium` is where the notes are read.
    """

    name: str
    endings: tuple[str, ...] = ()
    marker: str = ""
    preamble: str = ""
    comment: tuple[str, str] | None = None
    medium: Medium = Medium.MARKDOWN

    def layout(self, text: str, marker: str = "") -> ChangelogLayout:
        """How a changelog of this format is laid out. `marker` is the project's own, if it has one."""
        return _LAYOUTS.get(self.name, newest_first)(text, marker or self.marker)

    def render(self, notes: Notes, context: NotesContext) -> str:
        """Renders the notes as a text that ends in a line end, with nothing in it that acts or hides in its medium."""
        render: Callable[[Notes, NotesContext], str] = import_module(f"{__name__}.{self.name}").render
        text = render(notes, context)
        inert = neutralize_text(text, self.medium)
        if inert == text or self.medium is Medium.JSON:
            return inert
        # Written out before it is rendered, a character is escaped like any other text, as reStructuredText needs it.
        return neutralize_text(render(make_notes_visible(notes), context), self.medium)


_LAYOUTS = {"markdown": markdown_layout, "rst": rst_layout}
_MARKDOWN_MARKER = "<!-- relbot: releases below -->"
_RST_MARKER = ".. relbot: releases below"

NOTES_FORMATS: dict[str, NotesFormat] = {
    format_.name: format_
    for format_ in (
        NotesFormat(
            "markdown",
            (".md", ".markdown"),
            _MARKDOWN_MARKER,
            f"# Changelog\n\n{_MARKDOWN_MARKER}\n",
            ("<!-- ", " -->"),
        ),
        NotesFormat(
            "rst",
            (".rst",),
            _RST_MARKER,
            f"Changelog\n=========\n\n{_RST_MARKER}\n",
            (".. ", ""),
        ),
        NotesFormat("json", (".json",), medium=Medium.JSON),
        NotesFormat("debian", ("debian/changelog", ".dch")),
        NotesFormat("rpm", (".changes",)),
        NotesFormat("template"),
    )
}


def format_of(path: str) -> NotesFormat | None:
    """The format that the name of a changelog tells; None if it tells none. `path` has `/`."""
    name = "/" + path.lower()
    for format_ in NOTES_FORMATS.values():
        if any(name.endswith(ending if ending.startswith(".") else f"/{ending}") for ending in format_.endings):
            return format_
    return None
