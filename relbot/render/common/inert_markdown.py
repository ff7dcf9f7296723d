r"""Untrusted text in GitHub's Markdown, so that nothing of it is live.

GitHub notifies whoever is mentioned, links issues, commits and addresses, loads images, and obeys some HTML. Escapes do not
help everywhere (`\@` and `&#64;` may still notify), code spans and fences do: what somebody else wrote stands in these.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from relbot.render.checklist.markdown import code_span
from relbot.render.common.invisible_characters import make_visible, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_QUOTED = re.compile(r"(`+)(.+?)(?<!`)\1(?!`)")
_PLAIN = re.compile(r"[(“‘]?[^\W_]+(?:[-–—’'/.,…·×%][^\W_]*)*[)”’]?[.,:;!?…%)]*|[().,:;?…%–—·×→=“”‘’]+|\+\d+")
_LIVE = re.compile(r"(?:^|\W)(?:www\.|gh-\d)|(?:^|[^0-9a-f])[0-9a-f]{7,40}(?:[^0-9a-f]|$)", re.IGNORECASE)
LONGEST_LINE = 500
LONGEST_SPAN = 200


def inert_sentence(text: str, longest: int = LONGEST_LINE) -> str:
    """A sentence on one line. What it quotes in backticks, and every word with anything but letters in it, becomes code.

    Plain words are all that is left outside of code: no mention, reference, address, markup or HTML is made of these.
    """
    line = one_line(text, longest)
    pieces: list[tuple[bool, str]] = []
    at = 0
    for match in _QUOTED.finditer(line):
        pieces += [*_split_words(line[at : match.start()]), (True, match.group(2).strip())]
        at = match.end()
    return "".join(_join_pieces([*pieces, *_split_words(line[at:])]))


def inert_name(text: str, longest: int = LONGEST_SPAN) -> str:
    """A name as code."""
    return code_span(one_line(text, longest))


def _split_words(text: str) -> Iterator[tuple[bool, str]]:
    """The pieces of a text outside of backticks, and whether each has to be code."""
    for part in re.split(r"(\s+)", text):
        yield bool(part.strip()) and not _is_plain_word(part), part


def _join_pieces(pieces: Iterable[tuple[bool, str]]) -> Iterator[str]:
    """The pieces as Markdown. Neighbours that are code become one: the backticks of two would be read as other ones."""
    for is_code, group in groupby((piece for piece in pieces if piece[1]), key=lambda piece: piece[0]):
        text = "".join(text for _, text in group)
        yield inert_name(text, LONGEST_LINE) if is_code else text


def _is_plain_word(word: str) -> bool:
    return _PLAIN.fullmatch(word) is not None and _LIVE.search(word) is None


def fence_lines(text: str, language: str = "text", indent: str = "") -> list[str]:
    """The lines of a text as a block of code that nothing in it can end (CommonMark 4.5)."""
    shown = make_visible(text).strip("\n")
    ticks = "`" * max(3, 1 + max(map(len, re.findall("`+", shown)), default=0))
    return [f"{indent}{line}".rstrip() for line in (f"{ticks}{language}", *shown.split("\n"), ticks)]


def first_lines(lines: Iterable[str], most: int) -> list[str]:
    """At most so many lines, each cut to one, and how many there are besides."""
    shown = [one_line(line) for line in lines]
    return shown if len(shown) <= most else [*shown[: most - 1], f"… and {len(shown) - most + 1} more"]
