"""What functions give back."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

    from relbot.detect.engine.tree import SyntaxTree

RETURNING = frozenset(("return_statement", "return", "body_statement"))
"""The types of nodes that may give something back."""


def returned_value(node: Node, tree: SyntaxTree) -> Node | None:
    """What a function gives back, by a statement or, in Ruby, as the last thing that it says."""
    if node.type in ("return_statement", "return") and node.named_children:
        value = node.named_children[-1]
        return value.named_children[0] if value.type == "expression_list" and len(value.named_children) == 1 else value
    if node.type == "body_statement" and node.named_children:
        above = tree.parent_of(node)
        return node.named_children[-1] if above is not None and above.type == "method" else None
    return None
