"""Text in columns."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def display_width(text: str) -> int:
    """The columns that a text takes on a terminal: wide characters two, combining ones and joiners none (UAX #11)."""
    if text.isascii():
        return len(text)
    return sum(_character_width(character) for character in text)


def _character_width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def join_blocks(blocks: Iterable[list[str]]) -> str:
    """The lines of blocks as a text that ends in a newline; between two blocks at most one line is empty."""
    lines: list[str] = []
    for block in blocks:
        again = block and not block[0] and (not lines or not lines[-1])
        lines += block[1:] if again else block
    return "\n".join(lines).strip("\n") + "\n"


def wrap_words(text: str, columns: int, first: str = "", rest: str | None = None) -> list[str]:
    """The words of a text on lines of at most `columns`; the first line begins with `first`, all others with `rest`.

    Spaces at the beginning of the text stay. A word that fits on no line is cut.
    """
    rest = first if rest is None else rest
    lines: list[str] = []
    line, room = first + text[: len(text) - len(text.lstrip(" "))], first
    empty = True
    for word in text.split():
        if not empty and display_width(line) + 1 + display_width(word) > columns:
            lines.append(line)
            line, room, empty = rest, rest, True
        line = line + word if empty else f"{line} {word}"
        empty = False
        while display_width(line) > columns:
            cut = _count_fitting(line, columns, len(room) + 1)
            lines.append(line[:cut])
            line, room = rest + line[cut:], rest
    return [*lines, line.rstrip()]


def _count_fitting(line: str, columns: int, least: int) -> int:
    """How many characters of a line fit; at least `least`, so that there is an end to it."""
    taken = 0
    for n, character in enumerate(line):
        taken += _character_width(character)
        if taken > columns:
            return max(n, least)
    return len(line)
