"""Settings in Rust: flags that clap derives from structs, and the fields of configuration files that serde reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.syntax import line_of, text_of
from relbot.detect.settings_read.rust_names import (
    AcceptedValue,
    aliases_in,
    attributes_before,
    bare_type,
    name_in,
    read_accepted_values,
    rule_of,
    spell_name,
)
from relbot.detect.settings_read.setting import ENV, FLAG, KEY, OPTION, Setting, normalize_source, string_literal
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from relbot.detect.engine.tree import Lines, SyntaxTree

HINT = re.compile(
    r"set_default|set_override_option|#\[(arg|clap|serde|structopt|derive)|^[ \t]*(pub )?\w+:|^[ \t]*[\w\"]+(\.\w+\(\))?$",
    re.M,
)
WHOLE = re.compile(rb"derive\([^)]{0,300}\b(Parser|Args|Deserialize|StructOpt)\b")
_CONFIG = re.compile(r"(?i:conf|settings|options)|Args|Opts|\bCli\b|(^|[/_])(args|cli|opts)(/|\.rs )")
"""In the path of a file or the name of a struct, it says that operators fill it in, not a client or a database."""


def rust_settings(tree: SyntaxTree, _lines: Lines | None, path: str) -> Iterator[Setting]:
    """The settings of all structs of a file: which of them changed is seen by comparing both sides."""
    source = text_of(tree.root)
    accepted = read_accepted_values(tree.nodes)
    for node in tree.walk(None):
        if node.type == "function_item":
            yield from _read_default(node, source)
        if node.type == "call_expression":
            yield from _read_builder(node)
        if node.type != "struct_item":
            continue
        derived = " ".join(attributes_before(node))
        body = node.child_by_field_name("body")
        if body is None:
            continue
        if re.search(r"\b(Parser|Args|StructOpt)\b", derived):
            for field, attributes in _fields_of(body):
                flags = list(_read_flag(field, attributes))
                yield from (*flags, *_with_values(flags[:1], field, accepted))
        elif "Deserialize" in derived and _CONFIG.search(f"{path} {text_of(node.child_by_field_name('name'))}"):
            filled = re.search(r"serde\([^)]{0,500}\bdefault\b", derived) is not None
            for field, attributes in _fields_of(body):
                key = _read_key(field, attributes, rule_of(derived), filled=filled)
                yield from (key, *_with_values([key], field, accepted))


def _read_builder(node: Node) -> Iterator[Setting]:
    """The defaults that a builder of the crate `config` gets: `.set_default("server.port", 8080)`."""
    function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    if text_of(function.child_by_field_name("field") if function is not None else None) != "set_default" or arguments is None:
        return
    given = [text_of(child) for child in arguments.named_children]
    name = string_literal(given[0]) if len(given) > 1 else None
    if name and function is not None:
        yield Setting(OPTION, name, line_of(arguments), normalize_source(given[1]))


def _read_default(node: Node, source: str) -> Iterator[Setting]:
    """A function that gives a field its default: `#[serde(default = "default_port")]`."""
    name = text_of(node.child_by_field_name("name"))
    if f'default = "{name}"' in source or f"default_value_t = {name}" in source:
        body = text_of(node.child_by_field_name("body")).strip("{} \n")
        yield Setting(KEY, name.removeprefix("default_"), line_of(node), normalize_source(body))


def _fields_of(body: Node) -> Iterator[tuple[Node, str]]:
    for child in body.named_children:
        if child.type == "field_declaration":
            yield child, " ".join(attributes_before(child))


def _read_flag(field: Node, attributes: str) -> Iterator[Setting]:
    name, kind = text_of(field.child_by_field_name("name")), text_of(field.child_by_field_name("type"))
    long = re.search(r"\blong\b(?:\s*=\s*\"([\w-]+)\")?", attributes)
    default = re.search(r"\bdefault_value(?:_t)?\s*=\s*(\"[^\"]*\"|[\w.:]+)", attributes)
    given = normalize_source(default[1]) if default is not None else None
    required = given is None and not kind.startswith(("Option", "bool", "Vec"))
    if long is not None:
        aliases = tuple(re.findall(r"\balias(?:es)?\s*=\s*\[?\"([\w-]+)\"", attributes))
        yield Setting(FLAG, f"--{long[1] or name.replace('_', '-')}", line_of(field), given, required=required, aliases=aliases)
    if (variable := re.search(r"\benv\s*=\s*\"(\w+)\"", attributes)) is not None:
        yield Setting(ENV, variable[1], line_of(field), given, help="clap", required=required)


def _with_values(settings: list[Setting], field: Node, accepted: dict[str, list[AcceptedValue]]) -> Iterator[Setting]:
    """Each value that a setting of such a type accepts, as a setting of its own: `--format plain`, `compression=gzip`."""
    values = accepted.get(bare_type(text_of(field.child_by_field_name("type"))), [])
    for setting in settings:
        sign = " " if setting.kind == FLAG else "="
        for value in values:
            others = tuple(f"{setting.name}{sign}{alias}" for alias in value.aliases)
            yield Setting(setting.kind, f"{setting.name}{sign}{value.name}", line_of(value.node), aliases=others)


def _read_key(field: Node, attributes: str, rule: str, *, filled: bool) -> Setting:
    name, kind = text_of(field.child_by_field_name("name")), text_of(field.child_by_field_name("type"))
    required = (
        not filled
        and not kind.startswith("Option")
        and re.search(r"serde\([^)]{0,500}\b(default|skip|flatten)\b", attributes) is None
    )
    said = name_in(attributes) or spell_name(name, rule)
    return Setting(OPTION, said, line_of(field), type=kind, required=required, aliases=aliases_in(attributes))
