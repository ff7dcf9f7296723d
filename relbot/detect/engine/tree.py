"""A syntax tree with its nodes and their parents, as detectors walk it: whole, or where lines changed."""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator

    from tree_sitter import Node


class Lines:
    """Numbers of lines, counted from 1, to ask which nodes they touch."""

    def __init__(self, numbers: Iterable[int]) -> None:
        self._rows = sorted({number - 1 for number in numbers})

    def meet(self, node: Node) -> bool:
        """Whether one of the lines is among those of the node."""
        at = bisect_left(self._rows, node.start_point[0])
        return at < len(self._rows) and self._rows[at] <= node.end_point[0]

    def are_most_of(self, node: Node) -> bool:
        """Whether more than half of the lines of the node are among these."""
        return 2 * len(self._rows) > node.end_point[0] - node.start_point[0] + 1

    def cover(self, node: Node) -> bool:
        """Whether all lines of the node are among these."""
        first, last = node.start_point[0], node.end_point[0]
        at = bisect_left(self._rows, first)
        end = at + last - first
        return end < len(self._rows) and self._rows[at] == first and self._rows[end] == last


class SyntaxTree:
    """A parsed side of a file: its root, and whether parts of it could not be parsed.

    The parents of nodes are kept while the tree is walked: tree-sitter's own `parent` looks for the node from the root each time,
    which takes the longer the more statements a file has.
    """

    def __init__(self, root: Node) -> None:
        self.root = root
        self.broken = root.has_error
        self._parents: dict[int, Node] = {}

    @property
    def source(self) -> bytes:
        """The text of the file."""
        return self.root.text or b""

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """All named nodes from the root down, in the order of the source."""
        parents = self._parents
        found: list[Node] = []
        stack = [self.root]
        while stack:
            node = stack.pop()
            found.append(node)
            if children := node.named_children:
                for child in children:
                    parents[child.id] = node
                stack += reversed(children)
        return tuple(found)

    def lines_with(self, pattern: re.Pattern[bytes]) -> Lines:
        """The lines where matches of a pattern begin: where nodes stand that have one in their text."""
        source = self.source
        numbers: list[int] = []
        number, at = 1, 0
        for found in pattern.finditer(source):
            number += source.count(b"\n", at, found.start())
            at = found.start()
            numbers.append(number)
        return Lines(numbers)

    def lines_with_words(self, words: Iterable[bytes]) -> Lines:
        """The lines where one of the words, in lower case, begins, however it is written there."""
        source = self.source.lower()
        starts: set[int] = set()
        for word in words:
            at = source.find(word)
            while at >= 0:
                starts.add(at)
                at = source.find(word, at + 1)
        numbers: list[int] = []
        number, last = 1, 0
        for start in sorted(starts):
            number += source.count(b"\n", last, start)
            last = start
            numbers.append(number)
        return Lines(numbers)

    def walk(self, lines: Lines | None) -> Iterator[Node]:
        """The named nodes from the root down, in the order of the source; only those that the lines touch, all for None."""
        parents = self._parents
        stack: list[tuple[Node, Lines | None]] = [(self.root, lines)]
        while stack:
            node, among = stack.pop()
            yield node
            children = node.named_children
            if not children:
                continue
            if among is not None and among.cover(node):
                among = None  # then no line of a child has to be looked up
            if among is not None:
                children = [child for child in children if among.meet(child)]
            for child in children:
                parents[child.id] = node
            stack += [(child, among) for child in reversed(children)]

    def parent_of(self, node: Node) -> Node | None:
        """The parent of a node that was walked; None for the root."""
        return self._parents.get(node.id)

    def ancestors_of(self, node: Node) -> Iterator[Node]:
        """The parent of a node that was walked, its parent, and so on up to the root."""
        above = self._parents.get(node.id)
        while above is not None:
            yield above
            above = self._parents.get(above.id)


class ParsedSides(NamedTuple):
    """Both sides of a file, None for a side that does not exist; both None if one of them cannot be parsed."""

    old: SyntaxTree | None
    new: SyntaxTree | None
