"""A place that asks for a name, as every language has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from tree_sitter import Node

VARIABLE = "variable"
KEY = "key"
PREFIX = "prefix"


class Lookup(NamedTuple):
    """A place that asks for a name: the node, what kind of name it is, the default given there, and whether there must be one.

    `default` is None where the place gives none; a node otherwise.
    """

    node: Node
    kind: str
    name: str
    default: Node | None = None
    required: bool = False
    text: str | None = None
    """The default where it is a part of a string."""
    rules: tuple[str, ...] = ()
    """What a value must be like, where a schema says so."""
