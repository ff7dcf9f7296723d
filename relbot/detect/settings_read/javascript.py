"""Settings in JavaScript and TypeScript: process.env, settings modules, objects that define options, commander, yargs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.syntax import line_of, text_of
from relbot.detect.settings_read.setting import (
    CONSTANT,
    ENV,
    FLAG,
    KEY,
    OPTION,
    SETTING,
    Setting,
    normalize_source,
    says_deprecated,
    string_literal,
)
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from relbot.detect.engine.tree import Lines, SyntaxTree

HINT = re.compile(
    r"process\.env|import\.meta\.env|exports\.\w|([sS]ettings|[cC]onfig)\.\w|\.(requiredO|o)ption\(|\b(env|help|default|desc|describe)['\"]?:"
    r"|DEFAULT_|\bdefault[A-Z]\w* =|^[ \t]*(export )?(const|let|var) [A-Z][A-Z0-9_]{2,}\b",
    re.M,
)
_SETTINGS_MODULE = re.compile(r"(?i)(^|/)[\w.-]*(settings|config|configuration|options|defaults?|definitions)\.[cm]?[jt]s$")
_FRONTEND = re.compile(
    r"(^|/)(webpack|rollup|vite|babel|jest|eslint|postcss|tailwind|karma|next|vue|prettier|playwright)[\w.-]*\.[cm]?[jt]s$"
)
_CONFIG = re.compile(r"(^|\.)(_?settings|_?config|serverConfig|appConfig|Config)$")
_METHODS = re.compile(
    r"^(get|set|has|load\w*|reload\w*|forEach|map|keys|length|push|toString|hasOwnProperty|bind|call|apply|then|put)$"
)


def javascript_settings(tree: SyntaxTree, lines: Lines | None, path: str) -> Iterator[Setting]:
    """The settings that a module declares or reads in the lines (all for None)."""
    if _FRONTEND.search(path):
        return
    module = is_settings_module(path)
    for node in tree.walk(lines):
        kind = node.type
        if kind == "member_expression":
            yield from _read_member(node)
        elif kind == "subscript_expression" and text_of(node.child_by_field_name("object")) == "process.env":
            name = string_literal(text_of(node.child_by_field_name("index")))
            if name:
                yield Setting(ENV, name, line_of(node), _default_beside(node))
        elif kind == "pair":
            yield from _read_pair(node, module=module)
        elif kind == "call_expression":
            yield from _read_call(node)
        elif kind == "assignment_expression" and module:
            yield from _read_export(node)
        elif kind == "variable_declarator":
            name = text_of(node.child_by_field_name("name"))
            value = node.child_by_field_name("value")
            if (
                value is not None
                and _is_top(node)
                and ((module and name.isupper()) or re.search(r"DEFAULT_|_DEFAULT|^default[A-Z]", name))
            ):
                yield from _plain_setting(CONSTANT, name, node, value)


def is_settings_module(path: str) -> bool:
    """Whether a module's name says that it holds settings."""
    return _SETTINGS_MODULE.search(path) is not None


def _read_member(node: Node) -> Iterator[Setting]:
    owner = text_of(node.child_by_field_name("object"))
    name = text_of(node.child_by_field_name("property"))
    if owner in ("process.env", "import.meta.env"):
        yield Setting(ENV, name, line_of(node), _default_beside(node))
    elif _CONFIG.search(owner) and not _METHODS.match(name) and not _is_written(node):
        yield Setting(KEY, name, line_of(node), _default_beside(node), declared=False)


def _default_beside(node: Node) -> str | None:
    parent = node.parent
    if (
        parent is not None
        and parent.type == "binary_expression"
        and text_of(parent.child_by_field_name("operator")) in ("||", "??")
    ):
        return normalize_source(text_of(parent.child_by_field_name("right")))
    return None


def _is_written(node: Node) -> bool:
    parent = node.parent
    return parent is not None and parent.type == "assignment_expression" and parent.child_by_field_name("left") == node


def _is_top(node: Node) -> bool:
    above = node.parent.parent if node.parent is not None else None
    return above is not None and above.type in ("program", "export_statement")


def _read_pair(node: Node, *, module: bool) -> Iterator[Setting]:
    key, value = node.child_by_field_name("key"), node.child_by_field_name("value")
    if key is None or value is None:
        return
    name = string_literal(text_of(key)) or text_of(key)
    if value.type == "object":
        parts = _object_parts(value)
        plain = next((parts[key] for key in ("help", "describe", "desc", "doc") if key in parts), "")
        about = plain or parts.get("description", "")
        typed = "default" in parts or "action" in parts or (plain and "type" in parts)
        if not (string_literal(parts.get("env", "")) or (about and typed)):
            return
        default = normalize_source(parts["default"]) if "default" in parts else None
        gone = says_deprecated(about) or "deprecated" in parts
        wanted = parts.get("required", parts.get("demandOption")) == "true"
        common = Setting(
            OPTION, name, line_of(node), default, normalize_source(about), parts.get("type", ""), deprecated=gone, required=wanted
        )
        yield common
        if environment := string_literal(parts.get("env", "")):
            yield common._replace(kind=ENV, name=environment)
    elif module and _is_exported(node):
        yield from _plain_setting(SETTING, name, node, value)


def _object_parts(value: Node) -> dict[str, str]:
    return {
        string_literal(text_of(pair.child_by_field_name("key"))) or text_of(pair.child_by_field_name("key")): _join_strings(
            text_of(pair.child_by_field_name("value"))
        )
        for pair in value.named_children
        if pair.type == "pair"
    }


def _join_strings(text: str) -> str:
    return re.sub(r"""['"]\s*\+\s*['"]""", "", text)


def _is_exported(node: Node) -> bool:
    """Whether a pair belongs to an object that is the module's, not to one handed to some call."""
    at = node.parent
    while at is not None and at.type in ("object", "pair"):
        at = at.parent
    if at is not None and at.type == "assignment_expression":
        return "exports" in text_of(at.child_by_field_name("left"))
    return at is not None and (at.type == "export_statement" or (at.type == "variable_declarator" and _is_top(at)))


def _read_export(node: Node) -> Iterator[Setting]:
    left, right = text_of(node.child_by_field_name("left")), node.child_by_field_name("right")
    found = re.fullmatch(r"(?:module\.)?(?:exports|settings|config|defaults)\.(\w+)", left)
    if found is not None and right is not None:
        yield from _plain_setting(SETTING, found[1], node, right)


_VALUES = frozenset("number string true false null undefined array unary_expression template_string binary_expression".split())
_ABOUT = frozenset("help action env default type description desc describe required doc".split())


def _plain_setting(kind: str, name: str, node: Node, value: Node) -> Iterator[Setting]:
    if value.type in _VALUES and name not in _ABOUT:
        yield Setting(kind, name, line_of(node), normalize_source(text_of(value)))


def _read_call(node: Node) -> Iterator[Setting]:
    function = text_of(node.child_by_field_name("function"))
    arguments = node.child_by_field_name("arguments")
    given = list(arguments.named_children) if arguments is not None else []
    if not given or (name := string_literal(text_of(given[0]))) is None:
        return
    if function.endswith((".option", ".requiredOption")):
        long = re.search(r"--[\w-]+", name)
        if long is not None:
            default = normalize_source(text_of(given[2])) if len(given) > 2 else None
            about = text_of(given[1]) if len(given) > 1 else ""
            yield Setting(FLAG, long[0], line_of(node), default, normalize_source(about), deprecated=says_deprecated(about))
        elif len(given) > 1 and given[1].type == "object" and re.fullmatch(r"[\w-]+", name):
            parts = _object_parts(given[1])
            default = normalize_source(parts["default"]) if "default" in parts else None
            aliases = tuple(re.findall(r"['\"`]([\w-]{2,})['\"`]", parts.get("alias", "")))
            about = normalize_source(parts.get("describe", parts.get("description", "")))
            yield Setting(FLAG, name, line_of(node), default, about, aliases=aliases)
    elif re.search(r"(^|\.)config\.get$", function):
        yield Setting(KEY, name, line_of(node), declared=False)
