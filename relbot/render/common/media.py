r"""The media for which relbot writes, and what must not stand in them, whoever wrote it.

Renderers escape what they quote, as the syntax of their format asks. This comes after them, in the one sink of each medium: no
text passes in which a character acts on a terminal, hides, or turns the direction of what a reader sees; and in the log of a
GitHub Actions runner no text acts as a command.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import assert_never

from relbot.render.common.invisible_characters import make_visible


class Medium(StrEnum):
    """Where a text is read, which decides how a character is written out."""

    TEXT = "text"
    """A terminal, a plain file, an e-mail."""
    MARKDOWN = "markdown"
    """Markup: a comment, an issue, notes for a changelog (Markdown, reStructuredText and what packages use)."""
    HTML = "html"
    """A page. Its text is escaped by the renderer."""
    JSON = "json"
    """For programs (RFC 8259); a character is written as `\\u202e`, which stands for the same character."""
    COMMANDS = "commands"
    """Workflow commands that relbot itself gives to the runner, one a line."""


def neutralize_text(text: str, medium: Medium) -> str:
    """Writes out what acts or hides in a medium. Changes nothing when it is applied again."""
    match medium:
        case Medium.TEXT | Medium.MARKDOWN | Medium.HTML | Medium.COMMANDS:
            return make_visible(text)
        case Medium.JSON:
            return text if text.isascii() and "\x7f" not in text else _escape_json(text)
        case _:
            assert_never(medium)


def _escape_json(text: str) -> str:
    """Writes invisible characters by their code units. In JSON they stand in strings only, where that means the same."""
    pieces = []
    for piece in re.split(_DRAWN, text):
        shown = make_visible(piece)
        pieces.append(piece if shown == piece else _escape_units(piece))
    return "".join(pieces)


_DRAWN = r"([\x20-\x7e\n]+)"


def _escape_units(text: str) -> str:
    units = text.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
