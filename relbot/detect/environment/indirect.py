"""Names of variables that stand apart from the lookup: in a constant, in a list, or before the rest of the name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.expressions import (
    CALLS,
    FileConstants,
    arguments_of,
    assigned_name,
    assigned_value,
    callee_of,
    string_value,
)
from relbot.detect.engine.syntax import text_of
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tree_sitter import Node

    from relbot.detect.engine.tree import SyntaxTree
    from relbot.detect.environment.lookup_words import LookupWords


class IndirectName(NamedTuple):
    """A name, or the beginning of names; without a text, one that only a run of the program tells."""

    text: str
    is_prefix: bool = False


UNKNOWN_NAME = IndirectName("")
_MANY = re.compile(r"^ENV\.(values_at|slice|fetch_values)$")
_NAME = re.compile(r"[A-Z][A-Z0-9_]{2,}")
_BEGINNING = re.compile(r"[A-Z][A-Z0-9]*_")
_JOINED = re.compile(r"[fF$]?[\"'`]\$?#?\{(\w+)\}")
_TEMPLATE = re.compile(r"[fF$]?[\"'`]([A-Z][A-Z0-9]{0,40}_)[$#]?\{")
_SUMS = frozenset(("binary_operator", "binary_expression", "binary", "additive_expression"))
_LISTS = frozenset(
    "tuple list set array array_element_initializer array_creation_expression literal_value literal_element".split()
)


def read_indirect_names(node: Node, words: LookupWords, constants: FileConstants) -> Iterator[IndirectName]:
    """The names that a call or an access by key asks for without saying one, in the order of its arguments."""
    if node.type in CALLS:
        callee = callee_of(node)
        given = arguments_of(node).positional
        if _MANY.match(callee):
            yield from (IndirectName(name) for each in given if (name := string_value(each)))
            return
        if not given or (words.optional.search(callee) is None and words.required.search(callee) is None):
            return
        asked = given[0]
    else:
        inside = node.named_children
        if len(inside) < 2 or words.tables.search(text_of(inside[0])) is None:
            return
        asked = inside[-1]
    yield _name_of(asked, constants)


def _name_of(asked: Node, constants: FileConstants) -> IndirectName:
    text = text_of(asked)
    name = constants.get(text)
    if name is not None:
        return IndirectName(name) if _NAME.fullmatch(name) else UNKNOWN_NAME
    first = asked.named_children[0] if asked.type in _SUMS and asked.named_children else None
    joined = _JOINED.match(text)
    while first is not None and first.type in _SUMS and first.named_children:
        first = first.named_children[0]
    beginning = constants.get(joined[1]) if joined else None
    if (template := _TEMPLATE.match(text)) is not None:
        beginning = template[1]
    if first is not None:
        beginning = string_value(first) or constants.get(text_of(first))
    return IndirectName(beginning, is_prefix=True) if beginning and _BEGINNING.fullmatch(beginning) else UNKNOWN_NAME


def read_listed_names(tree: SyntaxTree, capitals: re.Pattern[bytes], asking: Iterable[Node]) -> Iterator[tuple[Node, str]]:
    """The names in capitals that lists of a file hold, or that its own functions get: what they ask for.

    `asking` are the lookups without a literal: the functions around them ask for what they get.
    """
    helpers = {_name_of_function(above) for node in asking for above in tree.ancestors_of(node)} - {""}
    for node in tree.walk(tree.lines_with_any((), capitals)):
        if (name := string_value(node)) is not None and _NAME.fullmatch(name):
            above = next((at for at in tree.ancestors_of(node) if at.type not in _AROUND_ARGUMENT), None)
            listed = above is not None and above.type in _LISTS
            if listed or (above is not None and above.type in CALLS and callee_of(above).rpartition(".")[2] in helpers):
                yield node, name


def is_demanded(listed: Node, tree: SyntaxTree, asking: Iterable[Node]) -> bool:
    """Whether a loop of Python goes through the list that a name stands in, and each turn fails where that one is not set."""
    return any(
        place.type == "subscript" and any(_holds(through, listed, tree) for through in _loops_around(place, tree))
        for place in asking
    )


def _loops_around(place: Node, tree: SyntaxTree) -> Iterator[Node]:
    """What the loops around a lookup go through, as long as nothing lets the lookup fail or be left out."""
    for above in tree.ancestors_of(place):
        if above.type in ("try_statement", "if_statement", "with_statement", "conditional_expression", "if_clause"):
            return
        if above.type == "assignment" and above.child_by_field_name("left") == place:
            return
        clauses = [above, *above.named_children] if above.type.endswith("comprehension") else [above]
        if any(clause.type == "if_clause" for clause in clauses):
            return
        for clause in clauses:
            if clause.type in ("for_statement", "for_in_clause") and (through := clause.child_by_field_name("right")):
                yield through


def _holds(through: Node, listed: Node, tree: SyntaxTree) -> bool:
    if through.type == "identifier":
        return any(assigned_name(above) == text_of(through) for above in tree.ancestors_of(listed))
    return through.start_byte <= listed.start_byte and listed.end_byte <= through.end_byte


_AROUND_ARGUMENT = frozenset(("argument", "value_argument", "argument_list", "arguments", "value_arguments"))


def _name_of_function(node: Node) -> str:
    """The name of a function, also of one that a variable gets; "" for any other node."""
    if node.type.endswith(_FUNCTIONS):
        return text_of(node.child_by_field_name("name"))
    value = assigned_value(node) if assigned_name(node) else None
    return assigned_name(node) if value is not None and value.type.endswith(_FUNCTIONS) else ""


_FUNCTIONS = tuple(
    "function_definition function_declaration method_declaration function_item method arrow_function lambda".split()
)
