"""Commands and flags that code declares, read from syntax trees, where no other detector reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.expressions import CALLS, arguments_of, assigned_name, callee_of, literal_value, string_value, walk_tree
from relbot.detect.engine.syntax import text_of
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from relbot.detect.engine.tree import SyntaxTree

HINTS = {
    "python": re.compile_at_words(rb"typer|command\(|group\(|add_parser\(", "typer command( group( add_parser("),
    "ruby": re.compile(rb"Thor\b"),
    "go": re.compile_at_words(rb"cobra\.Command|cli\.Command|kong\.|cmd:\"", 'cobra.Command cli.Command kong. cmd:"'),
    "tsx": re.compile_at_words(rb"\.command\(|Flags\.|oclif", ".command( Flags. oclif"),
    "typescript": re.compile_at_words(rb"\.command\(|Flags\.|oclif", ".command( Flags. oclif"),
    "java": re.compile(rb"@Command|@Option|@Parameter|@CommandLine"),
    "kotlin": re.compile(rb"@Command|@Option|@Parameter|CliktCommand|option\("),
    "c_sharp": re.compile(rb"new (Option|Command|Argument)|\[(Option|Verb)|\bOption<\w+> \w+ = new\("),
    "php": re.compile(rb"\$signature|AsCommand|setName\(|addOption\("),
    "rust": re.compile(rb"Subcommand|Command::new|clap"),
    "elixir": re.compile(rb"Mix\.Task|OptionParser"),
}
_COMMANDS = re.compile(
    r"(^|[.:>])(command|group|add_parser|AsCommand|Command|Verb|setName|Command::new|RootCommand|CliktCommand)$"
)
_OPTIONS = re.compile(r"(^|[.:>])(Option(<[^<>]*>)?|Parameter|addOption|CommandLine\.Option|option)$")
_PYTHON_WORDS = re.compile(rb"[cC]ommand|group|add_parser|Verb|setName|Option")
"""What every declaration in Python has that is read below."""
_LONG = re.compile(r"--?[a-z][\w-]*")


def read_commands(tree: SyntaxTree, language: str) -> Iterator[tuple[str, str]]:
    """The kind, `command` or `flag`, and the name of each that a parsed file declares."""
    for node in tree.walk(tree.lines_with(_PYTHON_WORDS) if language == "python" else None):
        if node.type in CALLS:
            yield from _read_call(node, language)
        elif node.type in ("property_element", "property_declaration") and assigned_name(node) in ("$signature", "signature"):
            yield from _read_signature(node)
        elif node.type == "composite_literal":
            yield from _read_literal(node)
        elif node.type in ("enum_item", "class"):
            yield from _read_type(node)
        elif node.type in ("field_declaration", "public_field_definition"):
            yield from _read_field(node)


def _read_call(node: Node, language: str) -> Iterator[tuple[str, str]]:
    callee = callee_of(node)
    if language == "elixir":
        if callee == "defmodule" and (found := re.search(r"Mix\.Tasks\.([\w.]+)", text_of(node)[:200])):
            yield "command", f"mix {_kebab(found[1])}"
    elif language not in ("go", "ruby") and _COMMANDS.search(callee) and not callee.startswith("Process"):
        yield from _read_command(node, callee, language)
    elif language == "c_sharp" and node.type == "implicit_object_creation_expression":
        first = next(iter(arguments_of(node).positional), None)
        yield from (("flag", text) for text in [string_value(first) or ""] if _LONG.fullmatch(text))
    elif language in _WITH_OPTIONS and _OPTIONS.search(callee):
        yield from _read_option(node, callee)
    elif language == "python" and callee.endswith("typer.Option"):
        for value in arguments_of(node).positional:
            yield from (("flag", part) for part in (string_value(value) or "").split("/") if _LONG.fullmatch(part))


_WITH_OPTIONS = ("java", "kotlin", "c_sharp", "php")


def _read_option(node: Node, callee: str) -> Iterator[tuple[str, str]]:
    given = arguments_of(node)
    for value in (*given.positional[:2], *given.named.values()):
        for text in (string_value(each) or "" for each in walk_tree(value)):
            if _LONG.fullmatch(text):
                yield "flag", text
            elif text and callee.endswith("addOption") and value is given.positional[0]:
                yield "flag", f"--{text}"


def _read_command(node: Node, callee: str, language: str) -> Iterator[tuple[str, str]]:
    given = arguments_of(node)
    name = string_value(given.named.get("name")) or next((literal_value(each) for each in given.positional[:1]), None)
    at = node.parent
    if name is None and language == "python" and at is not None and at.type == "decorator" and at.parent is not None:
        name = text_of((at.parent.child_by_field_name("definition") or at).child_by_field_name("name")).replace("_", "-")
    if name and (language != "python" or "command" in callee or "group" in callee or "add_parser" in callee):
        yield "command", name.split(" ")[0].split("|")[0]


def _read_literal(node: Node) -> Iterator[tuple[str, str]]:
    """Go's `cobra.Command{Use: "sync <a>", Aliases: []string{"s"}}` and `cli.Command{Name: "sync"}`."""
    if not re.search(r"\b(cobra|cli)\.Command$", text_of(node.child_by_field_name("type"))):
        return
    body = node.child_by_field_name("body")
    for pair in body.named_children if body is not None else ():
        if assigned_name(pair) in ("Use", "Name", "Aliases"):
            for text in (string_value(each) for each in walk_tree(pair)):
                if text and text.split():
                    yield "command", text.split()[0]


def _read_signature(node: Node) -> Iterator[tuple[str, str]]:
    """Laravel's `$signature = 'orders:export {--all}'`."""
    said = next((text for each in walk_tree(node) if (text := string_value(each)) is not None), "")
    if said.split():
        yield "command", said.split()[0]
        yield from (("flag", f"--{name}") for name in re.findall(r"\{--(?:\w\|)?([\w-]+)", said))


def _read_type(node: Node) -> Iterator[tuple[str, str]]:
    """Variants of clap's `Subcommand`, and public methods of a Thor class that have a description."""
    inside = [child for body in node.named_children for child in body.named_children]
    if node.type == "class" and re.search(r"\bThor\b", text_of(node.child_by_field_name("superclass"))):
        described = False
        for each in inside:
            described = described or (each.type == "call" and text_of(each.child_by_field_name("method")) == "desc")
            if each.type == "method" and described:
                yield "command", text_of(each.child_by_field_name("name"))
                described = False
    elif node.type == "enum_item" and "Subcommand" in text_of(node.prev_named_sibling):
        yield from _read_variants(inside)


def _read_variants(inside: list[Node]) -> Iterator[tuple[str, str]]:
    renamed = ""
    for each in inside:
        if each.type == "attribute_item":
            found = re.search(r"\bname\s*=\s*\"([\w-]+)\"", text_of(each))
            renamed = found[1] if found else renamed
            yield from (("command", name) for name in re.findall(r"\balias\s*=\s*\"([\w-]+)\"", text_of(each)))
        elif each.type == "enum_variant":
            yield "command", renamed or _kebab(text_of(each.child_by_field_name("name")))
            renamed = ""


def _read_field(node: Node) -> Iterator[tuple[str, str]]:
    """Fields of kong's structs, by their tags, and the flags of an oclif command."""
    if node.type == "public_field_definition":
        if text_of(node.child_by_field_name("name")) == "flags":
            holder = node.child_by_field_name("value")
            yield from (
                ("flag", f"--{assigned_name(pair)}")
                for pair in (holder.named_children if holder is not None else ())
                if assigned_name(pair)
            )
        return
    tag = text_of(node.child_by_field_name("tag"))
    found = re.search(r"\b(cmd|arg|help|short|default|enum|env):\"", tag)
    if found is None or "`" not in tag or re.search(r"\b(env|envconfig|json|yaml|mapstructure):\"\w", tag):
        return
    name = re.search(r"\bname:\"([\w-]+)\"", tag)
    shown = name[1] if name else _kebab(text_of(node.child_by_field_name("name")))
    kind = "command" if "cmd:" in tag else "flag"
    if "arg:" not in tag:
        yield kind, shown if kind == "command" else f"--{shown}"


def _kebab(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).replace("_", "-").lower()
