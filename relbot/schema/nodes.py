"""Nodes of a file that know where they stand: YAML front matter and TOML configuration both come out as these.

Nothing is constructed: a scalar stays the text that was written, so `no`, `1.10` and `0777` cannot turn into
something else unseen (YAML 1.1, https://yaml.org/type/), and no tag can name a Python object.

They are like PyYAML's nodes, of which these are no subclasses: most commands never need PyYAML, and loading it takes longer than
an interpreter takes to start.
"""

from __future__ import annotations

from typing import Any

from relbot.schema.named_tuples import NamedTuple


class Position(NamedTuple):
    """A place in a file; line and column are counted from 0."""

    line: int
    column: int


TOML_NUMBER = "number"


class Node:
    """A value, and where it begins, None where that is not known.

    `style` is how a scalar was quoted, None or "" if it was not. `tag` is the tag of YAML that somebody wrote, such as `!!int`,
    and `TOML_NUMBER` for a number, date or time of TOML.
    """

    __slots__ = ("start", "style", "tag", "value")

    def __init__(self, value: Any, start: Position | None, style: str | None = None, tag: str = "") -> None:
        self.value = value
        self.start = start
        self.style = style
        self.tag = tag


class ScalarNode(Node):
    """A single value: the text that was written."""

    value: str


class SequenceNode(Node):
    """A list of nodes."""

    value: list[Node]


class MappingNode(Node):
    """A table: pairs of nodes in the order written, keys that were written twice included."""

    value: list[tuple[Node, Node]]


def value_at(node: Node, *path: str) -> Node:
    """The value at a path of keys below a node; as near to it as there is one."""
    for name in path:
        pairs = node.value if isinstance(node, MappingNode) else ()
        node = next((value for key, value in pairs if key.value == name), node)
    return node
