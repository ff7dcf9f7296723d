"""The titles of a changelog in reStructuredText, and the lines that readers see of a part of it.

https://docutils.sourceforge.io/docs/ref/rst/restructuredtext.html#sections: each project chooses which line means which level.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.fragment.body import BodyHeading
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_RULE = re.compile(r"([!-/:-@\[-`{-~])\1+")
_ITEM = re.compile(r"[ \t]*(?P<mark>[-*+•]|\d+[.)]|#\.)(?:[ \t]+|$)")
_LABEL = re.compile(r"\.\. _[^\n]*:[ \t]*$")


class MarkedHeading(NamedTuple):
    """A title and what marks it: the character below it, twice where a line stands above it, too."""

    heading: BodyHeading
    mark: str


def list_marked_headings(text: str) -> Iterator[MarkedHeading]:
    """The titles of sections: a line by itself with one of a single mark below it, and perhaps another above."""
    lines = ["", "", *(line.rstrip() for line in text.removeprefix("\ufeff").split("\n"))]
    marks: list[str] = []
    for number in range(3, len(lines)):
        title, below = lines[number - 1], lines[number]
        rule = _RULE.fullmatch(below) if title and not _RULE.fullmatch(title) else None
        if rule is None or len(below) < min(len(title.strip()), 4):
            continue
        above = lines[number - 2]
        if above == below and not lines[number - 3]:
            mark, first = rule[1] * 2, number - 2
        elif not above and title[0] not in " \t":
            mark, first = rule[1], number - 1
        else:
            continue
        marks += [] if mark in marks else [mark]
        yield MarkedHeading(BodyHeading(first - 2, marks.index(mark) + 1, title.strip(), number + 1 - first), mark)


def find_rst_headings(text: str) -> list[BodyHeading]:
    """The titles of a text, each with its level by the order in which the marks are met."""
    return [marked.heading for marked in list_marked_headings(text)]


def read_rst_lines(text: str) -> list[str]:
    """The lines that readers see of a part of a changelog: titles, paragraphs and items, however they are wrapped."""
    found: list[list[str]] = [[]]
    for line in text.split("\n"):
        item = _ITEM.match(line)
        if not line.strip() or _RULE.fullmatch(line.strip()) or _LABEL.match(line):
            found.append([])
        elif item:
            found.append(["-" if item["mark"] in "-*+•" else item["mark"], *line[item.end() :].split()])
        else:
            found[-1] += line.split()
    return [" ".join(words) for words in found if words]
