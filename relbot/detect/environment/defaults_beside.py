"""Defaults that stand beside a lookup: what a function gives back where nothing is set, what a variable gets then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.expressions import FileConstants, assigned_name, assigned_value, literal_value, unwrap_node, walk_tree
from relbot.detect.engine.syntax import line_of, text_of
from relbot.detect.engine.texts import text_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from relbot.detect.engine.tree import SyntaxTree

_FUNCTIONS = frozenset(
    "function_definition method function_declaration method_declaration function_item function_expression arrow_function"
    " method_definition singleton_method func_literal".split()
)
_RETURNS = frozenset(("return_statement", "return", "return_expression", "jump_expression"))
_LONGEST = 15
"""Lines of a function that does nothing but ask for a value: of a longer one, a literal may be about something else."""
_NEAR = 3
"""Statements from a lookup to what asks whether it found something."""


def find_default_beside(lookup: Node, top: Node, tree: SyntaxTree, constants: FileConstants) -> str | None:
    """The literal that counts without the value; None where there is none, or more than one may be meant."""
    given = _given_later(top, tree)
    if given is not None:
        return given
    function = next((at for at in tree.ancestors_of(lookup) if at.type in _FUNCTIONS), None)
    if function is None or function.end_point[0] - line_of(function) + 1 > _LONGEST:
        return None
    every = list(_returned(function))
    literals = {text for value in every if (text := text_value(value, constants.get)) is not None and text != ""}
    return literals.pop() if len(literals) == 1 and len(every) > 1 else None


def _returned(function: Node) -> Iterator[Node]:
    for node in walk_tree(function):
        if node.type in _RETURNS and node.named_children:
            value = unwrap_node(node.named_children[-1])
            yield value.named_children[0] if value.type == "expression_list" and value.named_children else value


def _given_later(top: Node, tree: SyntaxTree) -> str | None:
    """`limit = 100` below `if limit is None`, where `top` gave `limit` what was looked up."""
    name = assigned_name(top)
    statement = top
    for above in tree.ancestors_of(top):
        if not name or above.type.endswith(
            ("block", "body", "module", "program", "source_file", "statement_list", "compilation_unit")
        ):
            break
        statement = above
    after = statement.next_named_sibling if name else None
    for _ in range(_NEAR):
        if after is None:
            return None
        if after.type.startswith(("if", "unless")) and name in text_of(after.child_by_field_name("condition")):
            for node in walk_tree(after):
                if assigned_name(node) == name and (text := literal_value(assigned_value(node))) is not None:
                    return text
        after = after.next_named_sibling
    return None
