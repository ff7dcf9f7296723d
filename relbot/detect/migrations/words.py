"""What a migration says beside its calls: that it cannot be undone, that it stops, that it depends on settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.expressions import CALLS, callee_of
from relbot.detect.engine.syntax import line_of, text_of
from relbot.detect.migrations.forms import leads_back
from relbot.detect.migrations.steps import MigrationOperation
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

_RAISES = frozenset(("raise_statement", "throw_statement", "throw_expression", "raise"))
_STOPS = re.compile(r"^(raise|abort|panic|throw|sys\.exit|exit)$")
_IRREVERSIBLE = re.compile(r"Irreversible|irreversible")
_BACKGROUND = re.compile(
    r"(^|\.)(perform_later|perform_async|perform_in|delay|apply_async|queue_background\w*|enqueue\w*|dispatch)$"
)
_SETTINGS = re.compile(r"^(settings\.[A-Z_]{3,}|CONF\.\w+|cfg\.CONF|process\.env\.\w+|Rails\.(configuration|application)\.\w+)")
_READS = re.compile(r"^(ENV\.fetch|os\.(getenv|environ\.get)|System\.(get|fetch)_env!?|env|getenv|os\.Getenv)$")
_CHARSET = re.compile(r"(?i)\butf8mb4\b|\bcharacter set\b|\bcollat(e|ion)\b|\bcharset\b")


def read_words(root: Node) -> Iterator[MigrationOperation]:
    """The steps of the way forward that are no calls to the database."""
    stack = [root]
    while stack:
        node = stack.pop()
        if leads_back(node):
            continue
        fact = _fact_of(node)
        if fact:
            yield MigrationOperation(fact, "", words=" ".join(text_of(node).split())[:120], line=line_of(node))
        stack += reversed(node.named_children)


def _fact_of(node: Node) -> str:
    kind = node.type
    if kind in _RAISES:
        return _fact_of_raise(text_of(node))
    if kind == "identifier" and text_of(node) == "irreversible!":
        return "irreversible"
    if kind in CALLS and kind != "attribute":
        callee = callee_of(node)
        if _STOPS.search(callee):
            return _fact_of_raise(text_of(node))
        if _BACKGROUND.search(callee.replace("->", ".").replace("::", ".")):
            return "background"
        return "reads-settings" if _READS.search(callee) else ""
    if kind in ("element_reference", "subscript") and text_of(node).startswith(("ENV[", "os.environ[")):
        return "reads-settings"
    if kind in ("attribute", "member_expression") and _SETTINGS.search(text_of(node)):
        return "reads-settings"
    if kind in ("pair", "keyword_argument") and _CHARSET.search(text_of(node.named_children[0])):
        return "charset"
    return ""


def _fact_of_raise(text: str) -> str:
    if _IRREVERSIBLE.search(text):
        return "irreversible"
    return "" if "NotImplemented" in text else "stops"
