"""Which nodes of a tree are looked at: those that changed lines touch, however many lines that are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from relbot.detect.engine.model import FileChange
from relbot.detect.engine.syntax import parse_sides

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

SOURCE = "class A\n  def b\n    c = ENV['D'] ||\n      'e'\n\n    f(c,\n      g)\n  end\n\n  h\nend\n"
BOTH = parse_sides(FileChange("A", "a.rb", None, SOURCE.encode()))


def touched(node: Node, rows: set[int]) -> Iterator[Node]:
    """The same, without haste."""
    yield node
    for child in node.named_children:
        if rows & set(range(child.start_point[0], child.end_point[0] + 1)):
            yield from touched(child, rows)


@given(st.sets(st.integers(1, SOURCE.count("\n") + 1)))
def test_the_nodes_that_lines_touch(numbers: set[int]) -> None:
    assert BOTH.new is not None
    root = BOTH.new.root
    expected = list(touched(root, {number - 1 for number in numbers}))
    assert [node.id for node in BOTH.new.walk(BOTH.new.lines(numbers))] == [node.id for node in expected]


def test_without_lines_all_nodes() -> None:
    assert BOTH.new is not None
    root = BOTH.new.root
    assert len(BOTH.new.nodes) == len(list(touched(root, set(range(99)))))
