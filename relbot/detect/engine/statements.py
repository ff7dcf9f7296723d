"""Where the statements of a file of Python begin, told without a parser: only those are parsed that somebody looks at."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from relbot.detect.engine.tree import SyntaxTree
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tree_sitter import Node

    from relbot.detect.engine.tree import Lines

    Parse = Callable[[int, int], Node | None]


_TEXT = (
    rb"\"\"\"(?:[^\"\\]++|\\.|\"(?!\"\"))*+\"\"\"|'''(?:[^'\\]++|\\.|'(?!''))*+'''"
    rb"|\"(?:[^\"\\\n]++|\\.)*+\"|'(?:[^'\\\n]++|\\.)*+'|#[^\n]*+|\\."
)
_DEEPEST = 6
"""Brackets within each other; what has more is parsed as a whole."""


def _nested_brackets() -> bytes:
    """An expression for what is within brackets, with the texts and the brackets in it."""
    found = rb"(?!)"
    for _ in range(_DEEPEST):
        found = rb"[(\[{](?:[^\"'#\\()\[\]{}]++|" + _TEXT + rb"|" + found + rb")*+[)\]}]"
    return found


_STATEMENT = re.compile(
    rb"(?:[^\"'#\\\n()\[\]{}]++|"
    + _TEXT
    + rb"|"
    + _nested_brackets()
    + rb"|\n(?![^\s#])|\n(?=(?:elif|else|except|finally)\b))*+(?:\n|\Z)",
    re.S,
)
"""Up to a line that begins at its first column, outside of texts and brackets, and begins neither a comment nor the rest of a
statement. Where the expression fails it has looked at each byte once for each level of brackets."""
_DECORATED = re.compile(rb"^(?:def|class|async)\b", re.M)
_DECORATOR = b"@"


def split_statements(source: bytes) -> list[int] | None:
    """Where the statements of Python's outermost level begin; None where that cannot be told: a text has no end."""
    starts: list[int] = []
    at = 0
    decorated = False
    while at < len(source):
        found = _STATEMENT.match(source, at)
        if found is None:
            return None
        if not decorated:
            starts.append(at)
        if decorated or source.startswith(_DECORATOR, at):
            decorated = _DECORATED.search(found[0]) is None
        at = found.end()
    return starts


class PartialTree(SyntaxTree):
    """A side of a file of which the statements are parsed that are walked; all of it where somebody asks for the root.

    A statement alone has the nodes that it has within the file, as a test checks. One that cannot be parsed alone may have been
    cut wrongly: then the file is parsed as a whole.
    """

    def __init__(self, source: bytes, starts: list[int], parse: Parse) -> None:
        """`parse` gives the root of what stands between two places of the source, None if that takes too long."""
        super().__init__(source, lambda: self._parse_between(0, len(source)))
        self._starts = starts
        self._ends = [*starts[1:], len(source)]
        self._parse_part = parse
        self._parts: dict[int, Node] = {}
        self.when_lost: Callable[[], object] = lambda: None
        """Called where something could not be parsed in time: then there are no nodes of it."""

    def _parse_between(self, start: int, end: int) -> Node:
        root = self._parse_part(start, end)
        if root is None:
            self.when_lost()
            root = self._parse_part(0, 0)
        assert root is not None, "nothing takes no time"  # for the types
        return root

    def walk(self, lines: Lines | None) -> Iterator[Node]:
        """The named nodes that the lines touch, in the order of the source; that of the whole file is not among them."""
        parts = None if lines is None or "root" in self.__dict__ else self._parts_of(lines)
        if parts is None:
            yield from super().walk(lines)
        else:
            for part in parts:
                yield from self._walk_below(part, lines)

    def _parts_of(self, lines: Lines) -> list[Node] | None:
        """The roots of the statements that the lines touch; None where these are most of the file, or one is broken."""
        touched: dict[int, None] = {}
        for start, end in zip(lines.starts, lines.ends, strict=True):
            touched |= dict.fromkeys(range(bisect_left(self._ends, start), bisect_left(self._starts, end)))
        if 2 * sum(self._ends[at] - self._starts[at] for at in touched) > len(self.source):
            return None
        for at in touched:
            if at not in self._parts:
                self._parts[at] = self._parse_between(self._starts[at], self._ends[at])
        parts = [self._parts[at] for at in touched]
        return None if any(part.has_error for part in parts) else parts
