r"""Untrusted text in GitHub's Markdown, so that nothing of it is live.

GitHub notifies whoever is mentioned, links issues, commits and addresses, loads images, and obeys some HTML. Escapes do not
help everywhere (`\@` and `&#64;` may still notify), code spans and fences do: what somebody else wrote stands in these.
"""

from __future__ import annotations

from itertools import groupby
from textwrap import dedent
from typing import TYPE_CHECKING

from relbot.fragment.code_marks import backticks_around
from relbot.render.common.invisible_characters import make_visible, one_line
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_QUOTED = re.compile(r"(?<!`)(`++)(.+?)(?<!`)\1(?!`)")
_PLAIN = re.compile(r"[(“‘]?[^\W_]+(?:[-–—’'/.,…·×%][^\W_]*)*+[)”’]?[.,:;!?…%)]*|[().,:;?…%–—·×→=“”‘’]+|\+\d+")
_LIVE = re.compile(r"(?:^|\W)(?:www\.|gh-\d)|(?:^|[^0-9a-f])[0-9a-f]{7,40}(?:[^0-9a-f]|$)", re.IGNORECASE)
_LIST_ITEM = re.compile(r" *([-*+]|\d{1,9}[.)])[ \t]+(?=\S)")
_HEADING = re.compile(r"#{1,6}[ \t]+(?=\S)")
_FENCE = re.compile(r" *(`{3,}(?=[^`]*$)|~{3,})")
LONGEST_LINE = 500
LONGEST_SPAN = 200
LONGEST_PROSE = 1_000_000
"""Characters of prose on a line: more than a fragment may have, so that nothing is cut."""


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
    return "".join(_join_pieces([*pieces, *_split_words(line[at:])], longest))


def inert_name(text: str, longest: int = LONGEST_SPAN) -> str:
    """A name as code."""
    return code_span(one_line(text, longest))


def _split_words(text: str) -> Iterator[tuple[bool, str]]:
    """The pieces of a text outside of backticks, and whether each has to be code."""
    for part in re.split(r"(\s+)", text):
        yield bool(part.strip()) and not _is_plain_word(part), part


def _join_pieces(pieces: Iterable[tuple[bool, str]], longest: int) -> Iterator[str]:
    """The pieces as Markdown. Neighbours that are code become one: the backticks of two would be read as other ones."""
    for is_code, group in groupby((piece for piece in pieces if piece[1]), key=lambda piece: piece[0]):
        text = "".join(text for _, text in group)
        yield inert_name(text, max(longest, LONGEST_LINE)) if is_code else text


def _is_plain_word(word: str) -> bool:
    return _PLAIN.fullmatch(word) is not None and _LIVE.search(word) is None


def code_span(text: str) -> str:
    """The text on one line as a code span that nothing in it can end (CommonMark 6.1). Code pings nobody and links nothing."""
    line = " ".join(make_visible(text).split())
    if not line:
        return ""
    ticks = backticks_around(line)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{ticks}{pad}{line}{pad}{ticks}"


class _ProsePiece(NamedTuple):
    """A paragraph, an item of a list with its `marker`, or code of the language `marker`, by its lines."""

    marker: str
    lines: list[str]
    is_code: bool = False


def inert_prose_lines(text: str) -> Iterator[str]:
    """Markdown that somebody wrote, as lines of inert Markdown: paragraphs, items of lists, and blocks of code."""
    above: _ProsePiece | None = None
    for piece in _split_prose(text):
        if above is not None and (above.is_code or piece.is_code or not (above.marker and piece.marker)):
            yield ""
        if piece.is_code:
            yield from fence_lines(dedent("\n".join(piece.lines)), piece.marker)
        else:
            line = " ".join(each.strip() for each in piece.lines)
            yield f"{piece.marker}{inert_sentence(line, LONGEST_PROSE)}"
        above = piece


def _split_prose(text: str) -> list[_ProsePiece]:
    """The pieces of a text in Markdown. Tables count as code: their lines belong together, and stay as they are."""
    pieces = [_ProsePiece("", [])]
    fence = ""
    for line in text.split("\n"):
        ticks = _FENCE.match(line)
        if not fence and not ticks:
            _take_line(pieces, line)
        elif ticks and not fence:
            fence = ticks[1]
            pieces.append(_ProsePiece(re.sub(r"[^\w+-]", "", line[ticks.end() :]), [], is_code=True))
        elif ticks and ticks[1].startswith(fence) and not line.strip(" `~"):
            fence = ""
            pieces.append(_ProsePiece("", []))
        else:
            pieces[-1].lines.append(line)
    return [piece for piece in pieces if piece.lines]


def _take_line(pieces: list[_ProsePiece], line: str) -> None:
    """Adds a line outside of fences to the last piece, or begins another one with it."""
    above, item = pieces[-1], _LIST_ITEM.match(line)
    is_code = line.startswith("|") or (line.startswith("    ") and (above.is_code or not above.lines))
    if not line.strip():
        pieces.append(_ProsePiece("", []))
    elif heading := _HEADING.match(line):
        pieces += [_ProsePiece("", [line[heading.end() :]]), _ProsePiece("", [])]
    elif item:
        pieces.append(_ProsePiece(f"{item[1]} ", [line[item.end() :]]))
    elif is_code is above.is_code:
        above.lines.append(line)
    else:
        pieces.append(_ProsePiece("", [line], is_code))
    if line.endswith(("  ", "\\")):  # a hard line break (CommonMark 6.7)
        pieces.append(_ProsePiece("", []))


def fence_lines(text: str, language: str = "text", indent: str = "") -> list[str]:
    """The lines of a text as a block of code that nothing in it can end (CommonMark 4.5)."""
    shown = make_visible(text).strip("\n")
    ticks = backticks_around(shown, 3)
    return [f"{indent}{line}".rstrip() for line in (f"{ticks}{language}", *shown.split("\n"), ticks)]


def first_lines(lines: Iterable[str], most: int) -> list[str]:
    """At most so many lines, each cut to one, and how many there are besides."""
    shown = [one_line(line) for line in lines]
    return shown if len(shown) <= most else [*shown[: most - 1], f"… and {len(shown) - most + 1} more"]
