"""Lists as they are put together: `A + ["b"]`, `[*A, "b"]`, `"a b".split()`, as the list that they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.expressions import (
    CALLS,
    arguments_of,
    assigned_name,
    assigned_value,
    callee_of,
    is_assignment,
    literal_value,
    string_value,
    unwrap_node,
)
from relbot.detect.engine.syntax import text_of
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from relbot.detect.engine.tree import SyntaxTree

_LISTS = re.compile(r"^(array|list|tuple|set|slice|right_assignment_list)(?!.*comprehension)")
_COMPREHENSIONS = frozenset(("list_comprehension", "generator_expression", "set_comprehension"))
_WORD_LISTS = frozenset(("string_array", "symbol_array"))
_SPREADS = frozenset(("list_splat", "spread_element", "splat_argument", "variadic_unpacking"))
_SUMS = frozenset(("binary_operator", "binary_expression", "binary", "additive_expression"))
_ADDING = frozenset(("augmented_assignment", "operator_assignment", "augmented_assignment_expression"))
_JOINING = re.compile(r"(^|\.)(array_merge|concat)$")
_COPYING = frozenset(("list", "tuple", "set", "sorted"))
_NAME = re.compile(r"\$?[A-Za-z_]\w*")
_DEEPEST = 5
"""Lists in each other: what is deeper stays as it is written."""


class Lists:
    """The lists of a file, each with the parts that it is put together of."""

    def __init__(self, tree: SyntaxTree) -> None:
        self._tree = tree
        self._known: dict[str, list[tuple[bool, Node]]] = {}

    def parts_of(self, value: Node) -> list[Node | str] | None:
        """The elements of a list, a text for what is computed; None for what is no list, or a sum with what only a run tells."""
        return self._parts(value, _DEEPEST)

    def names_in(self, value: Node) -> Iterator[str]:
        """The names of the lists that a list is put together of."""
        if _NAME.fullmatch(text_of(value)):
            yield text_of(value)
        for part in _joined_parts(value):
            inner = part.named_children[0] if part.type in _SPREADS and part.named_children else part
            if part.type in _SPREADS or not _LISTS.match(value.type):
                yield from self.names_in(inner)

    def _parts(self, value: Node, depth: int) -> list[Node | str] | None:
        if depth == 0:
            return None
        if _NAME.fullmatch(text_of(value)):
            return self._named_list(text_of(value), depth)
        if value.type in _COMPREHENSIONS:
            return self._computed_list(value, depth)
        if (words := _split_words(value)) is not None:
            return list(words)
        if not _is_joined(value):
            return None
        found: list[Node | str] = []
        for part in _joined_parts(value):
            own = self._parts_of_one(part, depth, is_list=not _LISTS.match(value.type))
            if own is None:
                return None
            found += own
        return found

    def _parts_of_one(self, part: Node, depth: int, *, is_list: bool) -> list[Node | str] | None:
        """The elements that a part of a list gives it: itself, unless it is a list of them."""
        if part.type in _SPREADS and part.named_children:
            return self._parts(unwrap_node(part.named_children[0]), depth - 1) or [part]
        return self._parts(part, depth - 1) if is_list else [part]

    def value_of(self, name: str) -> Node | None:
        """The value that a name is given, if it is given one alone."""
        values = self._values_of(name)
        return values[0][1] if len(values) == 1 else None

    def list_of(self, name: str) -> list[Node | str] | None:
        """The elements of the list that a name stands for; None if only a run tells, or another value is given to it later."""
        return self._named_list(name, _DEEPEST)

    def _named_list(self, name: str, depth: int) -> list[Node | str] | None:
        found: list[Node | str] = []
        for at, (is_more, value) in enumerate(self._values_of(name)):
            own = self._parts(value, depth - 1)
            if own is None or is_more != (at > 0):
                return None
            found += own
        return found or None

    def _values_of(self, name: str) -> list[tuple[bool, Node]]:
        """What a name is given, in order, and whether that is added to what it has: `NAME += [...]`."""
        if name not in self._known:
            found: list[tuple[bool, Node]] = []
            for node in self._tree.walk(self._tree.lines_with_any((name.encode(),))):
                is_more = node.type in _ADDING
                target = text_of(node.child_by_field_name("left")) if is_more else is_assignment(node) and assigned_name(node)
                if target == name and (value := assigned_value(node)) is not None:
                    found.append((is_more, value))
            self._known[name] = found
        return self._known[name]

    def _computed_list(self, value: Node, depth: int) -> list[Node | str] | None:
        """What `["django." + name for name in ("auth", "admin")]` gives: texts in which only the name varies."""
        each, *clauses = value.named_children
        if len(clauses) != 1 or clauses[0].type != "for_in_clause":
            return None
        name, source = clauses[0].child_by_field_name("left"), clauses[0].child_by_field_name("right")
        values = self._parts(unwrap_node(source), depth - 1) if source is not None else None
        texts = [one if isinstance(one, str) else literal_value(one) for one in values or ()]
        found = [_with_value(each, text_of(name), text) for text in texts if text is not None]
        return None if not found or len(found) != len(texts) or None in found else [text for text in found if text is not None]


def _is_joined(value: Node) -> bool:
    return _LISTS.match(value.type) is not None or bool(_joined_parts(value))


def _joined_parts(value: Node) -> list[Node]:
    """The parts of a list as it is written, of a sum of lists, or of a call that joins them; none of anything else."""
    if _LISTS.match(value.type):
        return [unwrap_node(child) for child in value.named_children if "comment" not in child.type]
    if value.type in _SUMS and _sign_of(value) in ("+", "++"):
        return [unwrap_node(child) for child in value.named_children]
    if value.type in CALLS:
        callee, given = callee_of(value), arguments_of(value)
        if callee in _COPYING and len(given.positional) == 1:
            return list(given.positional)
        if _JOINING.search(callee) and given.positional:
            first = value.child_by_field_name("function")
            owner = first.named_children[:1] if callee.endswith(".concat") and first is not None else []
            return [*owner, *given.positional]
    return []


def _sign_of(value: Node) -> str:
    operator = value.child_by_field_name("operator") or next((each for each in value.children if not each.is_named), None)
    return text_of(operator)


def _split_words(value: Node) -> list[str] | None:
    """The words of `"a b".split()` and of Ruby's `%w[a b]`."""
    if value.type in _WORD_LISTS:
        return [text_of(word) for word in value.named_children]
    if value.type not in CALLS or not callee_of(value).endswith(".split"):
        return None
    owner = value.child_by_field_name("function") or value.child_by_field_name("receiver")
    text = string_value(owner if owner is None or not owner.named_children else owner.named_children[0])
    text = string_value(owner) if text is None else text
    given = arguments_of(value).positional
    sign = literal_value(given[0]) if given else None
    return None if text is None or (given and not sign) else text.split(sign)


_HOLE = re.compile(r"\{(\w+)\}")


def _with_value(each: Node, name: str, value: str) -> str | None:
    """The text that an expression is where a name has a value: `"a." + name`, `f"a.{name}"`."""
    each = unwrap_node(each)
    if text_of(each) == name:
        return value
    if each.type in _SUMS and _sign_of(each) == "+":
        parts = [_with_value(part, name, value) for part in each.named_children]
        return None if None in parts else "".join(part for part in parts if part is not None)
    text = string_value(each)
    if text is not None and text_of(each)[:1] in ("f", "`"):
        return _HOLE.sub(value.replace("\\", r"\\"), text) if set(_HOLE.findall(text)) == {name} else None
    return text
