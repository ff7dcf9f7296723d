"""A syntax tree with its nodes and their parents, as detectors walk it: whole, or where lines changed."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tree_sitter import Node

    from relbot.detect.engine.shared_constants import SharedConstants


_WORD = re.compile(rb"\w+")
_BEYOND = 1 << 62
"""Where the last line ends: a node ends nowhere behind it."""


class Lines:
    """Lines of a text as spans of its bytes, to ask which nodes they touch: a comparison of whole numbers each.

    A node that ends right at the start of a line touches it, as `Node.end_point` has it.
    """

    def __init__(self, starts: list[int], ends: list[int]) -> None:
        """Spans in order, none right beside another, each up to the start of the line after its last one."""
        self.starts = starts
        self.ends = ends

    def meet(self, node: Node) -> bool:
        """Whether one of the lines is among those of the node."""
        at = bisect_right(self.ends, node.start_byte)
        return at < len(self.ends) and self.starts[at] <= node.end_byte


def _places_of(words: Iterable[bytes], source: bytes) -> set[int]:
    """Where words stand in a source: of each the first place in a line."""
    places: set[int] = set()
    for word in words:
        at = source.find(word)
        while at >= 0:
            places.add(at)
            end = source.find(b"\n", at)
            at = source.find(word, end) if end >= 0 else -1
    return places


class SyntaxTree:
    """A parsed side of a file: its root and its text.

    The parents of nodes are kept while the tree is walked: tree-sitter's own `parent` looks for the node from the root each time,
    which takes the longer the more statements a file has.
    """

    def __init__(self, source: bytes, parse: Callable[[], Node]) -> None:
        """`parse` gives the root: asked for when somebody looks at the tree."""
        self.source = source
        self._parse = parse
        self.constants: SharedConstants | None = None
        """Those of the other changed files, too."""
        self._parents: dict[int, Node] = {}

    @cached_property
    def root(self) -> Node:
        """The root of the whole file."""
        return self._parse()

    @property
    def broken(self) -> bool:
        """Whether parts of it could not be parsed."""
        return self.root.has_error

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

    @cached_property
    def _line_starts(self) -> tuple[int, ...]:
        return tuple(accumulate((len(line) + 1 for line in self.source.split(b"\n")[:-1]), initial=0))

    def lines(self, numbers: Iterable[int]) -> Lines:
        """The lines of these numbers, counted from 1; numbers beyond the end of the text stand for no line."""
        line_starts = self._line_starts
        starts: list[int] = []
        ends: list[int] = []
        last = -1
        for row in sorted({number - 1 for number in numbers}):
            if row >= len(line_starts):
                break
            end = line_starts[row + 1] if row + 1 < len(line_starts) else _BEYOND
            if row == last + 1 and ends:
                ends[-1] = end
            else:
                starts.append(line_starts[row])
                ends.append(end)
            last = row
        return Lines(starts, ends)

    def lines_with(self, pattern: re.Pattern[bytes]) -> Lines:
        """The lines where matches of a pattern begin: where nodes stand that have one in their text."""
        return self._lines_at(found.start() for found in pattern.finditer(self.source))

    def lines_with_words(self, words: Iterable[bytes]) -> Lines:
        """The lines where one of the words, in lower case, begins, however it is written there."""
        return self._lines_at(sorted(_places_of(words, self.source.lower())))

    def lines_with_whole_words(self, words: frozenset[bytes]) -> Lines:
        """The lines where one of the words, in lower case, stands for itself, however it is written there."""
        return self._lines_at(found.start() for found in _WORD.finditer(self.source.lower()) if found[0] in words)

    def lines_with_any(self, words: Iterable[bytes], pattern: re.Pattern[bytes] | None = None) -> Lines:
        """The lines where one of the words or a match of a pattern begins; to look for words takes a tenth of the time."""
        places = _places_of(words, self.source)
        if pattern is not None:
            places.update(found.start() for found in pattern.finditer(self.source))
        return self._lines_at(sorted(places))

    def _lines_at(self, places: Iterable[int]) -> Lines:
        """The lines in which bytes of the text stand that are given in order."""
        source = self.source
        starts: list[int] = []
        ends: list[int] = []
        end = 0
        for place in places:
            if place < end:
                continue
            start = source.rfind(b"\n", 0, place) + 1
            beside = bool(ends) and start == end
            end = source.find(b"\n", place) + 1 or _BEYOND
            if beside:
                ends[-1] = end
            else:
                starts.append(start)
                ends.append(end)
        return Lines(starts, ends)

    def are_most(self, lines: Lines) -> bool:
        """Whether more than half of the lines of the tree are among these."""
        source = self.source
        count = sum(source.count(b"\n", start, end) for start, end in zip(lines.starts, lines.ends, strict=True))
        count += lines.ends[-1:] == [_BEYOND]
        return 2 * count > source.lstrip().count(b"\n") + 1

    def walk(self, lines: Lines | None) -> Iterator[Node]:
        """The named nodes from the root down, in the order of the source; only those that the lines touch, all for None."""
        yield self.root
        yield from self._walk_below(self.root, lines)

    def _walk_below(self, root: Node, lines: Lines | None) -> Iterator[Node]:
        """The named nodes below one, likewise."""
        parents = self._parents
        starts, ends = (lines.starts, lines.ends) if lines is not None else ([0], [_BEYOND])
        last = len(ends)
        stack = [(root, lines is None)]
        while stack:
            node, whole = stack.pop()
            if node is not root:
                yield node
            children = node.named_children
            if not children:
                continue
            if whole:  # then no line of a child has to be looked up
                for child in children:
                    parents[child.id] = node
                stack += [(child, True) for child in reversed(children)]
                continue
            for child in reversed(children):
                start, end = child.start_byte, child.end_byte
                at = bisect_right(ends, start)
                if at < last and (first := starts[at]) <= end:
                    parents[child.id] = node
                    stack.append((child, first <= start and end < ends[at]))

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
