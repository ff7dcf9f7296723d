"""Texts with values in them that say where stored files lie, or under which key something is kept for a while."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.expressions import string_value
from relbot.detect.engine.items import Item
from relbot.detect.engine.syntax import line_of
from relbot.detect.literals.kinds import CACHE, QUEUE, is_cache_key, is_layout, kind_of_name
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tree_sitter import Node

_TEXTS = re.compile(r"template|string|interpolat|formatted|encapsed|concatenat")
_FILLING = re.compile(r"[{%#]|\$\w")
_FILLED_IN = re.compile(r"\{(?:[^{}:]*[.>])?([^{}:.>]*)(:[^{}]*)?\}")


def read_layout(value: Node, name: str, path: str, constant: Callable[[str], str | None]) -> Iterator[Item]:
    """The layout that a value of that name is, with what constants stand for in it."""
    if value.type == "arrow_function":
        value = value.child_by_field_name("body") or value
    text = string_value(value)
    if text is None or _FILLING.search(text) is None or _TEXTS.search(value.type) is None:
        return
    kind = "layout" if "/" in text and is_layout(name, path) else CACHE if is_cache_key(name, path) else None
    if kind is None and kind_of_name(name, path) == QUEUE and " " not in _FILLED_IN.sub("", text):
        kind = QUEUE
    if kind is not None:
        yield Item(kind, name, _FILLED_IN.sub(lambda found: constant(found[1]) or _last_name(found), text), line_of(value))


def _last_name(found: re.Match[str]) -> str:
    """What is put in, without what it belongs to: `{order.id}` and `{self.id}` are one."""
    return f"{{{found[1].strip()}{found[2] or ''}}}"
