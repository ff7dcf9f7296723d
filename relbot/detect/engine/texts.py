"""Texts as they are put together: `"a" + B`, `f"{HOST}:{port}"`, `fmt.Sprintf(":%d", port)`, as the text that they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.expressions import CALLS, arguments_of, callee_of, literal_value, string_value, unwrap_node
from relbot.detect.engine.syntax import text_of
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node

_SUMS = frozenset(("binary_operator", "binary_expression", "binary", "additive_expression"))
_HOLES = {
    "f": re.compile(r"\{([A-Za-z_][\w.]*)\}"),
    "`": re.compile(r"\$\{([A-Za-z_$][\w.$]*)\}"),
    '"': re.compile(r"[#$]\{([A-Za-z_]\w*)\}|\$([A-Za-z_]\w*)"),
    "$": re.compile(r"\{([A-Za-z_]\w*)\}"),
}
"""How names stand in a text, by how it begins: in Python, JavaScript, Ruby, Kotlin and PHP, C#."""
_FORMATTING = re.compile(r"(^|\.)(Sprintf|sprintf|format)$")
_VERB = re.compile(r"%[sdv]|\{\}")
_DEEPEST = 5


def text_value(node: Node | None, constant: Callable[[str], str | None], depth: int = _DEEPEST) -> str | None:
    """The literal that an expression is where names stand for what `constant` gives; None for what only a run tells."""
    if node is None or depth == 0:
        return None
    node = unwrap_node(node)
    literal = literal_value(node)
    if literal is not None:
        filled = _fill_holes(text_of(node), literal, constant) if string_value(node) is not None else None
        return filled if filled is not None else literal
    if node.type in _SUMS:
        return _joined(node, constant, depth)
    if node.type in CALLS:
        return _formatted(node, constant, depth)
    return constant(text_of(node).lstrip("$"))


def _fill_holes(source: str, text: str, constant: Callable[[str], str | None]) -> str | None:
    """A text with the values of the names in it; None if it has none, or one of them has no value."""
    holes = _HOLES.get(source[:1])
    names = [next(filter(None, found.groups())) for found in holes.finditer(text)] if holes is not None else []
    values = {name: constant(name) for name in names}
    if holes is None or not names or None in values.values():
        return None
    return holes.sub(lambda found: values[next(filter(None, found.groups()))] or "", text)


def _joined(node: Node, constant: Callable[[str], str | None], depth: int) -> str | None:
    """What `+`, PHP's `.`, Elixir's `<>` or Python's `%` makes of two texts."""
    sign = text_of(node.child_by_field_name("operator") or next((each for each in node.children if not each.is_named), None))
    parts = [text_value(each, constant, depth - 1) for each in node.named_children]
    if len(parts) != 2 or None in parts:
        return None
    left, right = (part or "" for part in parts)
    if sign == "%":
        return _put_in(left, [right])
    is_text = any(string_value(unwrap_node(each)) is not None for each in node.named_children) or not (left + right).isdecimal()
    return left + right if sign in ("+", ".", "<>") and is_text else None


def _formatted(node: Node, constant: Callable[[str], str | None], depth: int) -> str | None:
    """What `net.JoinHostPort(a, b)`, `fmt.Sprintf` and `"{}".format` make of their arguments."""
    callee = callee_of(node)
    given = [text_value(each, constant, depth - 1) for each in arguments_of(node).positional]
    if not given or None in given:
        return None
    values = [value or "" for value in given]
    if callee == "net.JoinHostPort" and len(values) == 2:
        return ":".join(values)
    if not _FORMATTING.search(callee):
        return None
    owner = node.child_by_field_name("function")
    held = string_value(owner.named_children[0]) if owner is not None and owner.named_children else None
    return _put_in(values[0], values[1:]) if held is None else _put_in(held, values)


def _put_in(text: str, values: list[str]) -> str | None:
    """A format with its values in their places; None if there are more or fewer."""
    if len(_VERB.findall(text)) != len(values):
        return None
    rest = iter(values)
    return _VERB.sub(lambda _: next(rest), text)
