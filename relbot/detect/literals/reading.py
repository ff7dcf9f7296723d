"""The named literals of a file: in code by its syntax tree, in configuration by its keys, elsewhere by its lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.config_structure.entry import dotted_path
from relbot.detect.config_structure.reading import read_live_entries
from relbot.detect.engine import lazy_re as re
from relbot.detect.engine.expressions import (
    CALLS,
    FileConstants,
    arguments_of,
    assigned_name,
    assigned_value,
    callee_of,
    literal_value,
    string_value,
    unwrap_node,
)
from relbot.detect.engine.items import Item
from relbot.detect.engine.syntax import line_of, text_of
from relbot.detect.literals.kinds import (
    ADDRESS,
    LOG,
    OTHER,
    POLICY,
    QUEUE,
    is_answered_address,
    is_constant_name,
    is_layout,
    is_listening_call,
    is_log_call,
    is_strict_call,
    is_task_name,
    is_telling_name,
    kind_of_call,
    kind_of_name,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from relbot.detect.engine.tree import Lines, SyntaxTree

_CONFIG = re.compile(
    r"(^|/)(application|bootstrap)[\w-]*\.(ya?ml|properties)$|(^|/)appsettings[\w.]*\.json$|(^|/)logback[\w-]*\.xml$|(^|/)fly(\.\w+)?\.toml$|(^|/)config/packages/[\w/.-]+\.ya?ml$"
)
_ADDRESS_KEY = re.compile(
    r"(?i)(^|\.)(server\.port|server\.address|context-path|base-path|management\.server\.port|url|urls|applicationurl|endpoints\..*\.url"
    r"|servlet\.path|port|internal_port)$"
)
_DEFAULTED = re.compile(
    r"(?i)^(server\.port|server\.servlet\.context-path|server\.address|management\.server\.port|management\.endpoints\.web\.base-path)$"
)
_NAMESPACES = frozenset("class_declaration class_definition class module struct_item impl_item object_declaration".split())
_FUNCTIONS = frozenset(
    "function_definition method function_declaration method_declaration function_item method_definition singleton_method".split()
)
_TEXTS = re.compile(r"template|string|interpolat|formatted|encapsed|concatenat")
_PLAIN_LINE = re.compile(
    r"""^(?:\s*(?:#\s?define|-define\(|\(def(?:ine)?|our \$|my \$)\s?)?[\s\w<>*&:,]*?\b([A-Za-z_][\w.-]{3,})\s*(?::=|=|:|,|\s)\s*("[^"]*"|'[^']*'|-?\d[\d_.]*\w{0,3}|true|false)\s*[,;).]*\s*(?://.*|--.*|#.*)?$"""
)


def is_config_file(path: str) -> bool:
    """Whether it is a framework's file of keys that this module reads."""
    return _CONFIG.search(path) is not None


def read_code(tree: SyntaxTree, lines: Lines, path: str) -> Iterator[Item]:
    """The named literals of a parsed file that lines touch; names of constants of the file stand for their values."""
    file = _File(tree, path)
    for node in tree.walk(lines):
        kind = node.type
        name = assigned_name(node)
        if name:
            yield from _read_named(node, name, file)
        if kind in CALLS:
            yield from _read_call(node, file)
        if (value := _returned(node, tree)) is not None and (owner := _owner_of(node, tree)):
            yield from _read_layout(value, owner, path)
            shared = kind_of_name(owner, path)
            if shared != OTHER and (text := file.value_of(value)) is not None:
                yield Item(shared, owner, text, line_of(value))


_OUTGOING = re.compile(r"(?i)smtp|mail|redis|database|client|upstream|proxy|ldap")
"""Around a port or a host, it says that the program asks there, not that it answers there."""


def _returned(node: Node, tree: SyntaxTree) -> Node | None:
    """What a function gives back, by a statement or, in Ruby, as the last thing that it says."""
    if node.type in ("return_statement", "return") and node.named_children:
        value = node.named_children[-1]
        return value.named_children[0] if value.type == "expression_list" and len(value.named_children) == 1 else value
    if node.type == "body_statement" and node.named_children:
        above = tree.parent_of(node)
        return node.named_children[-1] if above is not None and above.type == "method" else None
    return None


class _File:
    """A parsed file with what is looked up in it again and again."""

    def __init__(self, tree: SyntaxTree, path: str) -> None:
        self.tree = tree
        self.path = path
        self._constants = FileConstants(tree)
        self._around: dict[int, tuple[str, ...]] = {}

    def value_of(self, node: Node) -> str | None:
        """The literal that a node is, or that a constant of this name stands for; None for anything else."""
        text = literal_value(node)
        return text if text is not None or not node.type.endswith(_NAMES) else self._constants.get(text_of(node))

    def names_around(self, node: Node) -> tuple[str, ...]:
        """The names of what is around a node that was walked, from the outside in."""
        above = self.tree.parent_of(node)
        if above is None:
            return ()
        if above.id not in self._around:
            name = _name_of_owner(above)
            self._around[above.id] = (*self.names_around(above), name) if name else self.names_around(above)
        return self._around[above.id]


_NAMES = tuple("identifier constant name selector_expression member_expression attribute scope_resolution field_access".split())
"""How the types of nodes end that may stand for a literal."""


def _name_of_owner(node: Node) -> str:
    name = assigned_name(node)
    if name:
        return name
    if node.type in _NAMESPACES | _FUNCTIONS:
        return text_of(node.child_by_field_name("name"))
    if node.type == "composite_literal":
        return text_of(node.child_by_field_name("type"))
    if node.type in CALLS and node.type != "attribute":
        method = node.child_by_field_name("method")  # in Ruby, a call without arguments is all of its block
        return text_of(method) if method is not None else callee_of(node)[-40:]
    return ""


def _read_named(node: Node, name: str, file: _File) -> Iterator[Item]:
    value = assigned_value(node)
    if value is None:
        return
    name = name.lstrip("$@")
    around = file.names_around(node)
    kind = kind_of_name(name, file.path)
    if kind == OTHER and around:
        kind = kind_of_name(f"{around[-1]}.{name}", file.path)
    full = ".".join([*around, name])
    if kind == ADDRESS and _OUTGOING.search(full):
        kind = OTHER
    if kind != OTHER or _is_constant(node, name, file.tree):
        texts = [file.value_of(each) for each in _values_in(value)]
        if all(text is not None for text in texts) and texts:
            yield Item(kind, full, ", ".join(text for text in texts if text is not None), line_of(node))
    yield from _read_layout(value, name, file.path)


def _values_in(value: Node) -> list[Node]:
    """The parts of a list, or the value itself."""
    if value.type.startswith(("array", "list", "tuple", "set", "slice")):
        return [unwrap_node(child) for child in value.named_children]
    return [value]


def _is_constant(node: Node, name: str, tree: SyntaxTree) -> bool:
    plain = node.type not in ("pair", "keyword_argument", "argument", "value_argument")
    return (plain and is_constant_name(name)) or (is_telling_name(name) and not _is_inside(node, tree))


def _is_inside(node: Node, tree: SyntaxTree) -> bool:
    """Whether a function or a call is around a node: its names are its own."""
    return any(
        at.type in _FUNCTIONS or (at.type in CALLS and at.type != "attribute") or "arrow_function" in at.type
        for at in tree.ancestors_of(node)
    )


def _owner_of(node: Node, tree: SyntaxTree) -> str:
    function = next((at for at in tree.ancestors_of(node) if at.type in _FUNCTIONS), None)
    return text_of(function.child_by_field_name("name")) if function is not None else ""


def _read_call(node: Node, file: _File) -> Iterator[Item]:
    callee = callee_of(node)
    short = callee.rpartition(".")[2]
    if is_log_call(callee):
        yield Item(LOG, f"{file.path} {'.'.join(file.names_around(node)[:2])}", short, line_of(node))
    if is_strict_call(callee) or (callee == "serde" and "deny_unknown_fields" in text_of(node)):
        yield Item("strict", f"{file.path} {short}", "", line_of(node))
    if found := _MATCHER.search(callee):
        yield Item(POLICY, f"matcher {found[1]}", found[2], line_of(node))
    if is_listening_call(callee):
        yield from _read_address(node, callee, file)
    kind = kind_of_call(callee)
    if kind is None:
        first = next(iter(arguments_of(node).positional), None)
        if first is not None and (task := file.value_of(first)) is not None and is_task_name(callee, task):
            yield Item(QUEUE, f"{callee} {task.partition(':')[0]}", task, line_of(node))
        return
    positional = arguments_of(node).positional
    first = next(iter(positional[1:] if callee.endswith("worker.New") else positional), None)
    if first is not None and (text := file.value_of(first)) is not None:
        if _NOT_DURABLE.search(text_of(node)):
            text += " (not durable)"
        yield Item(kind, ".".join([*file.names_around(node), short]), text, line_of(node))


def _read_address(node: Node, callee: str, file: _File) -> Iterator[Item]:
    """The address at which a call lets the program answer: the first argument that is one."""
    for given in arguments_of(node).positional[:2]:
        inside = given.named_children if given.type == "tuple_expression" else [given]
        for text in (file.value_of(each) for each in reversed(inside)):
            if text is not None and is_answered_address(text):
                yield Item(ADDRESS, ".".join([*file.names_around(node), callee.rpartition(".")[2]]), text, line_of(node))
                return


_MATCHER = re.compile(r"[mM]atchers\(\s*\"([^\"]+)\"\)\.(permitAll|authenticated|denyAll|hasRole|hasAuthority)$")
_NOT_DURABLE = re.compile(r"\bdurable['\"]?\s*[:=]\s*[fF]alse")


def _read_layout(value: Node, name: str, path: str) -> Iterator[Item]:
    if value.type == "arrow_function":
        value = value.child_by_field_name("body") or value
    text = string_value(value)
    if (
        text is not None
        and "/" in text
        and re.search(r"[{%#]|\$\w", text)
        and _TEXTS.search(value.type)
        and is_layout(name, path)
    ):
        yield Item("layout", name, re.sub(r"\{[^{}]*\}", "{}", text), line_of(value))


def read_literal_settings(text: str, path: str) -> Iterator[Item]:
    """The addresses and places that a framework's file of keys gives; `defaulted` are those with a default of the framework.

    Raises Unreadable.
    """
    if path.endswith(".properties"):
        entries = [
            (key.strip(), value.strip(), number)
            for number, line in enumerate(text.split("\n"), 1)
            for key, _, value in [line.partition("=")]
        ]
    else:
        ending = path.rpartition(".")[2]
        found = read_live_entries({"yml": "yaml"}.get(ending, ending), text)
        entries = [(dotted_path(entry.path), entry.value, entry.line) for entry in found]
    for key, value, line in entries:
        if path.endswith(".xml"):
            if key.endswith(".file"):
                yield Item("store", key, value, line)
            elif key.endswith(("pattern", "encoder.@class", "layout.@class")):
                yield Item(LOG, f"{path} encoder", value, line)
        elif _ADDRESS_KEY.search(key) and not re.search(r"(?i)datasource|client|jdbc", key):
            yield Item("defaulted" if _DEFAULTED.match(key) else ADDRESS, key, value, line)
        elif re.search(r"(?i)(^|[.])(queue|topic|group-id)([._-]?name)?$", key):
            yield Item(QUEUE, key, value, line)


def read_lines(text: str) -> Iterator[Item]:
    """Names with a literal beside them, in a language that has no grammar here."""
    for number, line in enumerate(text.split("\n"), 1):
        found = _PLAIN_LINE.match(line[:300])
        if found is not None:
            yield Item(OTHER, found[1], found[2].strip("\"'"), number)
