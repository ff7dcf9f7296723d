"""The paths that stand before those of routes: what routers, groups and mounts of a file put there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.expressions import (
    CALLS,
    Arguments,
    arguments_of,
    assigned_name,
    assigned_value,
    callee_of,
    literal_value,
    string_value,
)
from relbot.detect.engine.syntax import text_of
from relbot.detect.interfaces.route_words import plain_path
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from tree_sitter import Node

    from relbot.detect.engine.tree import Lines, SyntaxTree
    from relbot.detect.interfaces.route_words import Words

PATH_KEYS = ("path", "value", "url", "uri", "prefix", "url_prefix", "at", "name")


def split_callee(node: Node) -> tuple[str, str]:
    """What a call is made on, and the word that is called."""
    called = callee_of(node)
    word = re.search(r"(?<!\w)(\w++)[!?]?$", called)
    if word is None:
        return "", ""
    before = called[: word.start()]
    return next((before.removesuffix(mark) for mark in (".", "->", "::") if before.endswith(mark)), before), word[1]


def read_first_path(given: Arguments) -> str | None:
    """The first argument, None if it is no literal."""
    return literal_value(given.positional[0]) if given.positional else None


def read_named_path(given: Arguments) -> str | None:
    """The argument that is a path by its name, None without one."""
    return next((text for key in PATH_KEYS if key in given.named and (text := string_value(given.named[key])) is not None), None)


def find_prefixes(tree: SyntaxTree, lines: Lines, words: Words) -> dict[str, str]:
    """The path before those that are declared on a variable: `v1 := r.Group("/v1")`, `router = APIRouter(prefix="/a")`."""
    found: dict[str, str] = {}
    for node in tree.walk(lines):
        if node.type == "call_expression" and (mounted := _mounted(node)) is not None:
            found[mounted[0]] = mounted[1] + found.get(mounted[0], "")
        name = assigned_name(node)
        call = assigned_value(node) if name else None
        if call is None or call.type not in CALLS:
            continue
        owner, word = split_callee(call)
        if word.lower() not in words.prefixes:
            continue
        given = arguments_of(call)
        first = given.positional[0] if given.positional else None
        if first is not None and first.type == "object":  # Koa: `new Router({ prefix: "/a" })`
            keys = {assigned_name(pair): pair.named_children[-1] for pair in first.named_children if pair.named_children}
            given = Arguments((), keys)
        prefixed = any("prefix" in key for key in given.named)
        if prefixed or word not in ("Blueprint", "APIRouter", "Router"):
            path = read_named_path(given) if prefixed else read_first_path(given)
            found[name.strip("$")] = found.get(owner, "") + plain_path(path or "")
    return found


def _mounted(call: Node) -> tuple[str, str] | None:
    """The variable and the path of Express' `app.use("/api", router)`."""
    given = arguments_of(call).positional if split_callee(call)[1] == "use" else ()
    path = string_value(given[0]) if len(given) > 1 and given[-1].type == "identifier" else None
    return (text_of(given[-1]), plain_path(path)) if path else None
