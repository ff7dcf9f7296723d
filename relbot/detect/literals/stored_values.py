"""Values that rows of a database have, as code declares them: enums of Rails and Doctrine or Eloquent, choices of Django."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.expressions import CALLS, arguments_of, callee_of, literal_value
from relbot.detect.engine.items import Item
from relbot.detect.engine.syntax import line_of, text_of
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from relbot.detect.engine.model import FileChange

STORED = "stored"
_DECLARES = re.compile(rb"(?m)^[^\S\n]*enum[ (]:?\w|\((?:\w+\.)?(?:Text|Integer)Choices\)")
_WORDS = (b"enum ", b"enum(", b"Choices)")
"""One of them is in each declaration: to look for them takes a tenth of the time."""
_NOT_STORED = frozenset("_prefix _suffix _scopes _default prefix suffix scopes default validate instance_methods".split())
DECLARING = CALLS | {"class_definition", "enum_declaration"}
"""The types of nodes that may declare such values."""


def declares_stored_values(change: FileChange) -> bool:
    """Whether a file may declare such values: a look at its bytes, before it is parsed."""
    sides = (change.before or b"", change.after or b"")
    if change.path.endswith((".ts", ".js")) and all(b"new Schema(" in side or b"mongoose.Schema(" in side for side in sides):
        return True
    if change.path.endswith(".ts"):
        return all(b"enum " in side and b"@Entity(" in side for side in sides)
    return change.path.endswith((".rb", ".py", ".php")) and any(map(_has_declaration, sides))


def _has_declaration(content: bytes) -> bool:
    return any(word in content for word in _WORDS) and _DECLARES.search(content) is not None


def read_stored_values(node: Node, around: tuple[str, ...]) -> Iterator[Item]:
    """The members of an enum, each with the value that rows have."""
    if node.type == "class_definition" and re.search(
        r"\b(Text|Integer)Choices\b", text_of(node.child_by_field_name("superclasses"))
    ):
        yield from _of_choices(node)
    elif node.type == "enum_declaration" and node.child_by_field_name("body") is not None:
        yield from _of_enum(node)
    elif node.type == "new_expression" and callee_of(node).rpartition(".")[2] == "Schema":
        yield from _of_mongoose(node, around)
    elif node.type in CALLS and callee_of(node) == "enum":
        yield from _of_rails(node, ".".join(around))


def _of_mongoose(node: Node, around: tuple[str, ...]) -> Iterator[Item]:
    """The fields of Mongoose's `new Schema({ email: { type: String } })`: the keys of the documents that are there."""
    first = next(iter(arguments_of(node).positional), None)
    for pair in first.named_children if first is not None and first.type == "object" else ():
        key = pair.child_by_field_name("key") if pair.type == "pair" else None
        if key is not None:
            yield Item(STORED, ".".join([*around, text_of(key).strip("'\"")]), "", line_of(pair))


def _of_rails(node: Node, around: str) -> Iterator[Item]:
    given = arguments_of(node)
    named = {name: value for name, value in given.named.items() if name not in _NOT_STORED}
    if given.positional and (name := literal_value(given.positional[0])):
        value = given.positional[1] if len(given.positional) > 1 else None
        held = {name: value} if value is not None else {}
        yield from _members(name, {literal_value(each) or "": str(at) for at, each in enumerate(named.values())}, around, node)
        named = held or {}
    for name, value in named.items():
        inside = [child for child in value.named_children if child.type != "comment"]
        if value.type == "hash":
            pairs = {
                text_of(pair.named_children[0]).strip(":'\""): literal_value(pair.named_children[-1]) or ""
                for pair in inside
                if pair.named_children
            }
        else:
            pairs = {literal_value(each) or text_of(each): str(at) for at, each in enumerate(inside)}
        yield from _members(name, pairs, around, node)


def _members(name: str, pairs: dict[str, str], around: str, node: Node) -> Iterator[Item]:
    yield from (
        Item(STORED, f"{around}.{name}.{member}".strip("."), value, line_of(node)) for member, value in pairs.items() if value
    )


def _of_choices(node: Node) -> Iterator[Item]:
    title = text_of(node.child_by_field_name("name"))
    body = node.child_by_field_name("body")
    for statement in body.named_children if body is not None else ():
        for each in statement.named_children:
            if each.type == "assignment" and (right := each.child_by_field_name("right")) is not None:
                first = right.named_children[0] if right.type in ("expression_list", "tuple") else right
                if (value := literal_value(first)) is not None:
                    yield Item(STORED, f"{title}.{text_of(each.child_by_field_name('left'))}", value, line_of(each))


_MEMBERS = ("enum_case", "enum_assignment")


def _of_enum(node: Node) -> Iterator[Item]:
    title = text_of(node.child_by_field_name("name"))
    body = node.child_by_field_name("body")
    for case in body.named_children if body is not None else ():
        if (
            case.type in ("enum_case", "enum_assignment")
            and (value := literal_value(case.child_by_field_name("value"))) is not None
        ):
            yield Item(STORED, f"{title}.{text_of(case.child_by_field_name('name'))}", value, line_of(case))
