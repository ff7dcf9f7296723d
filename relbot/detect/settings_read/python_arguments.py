"""The arguments of calls in Python, as source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.syntax import text_of
from relbot.detect.settings_read.setting import string_literal

if TYPE_CHECKING:
    from tree_sitter import Node


def split_arguments(arguments: Node) -> tuple[list[str], dict[str, str]]:
    """The source of positional arguments, and of those with names. Texts of several literals are joined."""
    positional: list[str] = []
    named: dict[str, str] = {}
    for argument in arguments.named_children:
        if argument.type == "keyword_argument":
            named[text_of(argument.child_by_field_name("name"))] = _value_source(argument.child_by_field_name("value"))
        elif argument.type != "comment":
            positional.append(_value_source(argument))
    return positional, named


def _value_source(node: Node | None) -> str:
    """The source of a value, without parentheses and gettext; strings written in pieces as one."""
    while node is not None:
        inner = node.named_children
        if node.type == "parenthesized_expression" and len(inner) == 1:
            node = inner[0]
        elif node.type == "call" and text_of(node.child_by_field_name("function")) in ("_", "_LE", "_LW", "_LI", "gettext_lazy"):
            arguments = node.child_by_field_name("arguments")
            node = arguments.named_children[0] if arguments is not None and arguments.named_children else None
        else:
            break
    if node is not None and node.type == "concatenated_string":
        pieces = [string_literal(text_of(piece)) for piece in node.named_children if piece.type == "string"]
        if all(piece is not None for piece in pieces):
            return '"' + "".join(piece or "" for piece in pieces).replace('"', "'") + '"'
    return text_of(node)
