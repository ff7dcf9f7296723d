"""The named literals of code, by its syntax tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.expressions import (
    ASSIGNING,
    CALLS,
    FileConstants,
    arguments_node,
    arguments_of,
    assigned_name,
    assigned_value,
    callee_of,
    is_assignment,
    string_value,
)
from relbot.detect.engine.items import Item
from relbot.detect.engine.lists import Lists
from relbot.detect.engine.syntax import line_of, text_of
from relbot.detect.engine.texts import text_value
from relbot.detect.literals.digests import read_digest
from relbot.detect.literals.kinds import (
    ADDRESS,
    CRYPTO,
    LIMIT,
    OTHER,
    POLICY,
    QUEUE,
    SETTING,
    STORE,
    is_constant_name,
    is_task_name,
    is_telling_name,
    kind_of_name,
    traits_of_call,
)
from relbot.detect.literals.layouts import read_layout
from relbot.detect.literals.named_places import NAMING, read_listening, read_log_format, read_naming
from relbot.detect.literals.plain_calls import INDEXED, read_plain_call, written_call
from relbot.detect.literals.policies import read_policies
from relbot.detect.literals.queue_arguments import read_queue_arguments
from relbot.detect.literals.returned import RETURNING, returned_value
from relbot.detect.literals.stored_values import DECLARING, read_stored_values
from relbot.detect.literals.telling_values import kind_of_value
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from relbot.detect.engine.tree import Lines, SyntaxTree

_NAMESPACES = frozenset("class_declaration class_definition class module struct_item impl_item object_declaration".split())
_FUNCTIONS = frozenset(
    "function_definition method function_declaration method_declaration function_item method_definition singleton_method".split()
)


def read_code(tree: SyntaxTree, lines: Lines, path: str) -> Iterator[Item]:
    """The named literals of a parsed file that lines touch; names of constants of the file stand for their values."""
    file = _File(tree, path)
    for node in tree.walk(lines):
        kind = node.type
        if kind in ASSIGNING and (name := assigned_name(node)):
            yield from _read_named(node, name, file)
        if kind in CALLS:
            yield from _read_call(node, file)
            yield from read_digest(node, file.path, file)
        if kind in CALLS or kind in INDEXED:
            found = read_plain_call(node, file.names_around(node))
            of_settings = kind_of_name("limit", path) == SETTING  # there, the limit in the call is a setting itself
            yield from (item for item in found if item.group != LIMIT or not of_settings)
        if kind in DECLARING:
            yield from read_stored_values(node, file.names_around(node))
        if (text := string_value(node)) is not None and (shared := kind_of_value(text)) is not None:
            yield from _read_place(node, text, shared, file)
        if kind in RETURNING and (value := returned_value(node, tree)) is not None and (owner := _owner_of(node, tree)):
            yield from read_layout(value, owner, path, file.constant)
            shared = kind_of_name(owner, path)
            if shared != OTHER and (text := file.value_of(value)) is not None:
                yield Item(shared, owner, text, line_of(value))


_OUTGOING = re.compile(r"(?i)smtp|mail|redis|database|client|upstream|proxy|ldap")
"""Around a port or a host, it says that the program asks there, not that it answers there."""


class _File:
    """A parsed file with what is looked up in it again and again."""

    def __init__(self, tree: SyntaxTree, path: str) -> None:
        self.tree = tree
        self.path = path
        self.lists = Lists(tree)
        self._constants = FileConstants(tree)
        self._around: dict[int, tuple[str, ...]] = {}

    def value_of(self, node: Node) -> str | None:
        """The literal that a node is, or that a constant of this name stands for; None for anything else."""
        return text_value(node, self._constant_of)

    def _constant_of(self, name: str) -> str | None:
        own = _OWN.sub("", name)
        known = self._constants.get(own)
        if known is not None or not own.isidentifier() or (value := self.lists.value_of(own)) is None:
            return known
        return text_value(value, self._constants.get)

    def value_node(self, node: Node) -> Node | None:
        """What a name is given that is given once; None for anything else."""
        return self.lists.value_of(text_of(node)) if node.type.endswith("identifier") else None

    def constant(self, name: str) -> str | None:
        """The literal that a name stands for."""
        return self._constants.get(name) if is_constant_name(name) else None

    def names_around(self, node: Node) -> tuple[str, ...]:
        """The names of what is around a node that was walked, from the outside in."""
        above = self.tree.parent_of(node)
        if above is None:
            return ()
        if above.id not in self._around:
            name = _name_of_owner(above)
            self._around[above.id] = (*self.names_around(above), name) if name else self.names_around(above)
        return self._around[above.id]


_NAMES = (
    *"identifier constant name selector_expression member_expression attribute scope_resolution field_access".split(),
    "constant_access_expression",
)
"""How the types of nodes end that may stand for a literal."""
_OWN = re.compile(r"^(self|static)::(?=[A-Z])")


def _name_of_owner(node: Node) -> str:
    name = assigned_name(node)
    if name:
        return name
    if node.type in _NAMESPACES | _FUNCTIONS:
        return text_of(node.child_by_field_name("name"))
    if node.type == "composite_literal":
        return text_of(node.child_by_field_name("type"))
    if node.type in CALLS and (node.type != "attribute" or arguments_node(node) is not None):
        method = node.child_by_field_name("method")  # in Ruby, a call without arguments is all of its block
        return text_of(method) if method is not None else _last_word(callee_of(node))
    return ""


_LAST_WORD = re.compile(r"[\w!?]+$")


def _last_word(callee: str) -> str:
    """What is called, without what it is called on: a chain of calls has arguments in it that may change."""
    found = _LAST_WORD.search(callee[-80:])
    return found[0] if found is not None else ""


def _read_named(node: Node, name: str, file: _File) -> Iterator[Item]:
    value = assigned_value(node)
    if value is None:
        return
    name = name.lstrip("$@")
    if (name == "extra" and "forbid" in text_of(value)) or (name == "UnmappedMemberHandling" and "Disallow" in text_of(value)):
        yield Item("strict", f"{file.path} extra", "", line_of(node))
    around = file.names_around(node)
    full = ".".join([*around, name])
    kind = _kind_of_named(name, full, around, value, file.path)
    if kind != OTHER or _is_constant(node, name, file.tree):
        texts = [_text_of_value(each, kind, file) for each in _parts_of(node, value, name, file)]
        if kind == QUEUE and (keys := _keys_in(value)):
            texts = list(keys)
        if kind == SETTING and len(texts) > 1:
            texts = [text or "…" for text in texts]
        if all(text is not None for text in texts) and texts:
            yield Item(kind, full, ", ".join(text for text in texts if text is not None), line_of(node))
    yield from read_layout(value, name, file.path, file.constant)


def _parts_of(node: Node, value: Node, name: str, file: _File) -> list[Node | str]:
    """The elements of a list that a node gives a name, with what is added to it later; the value itself if it is none."""
    parts = file.lists.parts_of(value)
    if parts is not None and is_assignment(node):
        parts = file.lists.list_of(name) or parts
    return parts or [value]


_DEEPEST = 3
"""A port below more names than these is that of something in data: nobody reaches the program there."""


def _read_place(node: Node, text: str, kind: str, file: _File) -> Iterator[Item]:
    """A text that says by itself what it is, but for a value with a name, and for the default of what is looked up."""
    above = file.tree.parent_of(node)
    if above is not None and above.type in ("argument", "value_argument"):
        above = file.tree.parent_of(above)
    if above is None or assigned_value(above) == node:
        return
    call = file.tree.parent_of(above)
    if call is not None and call.type in CALLS:
        if traits_of_call(callee_of(call)).shares is not None:
            return
        first = next(iter(arguments_of(call).positional), None)
        if first is not None and first != node and string_value(first) is not None:
            return
    yield Item(kind, ".".join(file.names_around(node)) or file.path, text, line_of(node))


_FILE_STORAGE = re.compile(r"(?i)(^|\.)storages\.(?!static)\w+\.backend$|(^|\.)default_file_storage$|active_storage\.service$")
"""The settings that tell in which store the files of users are."""


def _text_of_value(value: Node | str, kind: str, file: _File) -> str | None:
    """A literal, what a constant stands for, a policy's class, or how a setting is written; None for what only a run tells."""
    if isinstance(value, str):
        return value
    if kind == POLICY and value.type == "identifier":
        return text_of(value)
    return file.value_of(value) or (written_call(value) if kind in (SETTING, STORE) else None)


def _kind_of_named(name: str, full: str, around: tuple[str, ...], value: Node, path: str) -> str:
    """The kind of a named value: by its name, by what is around it, or by what it is."""
    kind = kind_of_name(name, path)
    if kind == SETTING and _FILE_STORAGE.search(full):
        return STORE
    if kind in (OTHER, CRYPTO) and around:
        kind = kind_of_name(".".join((*around[-2:], name)), path)
    if kind == ADDRESS and (_OUTGOING.search(full) or len(around) > _DEEPEST):
        kind = OTHER
    if kind in (OTHER, SETTING) and (text := string_value(value)) is not None:
        kind = kind_of_value(text) or kind
    return kind


def _keys_in(value: Node) -> list[str]:
    """The keys of a map, such as the queues that a worker takes from, each with its weight: their order says nothing."""
    holder = next((child for child in value.named_children if child.type in ("keywords", "literal_value", "token_tree")), value)
    children = holder.named_children if holder.type != "arguments" else []
    return sorted(key for child in children if (key := assigned_name(child)))


def _is_constant(node: Node, name: str, tree: SyntaxTree) -> bool:
    plain = node.type not in ("pair", "keyword_argument", "argument", "value_argument")
    return (plain and is_constant_name(name)) or (is_telling_name(name) and not _is_inside(node, tree))


def _is_inside(node: Node, tree: SyntaxTree) -> bool:
    """Whether a function or a call is around a node: its names are its own."""
    return any(
        at.type in _FUNCTIONS
        or (at.type in CALLS and at.type != "attribute" and not text_of(at).endswith("}.freeze"))
        or "arrow_function" in at.type
        for at in tree.ancestors_of(node)
    )


def _owner_of(node: Node, tree: SyntaxTree) -> str:
    function = next((at for at in tree.ancestors_of(node) if at.type in _FUNCTIONS), None)
    return text_of(function.child_by_field_name("name")) if function is not None else ""


def _read_call(node: Node, file: _File) -> Iterator[Item]:
    callee = callee_of(node)
    short, traits = callee.rpartition(".")[2], traits_of_call(callee)
    yield from read_log_format(node, callee, file)
    if (traits.is_strict and (short != "strictObject" or _OF_CONFIGURATION.search(file.path))) or (
        callee == "serde" and "deny_unknown_fields" in text_of(node)
    ):
        yield Item("strict", f"{file.path} {short}", "", line_of(node))
    yield from read_policies(node, callee, file.names_around(node), file.lists)
    if traits.listens:
        yield from read_listening(node, callee, file)
    kind = traits.shares
    if kind is None and callee in NAMING:
        yield from read_naming(node, callee, file)
    if kind is None:
        first = next(iter(arguments_of(node).positional), None) if traits.registers else None
        if first is not None and (task := file.value_of(first)) is not None and is_task_name(task):
            yield Item(QUEUE, f"{callee} {task.partition(':')[0]}", task, line_of(node))
        return
    positional = arguments_of(node).positional
    positional = positional[1:] if callee.endswith("worker.New") else positional
    text = next((said for each in positional[:2] if (said := file.value_of(each)) not in (None, "true", "false")), None)
    if text is not None:
        if kind == QUEUE:
            text += read_queue_arguments(node, file)
        yield Item(kind, ".".join([*file.names_around(node), short]), text, line_of(node))


_OF_CONFIGURATION = re.compile(r"(?i)config|settings|options|env")
"""In the path of a file, it says that a schema is that of a configuration, not of a request."""
