"""Enums whose members rows have, by number or by name, as a mapping to tables says in the same change set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.expressions import literal_value
from relbot.detect.engine.items import Item
from relbot.detect.engine.syntax import language_of, line_of, parse_sides, text_of
from relbot.detect.literals.mapped_types import NUMBER, VALUE, find_mapped_types
from relbot.detect.literals.stored_values import STORED
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from relbot.detect.engine.model import ChangeSet, FileChange
    from relbot.detect.engine.tree import SyntaxTree

_WORDS = {
    "java": b"enum ",
    "kotlin": b"enum class ",
    "c_sharp": b"enum ",
    "go": b"iota",
    "rust": b"enum ",
    "python": b"Enum)",
    "typescript": b"enum ",
}
"""What a file of each language has that declares an enum."""


def may_declare_enum(change: FileChange) -> bool:
    """Whether both sides of a file may declare an enum: a look at the bytes, before anything is parsed."""
    word = _WORDS.get(language_of(change.path) or "")
    return word is not None and word in (change.before or b"") and word in (change.after or b"")


def read_stored_enums(changes: ChangeSet) -> tuple[list[Item], list[Item]]:
    """The members, before and after, of each enum that a table has all the time, each with the value that rows have."""
    declaring = [change for change in changes.files if change.before != change.after and may_declare_enum(change)]
    if not declaring:
        return [], []
    was = find_mapped_types((change.old_path, change.old) for change in changes.files if change.before is not None)
    now = find_mapped_types((change.path, change.new) for change in changes.files if change.after is not None)
    old: list[Item] = []
    new: list[Item] = []
    for change in declaring:
        sides = parse_sides(change)
        for tree, mapped, other, items in ((sides.old, was, now, old), (sides.new, now, was, new)):
            for name, members in _enums_of(tree, language_of(change.path) or "") if tree is not None else ():
                how = mapped.get(name)
                if how is not None and how == other.get(name, how):
                    items.extend(_as_stored(name, member, how)._replace(path=change.path) for member in members)
    return old, new


def _as_stored(enum: str, member: Item, how: str) -> Item:
    number, _, said = member.value.partition(" ")
    value = number if how == NUMBER else said or number if how == VALUE else member.name
    return Item(STORED, f"{enum}.{member.name}", value, member.line)


def _enums_of(tree: SyntaxTree, language: str) -> Iterator[tuple[str, list[Item]]]:
    """The enums of a file by name, their members in order with their number and, after a space, the value given to them."""
    for node in tree.nodes:
        if language == "go":
            if node.type == "const_declaration" and "iota" in text_of(node):
                name, members = _of_go(node)
                yield name, members
        elif node.type in ("enum_declaration", "enum_item") or (
            node.type in ("class_declaration", "class_definition") and _ENUM_CLASS.match(text_of(node))
        ):
            yield text_of(node.child_by_field_name("name")), list(_members_of(node))


_ENUM_CLASS = re.compile(r"(?:\w+\s+){0,3}enum\s+class\b|class\s+\w+\([\w., ]*Enum\)")
_MEMBERS = frozenset(("enum_constant", "enum_entry", "enum_member_declaration", "enum_variant", "enum_assignment"))


def _members_of(node: Node) -> Iterator[Item]:
    number = -1
    for child in (each for body in node.named_children for each in body.named_children):
        named = child.child_by_field_name("name")
        said = literal_value(child.child_by_field_name("value"))
        if child.type in _MEMBERS:
            named = named or next((each for each in child.named_children if "identifier" in each.type), None)
        elif child.type == "property_identifier":
            named = child
        elif child.type == "expression_statement" and (given := child.named_children[0]).type == "assignment":
            named, said = given.child_by_field_name("left"), literal_value(given.child_by_field_name("right"))
        else:
            continue
        number = int(said) if said is not None and said.isdecimal() else number + 1
        yield Item("", _renamed(child) or text_of(named), f"{number} {said or ''}", line_of(child))


_RENAMED = re.compile(r"\b(?:rename|string_value|db_rename)\s*=\s*\"([^\"]*)\"")


def _renamed(member: Node) -> str:
    """The name that an attribute of Rust before a member gives to it, "" without one."""
    before = member.prev_named_sibling
    said = _RENAMED.search(text_of(before)) if before is not None and before.type == "attribute_item" else None
    return said[1] if said is not None else ""


def _of_go(node: Node) -> tuple[str, list[Item]]:
    """The constants of a block with `iota`; what is added to it moves all of them."""
    specs = [child for child in node.named_children if child.type == "const_spec"]
    kinds = [text_of(spec.child_by_field_name("type")) for spec in specs]
    start = re.search(r"iota\s*\+\s*(\d{1,9})", text_of(node))
    first = int(start[1]) if start is not None else 0
    members = [
        Item("", text_of(spec.child_by_field_name("name")), f"{at} ", line_of(spec)) for at, spec in enumerate(specs, first)
    ]
    return next(filter(None, kinds), ""), [member for member in members if member.name != "_"]
