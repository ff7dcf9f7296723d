"""The named literals of a file: in code by its syntax tree, in configuration by its keys, elsewhere by its lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.config_structure.entry import Unreadable, dotted_path
from relbot.detect.config_structure.reading import read_live_entries
from relbot.detect.engine import lazy_re as re
from relbot.detect.engine.expressions import (
    CALLS,
    arguments_of,
    assigned_name,
    assigned_value,
    callee_of,
    constants_of,
    literal_value,
    string_value,
    unwrap_node,
    walk_tree,
)
from relbot.detect.engine.items import Item
from relbot.detect.engine.syntax import line_of, text_of
from relbot.detect.literals.kinds import (
    ADDRESS,
    LOG,
    OTHER,
    POLICY,
    QUEUE,
    is_layout,
    is_log_call,
    is_strict_call,
    kind_of_call,
    kind_of_name,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

_CONFIG = re.compile(
    r"(^|/)(application|bootstrap)[\w-]*\.(ya?ml|properties)$|(^|/)appsettings[\w.]*\.json$|(^|/)logback[\w-]*\.xml$|(^|/)fly(\.\w+)?\.toml$"
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


def read_code(root: Node, path: str) -> Iterator[Item]:
    """The named literals of a parsed file; names of constants of the file stand for their values."""
    constants = constants_of(root)
    for node in walk_tree(root):
        name = assigned_name(node)
        if name:
            yield from _read_named(node, name, constants, path)
        if node.type in CALLS:
            yield from _read_call(node, constants, path)
        if (value := _returned(node)) is not None and (owner := _owner_of(node)):
            yield from _read_layout(value, owner, path)
            kind = kind_of_name(owner, path)
            if kind != OTHER and (text := _value_of(value, constants)) is not None:
                yield Item(kind, owner, text, line_of(value))


_OUTGOING = re.compile(r"(?i)smtp|mail|redis|database|client|upstream|proxy|ldap")
"""Around a port or a host, it says that the program asks there, not that it answers there."""


def _returned(node: Node) -> Node | None:
    """What a function gives back, by a statement or, in Ruby, as the last thing that it says."""
    if node.type in ("return_statement", "return") and node.named_children:
        value = node.named_children[-1]
        return value.named_children[0] if value.type == "expression_list" and len(value.named_children) == 1 else value
    if node.type == "body_statement" and node.parent is not None and node.parent.type == "method" and node.named_children:
        return node.named_children[-1]
    return None


def _read_named(node: Node, name: str, constants: dict[str, str], path: str) -> Iterator[Item]:
    value = assigned_value(node)
    if value is None:
        return
    name = name.lstrip("$@")
    around = _names_around(node)
    full = ".".join([*around, name])
    kind = kind_of_name(name, path)
    if kind == OTHER and around:
        kind = kind_of_name(f"{around[-1]}.{name}", path)
    if kind == ADDRESS and _OUTGOING.search(full):
        kind = OTHER
    texts = [_value_of(each, constants) for each in _values_in(value)]
    if texts and all(text is not None for text in texts) and (kind != OTHER or _is_constant(node, name)):
        yield Item(kind, full, ", ".join(text for text in texts if text is not None), line_of(node))
    yield from _read_layout(value, name, path)


def _values_in(value: Node) -> list[Node]:
    """The parts of a list, or the value itself."""
    if re.search(r"^(array|list|tuple|set|slice)", value.type):
        return [unwrap_node(child) for child in value.named_children]
    return [value]


def _value_of(node: Node, constants: dict[str, str]) -> str | None:
    text = literal_value(node)
    return text if text is not None else constants.get(text_of(node))


def _is_constant(node: Node, name: str) -> bool:
    return (
        node.type not in ("pair", "keyword_argument", "argument", "value_argument")
        and re.fullmatch(r"[A-Z][A-Z0-9_]{2,}|[A-Z]\w{3,}|default\w+", name) is not None
    ) or (len(name) >= _TELLING and not _is_inside(node))


_TELLING = 6
"""From so many letters on, a name that the documentation has is hardly there by chance."""


def _is_inside(node: Node) -> bool:
    """Whether a function or a call is around a node: its names are its own."""
    at = node.parent
    while at is not None:
        if at.type in _FUNCTIONS or (at.type in CALLS and at.type != "attribute") or "arrow_function" in at.type:
            return True
        at = at.parent
    return False


def _names_around(node: Node) -> list[str]:
    names: list[str] = []
    at = node.parent
    while at is not None:
        name = assigned_name(at)
        if not name and at.type in _NAMESPACES | _FUNCTIONS:
            name = text_of(at.child_by_field_name("name"))
        elif not name and at.type in CALLS and at.type != "attribute":
            method = at.child_by_field_name("method")  # in Ruby, a call without arguments is all of its block
            name = text_of(method) if method is not None else callee_of(at)[-40:]
        elif not name and at.type == "composite_literal":
            name = text_of(at.child_by_field_name("type"))
        if name:
            names.append(name)
        at = at.parent
    return names[::-1]


def _owner_of(node: Node) -> str:
    at = node.parent
    while at is not None and at.type not in _FUNCTIONS:
        at = at.parent
    return text_of(at.child_by_field_name("name")) if at is not None else ""


def _read_call(node: Node, constants: dict[str, str], path: str) -> Iterator[Item]:
    callee = callee_of(node)
    if is_log_call(callee):
        yield Item(LOG, f"{path} {'.'.join(_names_around(node)[:2])}", callee.rpartition(".")[2], line_of(node))
    if is_strict_call(callee) or (callee == "serde" and "deny_unknown_fields" in text_of(node)):
        yield Item("strict", f"{path} {callee.rpartition('.')[2]}", "", line_of(node))
    kind = kind_of_call(callee)
    positional = arguments_of(node).positional
    first = next(iter(positional[1:] if callee.endswith("worker.New") else positional), None)
    if found := re.search(r"[mM]atchers\(\s*\"([^\"]+)\"\)\.(permitAll|authenticated|denyAll|hasRole|hasAuthority)$", callee):
        yield Item(POLICY, f"matcher {found[1]}", found[2], line_of(node))
    if kind is not None and first is not None and (text := _value_of(first, constants)) is not None:
        if re.search(r"\bdurable['\"]?\s*[:=]\s*[fF]alse", text_of(node)):
            text += " (not durable)"
        yield Item(kind, ".".join([*_names_around(node), callee.rpartition(".")[2]]), text, line_of(node))


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
    """The addresses and places that a framework's file of keys gives; `defaulted` are those with a default of the framework."""
    if path.endswith(".properties"):
        entries = [
            (key.strip(), value.strip(), number)
            for number, line in enumerate(text.split("\n"), 1)
            for key, _, value in [line.partition("=")]
        ]
    else:
        try:
            ending = path.rpartition(".")[2]
            found = read_live_entries({"yml": "yaml"}.get(ending, ending), text)
        except (Unreadable, KeyError):
            return
        entries = [(dotted_path(entry.path), entry.value, entry.line) for entry in found]
    for key, value, line in entries:
        if path.endswith(".xml"):
            if key.endswith(".file"):
                yield Item("store", key, value, line)
            elif key.endswith(("pattern", "encoder.@class", "layout.@class")):
                yield Item(LOG, f"{path} encoder", value, line)
        elif _ADDRESS_KEY.search(key) and not re.search(r"(?i)datasource|client|jdbc", key):
            yield Item("defaulted" if _DEFAULTED.match(key) else ADDRESS, key, value, line)
        elif re.search(r"(?i)(^|[.])(queue|topic|group-id)(\.name)?$", key):
            yield Item(QUEUE, key, value, line)


def read_lines(text: str) -> Iterator[Item]:
    """Names with a literal beside them, in a language that has no grammar here."""
    for number, line in enumerate(text.split("\n"), 1):
        found = _PLAIN_LINE.match(line[:300])
        if found is not None:
            yield Item(OTHER, found[1], found[2].strip("\"'"), number)
