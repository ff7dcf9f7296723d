"""What belongs to the heading below it in a changelog: anchors that links lead to, comments and directives for it alone.

In Markdown and reStructuredText.
"""

from __future__ import annotations

from relbot.schema import lazy_re as re

ANCHOR = (
    r"\.\. _(?P<rst>[^\n]+):"
    r"|<(?P<element>a|span|div|p) +(?:class=[\"'\w-]* +)?"
    r"(?:name|id)=[\"']?(?P<html>[^\"'<>\s/]+)[\"']?(?: */)?>(?:</(?P=element)>)?"
)
"""An anchor that takes a line of its own."""
_ANCHOR = re.compile(ANCHOR)
_DIRECTIVE = re.compile(r"\.\. (?:index|rst-class|class)::")
_COMMENT = re.compile(r"<!--(?P<html>.*)-->|\[//\]: # [(\"'](?P<link>.*)[)\"']")
_VERSION = re.compile(r"(?<!\d)\d+(?:\.\d+)+")


def above_labels(text: str, start: int) -> int:
    """The begin of what stands directly above a heading and belongs to it, so that it still does; else that of the heading.

    A comment belongs to it if it names the heading's version.
    """
    heading = text[start:].lstrip().partition("\n")[0][:200] if start < len(text) else ""
    version = _VERSION.search(heading)
    above = start
    while above > 0:
        begin, block = _block_above(text, above)
        comment = _COMMENT.fullmatch(block)
        named = _VERSION.search(comment["html"] or comment["link"] or "") if comment else None
        if not (_ANCHOR.fullmatch(block) or _DIRECTIVE.match(block) or (named and version and named[0] == version[0])):
            break
        start = above = begin
    return start


def _block_above(text: str, end: int) -> tuple[int, str]:
    """The last line above `end` that is not blank, or a directive of reStructuredText with its indented lines: begin and text."""
    stop = end
    while stop > 0 and text[stop - 1] in " \t\r\n":
        stop -= 1
    begin = text.rfind("\n", 0, stop) + 1
    while begin > 0 and text[begin] in " \t" and not text[begin:stop].lstrip().startswith("<"):
        begin = text.rfind("\n", 0, begin - 1) + 1
        if not text[begin:stop].strip():
            break
    return begin, text[begin:stop].strip()
