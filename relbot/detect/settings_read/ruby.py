"""Settings in Ruby: ENV, Rails' `config.x = …`, reads of a configuration's attributes or keys, options of Thor and optparse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.syntax import line_of, text_of
from relbot.detect.settings_read.setting import (
    CONSTANT,
    ENV,
    FLAG,
    KEY,
    SETTING,
    Setting,
    name_of,
    normalize_source,
    string_literal,
)
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from relbot.detect.engine.tree import Lines, SyntaxTree

HINT = re.compile(
    r"^(workers|threads|port|bind|listen|worker_\w+|timeout)\b|Rails\.|Config\.|CONFIG\b|Settings\.|SETTINGS\b|\bconfig\.\w|option|\.on\b"
    r"|^[ \t]*[A-Z][A-Z0-9_]{2,}\s*=",
    re.M,
)
_CONFIG = re.compile(r"^(App|Application|Site|Global)?(Config|Settings|Configuration)$|^CONFIG$|^SETTINGS$")
_RAILS = re.compile(r"^(Rails\.(application|configuration)(\.config)?|(Rails\.)?config)\.(?P<name>[\w.]+)$")
_RAILS_X = re.compile(r"^Rails\.(application\.config|configuration)\.x\b")
_SYMBOL = re.compile(r":\w+")
_NO_OPTIONS = re.compile(
    r"^(new|load\w*|reload\w*|first|get|instance|fetch|configure|setup|create\w*|find\w*|where|class|is_a\?|nil\?|present\?|blank\?)$"
)


def ruby_settings(tree: SyntaxTree, lines: Lines | None, path: str) -> Iterator[Setting]:
    """The settings that a file declares or reads in the lines (all for None)."""
    config = "config" in path or path.endswith("settings.rb")
    server = _SERVER.search(path) is not None
    for node in tree.walk(lines):
        kind = node.type
        if kind == "element_reference":
            yield from _read_element(node)
        elif kind == "call":
            yield from _read_call(node)
            if server and node.child_by_field_name("receiver") is None:
                yield from _read_server(node)
        elif kind == "assignment" and config:
            yield from _read_assignment(node)


_SERVER = re.compile(r"(^|/)(puma|unicorn|falcon)(\.\w+)?\.rb$")


def _read_server(node: Node) -> Iterator[Setting]:
    """What a web server's file says by words of its own: `workers 2`."""
    arguments = node.child_by_field_name("arguments")
    value = normalize_source(text_of(arguments)) if arguments is not None else ""
    if value and "ENV" not in value:
        yield Setting(SETTING, text_of(node.child_by_field_name("method")), line_of(node), value)


def _read_element(node: Node) -> Iterator[Setting]:
    owner = text_of(node.child_by_field_name("object"))
    keys = [child for child in node.named_children[1:] if child.type in ("string", "simple_symbol")]
    if not keys or _is_written(node):
        return
    name = _literal_name(text_of(keys[0]))
    if not name:
        return
    if owner == "ENV":
        parent = node.parent
        default = None
        if parent is not None and parent.type == "binary" and text_of(parent.child_by_field_name("operator")) in ("||", "or"):
            default = normalize_source(text_of(parent.child_by_field_name("right")))
        yield Setting(ENV, name, line_of(node), default)
    elif _CONFIG.match(owner):
        yield Setting(KEY, name, line_of(node), declared=False)


def _read_call(node: Node) -> Iterator[Setting]:
    receiver = node.child_by_field_name("receiver")
    method = text_of(node.child_by_field_name("method"))
    arguments = node.child_by_field_name("arguments")
    given = [text_of(child) for child in arguments.named_children] if arguments is not None else []
    line = line_of(node)
    owner = text_of(receiver)
    if receiver is None:
        yield from _read_thor_option(method, given, line)
    elif owner == "ENV" and method == "fetch" and given and (name := name_of(given[0])):
        yield Setting(ENV, name, line, normalize_source(given[1]) if len(given) > 1 else None, required=len(given) == 1)
    elif method == "on" and (long := [text for text in map(_literal_name, given) if text and text.startswith("--")]):
        yield Setting(FLAG, re.split(r"[ =\[]", long[0])[0], line, help=normalize_source(given[-1]))
    elif (_CONFIG.match(owner.split(".")[0]) or _RAILS_X.match(owner)) and (node.parent is None or node.parent.type != "call"):
        yield from _read_attributes(node, line)


def _read_thor_option(method: str, given: list[str], line: int) -> Iterator[Setting]:
    if method in ("option", "method_option", "class_option") and given and (name := _literal_name(given[0])):
        default = re.search(r"default: ([^,]+)", ", ".join(given[1:]))
        yield Setting(FLAG, name, line, normalize_source(default[1]) if default else None, help=", ".join(given[1:]))


def _read_attributes(node: Node, line: int) -> Iterator[Setting]:
    """The key that a chain such as `Config.mail.host` reads."""
    parts = re.split(r"&?\.", _RAILS_X.sub("x", text_of(node).split("(")[0]))
    names = [part for part in parts[1:] if not _NO_OPTIONS.match(part) and re.fullmatch(r"[a-z]\w*[?]?", part)]
    if names and len(parts) > 1 and not _NO_OPTIONS.match(parts[1]) and not _is_written(node):
        yield Setting(KEY, ".".join(names).rstrip("?"), line, declared=False)


def _read_assignment(node: Node) -> Iterator[Setting]:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or right is None:
        return
    name = text_of(left)
    rails = _RAILS.match(name)
    if left.type == "call" and rails is not None:
        yield Setting(SETTING, rails["name"], line_of(node), normalize_source(text_of(right)))
    elif left.type == "constant" and name.isupper():
        yield Setting(CONSTANT, name, line_of(node), normalize_source(text_of(right)))


def _is_written(node: Node) -> bool:
    parent = node.parent
    return parent is not None and parent.type == "assignment" and parent.child_by_field_name("left") == node


def _literal_name(text: str) -> str | None:
    return text[1:] if _SYMBOL.fullmatch(text) else string_literal(text)
