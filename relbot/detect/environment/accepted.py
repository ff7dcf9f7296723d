"""Which values of a variable switch something on: any that is not empty, or those that code compares it with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.expressions import callee_of, string_value, unwrap_node
from relbot.detect.engine.syntax import text_of
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from relbot.detect.engine.tree import SyntaxTree

ANY = "(any)"
"""Stands for every value that is not empty."""
_COMPARISONS = frozenset(("comparison_operator", "binary_expression", "binary"))
_EQUAL = re.compile(r"(?<![!=<>])===?(?!=)|\bin\b")
_DIFFERENT = re.compile(r"!=|\bnot\b|<|>")
_NEAR = 5
"""Nodes from a lookup to what it is compared with: conversions, `.lower()`, parentheses."""


def read_accepted(lookup: Node, tree: SyntaxTree) -> frozenset[str]:
    """The values that a lookup is compared with; ANY where only emptiness counts; none where it is used as it is."""
    below = lookup
    for _, above in zip(range(_NEAR), tree.ancestors_of(lookup), strict=False):
        if above.type in _COMPARISONS:
            return _compared(above, below)
        if (above.type == "call" and callee_of(above) in ("bool", "Boolean")) or _is_truth(above):
            return frozenset((ANY,))
        if above.type.endswith(("statement", "block", "assignment", "declarator")):
            break
        below = above
    return frozenset()


def _is_truth(node: Node) -> bool:
    """Whether a node asks only whether something is there: `!!x`, `Boolean(x)`, `x.present?`."""
    text = text_of(node)
    return text.startswith(("!!", "Boolean(")) or text.endswith((".present?", ".any?"))


def _compared(comparison: Node, side: Node) -> frozenset[str]:
    signs = " ".join(text_of(each) for each in comparison.children if not each.is_named)
    if _DIFFERENT.search(signs) or not _EQUAL.search(signs):
        return frozenset()
    others = [each for each in comparison.named_children if each != side]
    return frozenset(text for other in others for text in _texts_in(unwrap_node(other)))


def _texts_in(node: Node) -> Iterator[str]:
    for each in (node, *node.named_children):
        if (text := string_value(each)) is not None:
            yield text.lower()
