"""What code checks before it goes on: a name that is not set ends the program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.syntax import text_of
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tree_sitter import Node

    from relbot.detect.engine.tree import SyntaxTree

FATAL = re.compile(
    r"\b(raise|throw|panic|abort|exit|die|error|bail!|fail)\b\W|\b(log\.Fatal|os\.Exit|sys\.exit|process\.exit|System\.exit|Environment\.Exit)"
    r"|log\.Fatal|\bfatal|\breturn\b[^\n]{0,80}\b(fmt\.Errorf|errors\.(New|Join|Wrap\w{0,5}))\(",
    re.I,
)

_ENDING = (
    b"raise",
    b"throw",
    b"panic",
    b"abort",
    b"exit",
    b"die",
    b"error",
    b"bail!",
    b"fail",
    b"fatal",
    b"Errorf(",
    b"errors.",
    b"assert",
    b"invariant",
)
"""A part of each of these words, and what begins an assertion: the lines to be looked at."""


def find_guarded_names(tree: SyntaxTree, names: frozenset[str], holders: Mapping[str, set[str]]) -> set[str]:
    """The names without which the program stops: an `if` asks for one of them, or for the variable that got it, and ends.

    `holders` are the variables that get something, each with the names of what it gets.
    """
    if not names:
        return set()
    found: set[str] = set()
    for node in tree.walk(tree.lines_with_words(_ENDING)):
        asked = _condition_that_stops(node)
        if asked:
            words = _WORDS.findall(asked)
            found |= names.intersection((*words, *(name.rstrip(".:-") for name in _NAMES.findall(asked))))
            if _EMPTY.search(asked):
                found |= {name for word in words for name in holders.get(word, ())}
    return found


def _condition_that_stops(node: Node) -> str:
    """What a branch asks before the program ends, "" for all other nodes."""
    if node.type == "call_expression":
        return _asserted(node)
    if not node.type.startswith(("if", "unless", "assert")) and node.type != "binary_expression":
        return ""
    condition = node.child_by_field_name("condition") or (node.named_children[0] if node.named_children else None)
    if condition is None:
        return ""
    body = node.child_by_field_name("consequence") or node.child_by_field_name("body")
    rest = "raise " if node.type == "assert_statement" else text_of(node)[len(text_of(condition)) :]
    return text_of(condition) if FATAL.search((text_of(body) if body is not None else rest) + " ") else ""


_ASSERTIONS = re.compile(r"(assert(\.ok)?|invariant|ok)\s*\(")


def _asserted(call: Node) -> str:
    """What `assert(key, "...")` of JavaScript asks; "" for all other calls."""
    given = call.child_by_field_name("arguments")
    if given is None or not given.named_children or _ASSERTIONS.match(text_of(call)[:_LONGEST_WORD]) is None:
        return ""
    return text_of(given.named_children[0])


_LONGEST_WORD = 20
_NAMES = re.compile(r"[\w.:-]+")
_WORDS = re.compile(r"\w+")
_EMPTY = re.compile(r"(?i)null|nil|none|undefined|empty|blank|\"\"|''|!\s*\w|\bnot\b|is_none|present|^\(?\w+\)?$")
