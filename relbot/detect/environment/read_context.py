"""What is around a node that reads something: the names that get its value, and the function that it stands in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.expressions import assigned_name
from relbot.detect.engine.syntax import text_of
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from tree_sitter import Node

    from relbot.detect.engine.tree import SyntaxTree

_FUNCTIONS = frozenset(
    "function_definition method function_declaration method_declaration function_item function_expression arrow_function"
    " method_definition singleton_method property_declaration lambda func_literal".split()
)
_OWNERS = frozenset(
    "class_declaration class_definition class struct_item module impl_item object_declaration call_expression".split()
)
_ANNOTATED = frozenset(("field_declaration", "formal_parameter", "class_parameter", "property_declaration", "method_declaration"))
_ENDS = ("_statement", "block", "program", "body")


class NamesAround(NamedTuple):
    """The names around a node, from the outside in; and the function around it, else the same names."""

    target: tuple[str, ...]
    scope: tuple[str, ...]


class _Names(NamedTuple):
    """The names around a node, from the outside in, and the name of the innermost function."""

    names: tuple[str, ...]
    function: str


_NO_NAMES = _Names((), "")


class ReadContext:
    """The surroundings of the nodes of a tree that were walked. What many nodes have around them is looked at once."""

    def __init__(self, tree: SyntaxTree) -> None:
        self.tree = tree
        self._targets: dict[int, str] = {}
        self._around: dict[int, _Names] = {}

    def target_of(self, node: Node) -> str:
        """The name that a node gives a value to; a default that is handed over goes where the call's value goes."""
        found = self._targets.get(node.id)
        if found is None:
            found = assigned_name(node)
            if found in ("default", "fallback", "defaultValue") and node.type in ("keyword_argument", "element_value_pair"):
                found = ""
            self._targets[node.id] = found
        return found

    def gets_value(self, node: Node) -> bool:
        """Whether a value goes no further than to this node: it has a name for it, or is a function or a statement."""
        kind = node.type
        return bool(self.target_of(node)) or kind in _FUNCTIONS or kind.endswith(_ENDS)

    def names_around(self, node: Node) -> NamesAround:
        """The names around a node, its own included."""
        waiting = [node]
        above = self.tree.parent_of(node)
        while above is not None and above.id not in self._around:
            waiting.append(above)
            above = self.tree.parent_of(above)
        found = self._around[above.id] if above is not None else _NO_NAMES
        for at in reversed(waiting):
            found = self._with_own(at, found)
            self._around[at.id] = found
        return NamesAround(found.names, ("function", found.function) if found.function else found.names)

    def _with_own(self, node: Node, outer: _Names) -> _Names:
        kind = node.type
        name = self.target_of(node)
        function = outer.function
        if kind in _FUNCTIONS or (not name and kind in _OWNERS):
            own = text_of(node.child_by_field_name("name"))
            name = name or own
            function = (own if kind in _FUNCTIONS else "") or function
        elif not name and kind in _ANNOTATED:
            name = _annotated_name(node)
        return _Names((*outer.names, name) if name and outer.names[-1:] != (name,) else outer.names, function)


def _annotated_name(node: Node) -> str:
    """The name of a field or a parameter, to which its annotations belong."""
    inner = node.child_by_field_name("declarator") or node
    return text_of(inner.child_by_field_name("name"))
