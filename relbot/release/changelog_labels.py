"""Anchors above the headings of a changelog, in Markdown and reStructuredText: links lead to what stands below them."""

from __future__ import annotations

import re

_LABEL = re.compile(
    r"^[ \t]*(?:\.\. _[^\n]+:|<a\s+(?:name|id)=[^<>\n]*>(?:</a>)?|<a\s+(?:name|id)=[^<>\n]*/>)[ \t]*\r?\n(?:[ \t]*\r?\n)*\Z",
    re.MULTILINE,
)
"""An anchor on a line of its own, up to the end of what is searched."""


def above_labels(text: str, start: int) -> int:
    """The begin of the anchors directly above a heading, so that they go on leading to it; else that of the heading itself."""
    while found := _LABEL.search(text, 0, start):
        start = found.start()
    return start
