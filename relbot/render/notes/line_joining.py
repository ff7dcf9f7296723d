"""Markdown for GitHub's releases and comments, where every line end in a paragraph breaks the line.

In a file of a repository a wrapped paragraph is one paragraph; in a release's notes GitHub shows each line end as <br>.
So the lines of paragraphs are joined. A break that was meant (two spaces or a backslash before the line end) stays one,
and code, tables, HTML and quotes stay as they are.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it import MarkdownIt

_BLANK = " \t"
_MEANT = re.compile(r"(?:(?<! ) {2,}|(?<!\\)(?:\\\\)*\\)$")


def join_paragraph_lines(text: str) -> str:
    """The text with every paragraph on one line."""
    lines = text.split("\n")
    for first, after in reversed(list(_find_paragraphs(text))):
        lines[first:after] = _join_lines(lines[first:after])
    return "\n".join(lines)


def _find_paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """The lines of each paragraph that is in no quote: its first line and the one after it."""
    quotes = 0
    for token in _block_reader().parse(text):
        if token.type in ("blockquote_open", "blockquote_close"):
            quotes += token.nesting
        elif token.type == "paragraph_open" and token.map and not quotes:
            yield token.map[0], token.map[1]


def _join_lines(lines: list[str]) -> list[str]:
    made = lines[:1]
    for line in lines[1:]:
        if _MEANT.search(made[-1]):
            made.append(line)
        else:
            made[-1] = f"{made[-1].rstrip(_BLANK)} {line.lstrip(_BLANK)}"
    return made


def cut_to_blocks(text: str, most: int, more: str) -> str:
    """The text, or as many of its blocks as leave it below `most` characters together with `more`, which then ends it."""
    if len(text) <= most:
        return text
    lines = text.split("\n")
    room = most - len(more) - 2
    fitting = 0
    # only where a block at the margin begins: nothing is left open before it
    for start in (token.map[0] for token in _block_reader().parse(text) if token.map and token.level <= 1 and token.nesting >= 0):
        if len("\n".join(lines[:start])) > room:
            break
        fitting = start
    return "\n".join(lines[:fitting]).rstrip("\n") + f"\n\n{more}"


@functools.cache
def _block_reader() -> MarkdownIt:
    """A reader of blocks alone."""
    from markdown_it import MarkdownIt  # 51 ms that few fragments need

    reader = MarkdownIt("commonmark").enable("table")
    reader.core.ruler.enableOnly(["normalize", "block"])
    return reader
