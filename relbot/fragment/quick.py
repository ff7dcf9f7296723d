"""Whole fragments, read without a YAML parser and without a look at their lines: those of a few plain keys and plain prose.

Nearly all fragments of a large release are so, and it is built while somebody waits. Whatever could mean more than it seems,
right or wrong, is left to `relbot.fragment.parse`, and a test holds the two together.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from relbot.fragment.body import may_have_headings
from relbot.fragment.model import Fragment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from relbot.fragment.location import Location

_FRAME = re.compile(
    r"---\n((?:(?:type|component): [a-z]+(?:-[a-z]+)*\n|issues: \[[1-9][0-9]*(?:, [1-9][0-9]*)*\]\n){1,3})---\n",
)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


def quick_fragment(content: bytes, location: Location, words: Mapping[str, frozenset[str]]) -> Fragment | None:
    """The fragment in a file's bytes, or None if somebody more thorough has to look.

    `words` are those that may stand at `type` and `component`.
    """
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    frame = _FRAME.match(text)
    if frame is None:
        return None
    body = text[frame.end() :]
    prose = body.strip("\n")
    if _CONTROL.search(body) or may_have_headings(body) or not prose or prose.isspace():
        return None
    values: dict[str, Any] = {}
    lines = frame.group(1).split("\n")
    for line in lines[:-1]:
        key, _, value = line.partition(": ")
        if key == "issues":
            values[key] = tuple(value[1:-1].split(", "))
        elif value in words[key]:
            values[key] = value
        else:
            return None
    if len(values) != len(lines) - 1 or "type" not in values:
        return None
    component, home = values.get("component"), location.folder.component
    if component is not None and home not in (None, component):
        return None
    return Fragment(
        location.identity,
        location.path,
        values["type"],
        prose,
        issues=values.get("issues", ()),
        component=component or home,
        version=location.version,
    )
