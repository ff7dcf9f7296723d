"""The Markdown below the front matter: its headings, and the sections they make.

Only what decides about structure is read, line by line, after the CommonMark specification 0.31.2
(https://spec.commonmark.org/0.31.2/): fenced code (4.5), HTML blocks (4.6), headings (4.2, 4.3). A full parser takes
a thousand times as long, and a release of ten thousand fragments is built while somebody waits. A test holds this
reader against a full parser.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

SECTIONS = ("Migration", "Compatibility")
"""The headings of level two that a fragment may have."""

_CANDIDATE = re.compile(r"^ {0,3}(?:#{1,6}(?:[ \t]|$)|=+[ \t]*$|-+[ \t]*$)", re.MULTILINE)
_ATX = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))??(?:[ \t]+#+)?[ \t]*")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*")
_FENCE = re.compile(r" {0,3}(`{3,}(?=[^`]*$)|~{3,})")
_LIST_ITEM = re.compile(r" {0,3}(?:[-+*]|\d{1,9}[.)])(?:[ \t]|$)")
_MARKER = re.compile(r" {0,3}(?:[-+*]|\d{1,9}[.)])")
_RULE = re.compile(r" {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})")
_NO_PARAGRAPH = re.compile(r" {0,3}(?:>|(?:[*_-][ \t]*){3,}$|<)| {4}|\t")
_BLOCK_TAGS = (
    "address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|fieldset|"
    "figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|menuitem|nav|"
    "noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul"
)
_ATTRIBUTE = r"""\s+[A-Za-z_:][\w.:-]*(?:\s*=\s*(?:[^\s"'=<>`]+|'[^']*'|"[^"]*"))?"""
_HTML_BLOCKS = (  # start and end conditions 1 to 7 of CommonMark 4.6
    (re.compile(r" {0,3}<(?:script|pre|style|textarea)(?=[\s>]|$)", re.I), re.compile(r"</(?:script|pre|style|textarea)>", re.I)),
    (re.compile(r" {0,3}<!--"), re.compile(r"-->")),
    (re.compile(r" {0,3}<\?"), re.compile(r"\?>")),
    (re.compile(r" {0,3}<![A-Za-z]"), re.compile(r">")),
    (re.compile(r" {0,3}<!\[CDATA\["), re.compile(r"\]\]>")),
    (re.compile(rf" {{0,3}}</?(?:{_BLOCK_TAGS})(?:[\s>]|/>|$)", re.I), re.compile(r"^[ \t]*$")),
    (re.compile(rf" {{0,3}}<(?:[A-Za-z][A-Za-z0-9-]*(?:{_ATTRIBUTE})*\s*/?|/[A-Za-z][A-Za-z0-9-]*\s*)>\s*$"), re.compile(r"^[ \t]*$")),
)
_HTML_ENDS = ("</{}>", "-->", "?>", ">", "]]>", "", "")
"""What ends each of these; a blank line the last two."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading outside lists and quotes. `line` counts from 0; a setext heading has its text on `line`."""

    line: int
    level: int
    text: str
    lines: int = 1


def headings(text: str) -> list[Heading]:
    """The headings of a Markdown text that are not inside a list, a quote, code or HTML."""
    if not _CANDIDATE.search(text):
        return []
    return _scan(text.split("\n"))[0]


def closing(text: str) -> str:
    """The line that must follow for a text to leave no code and no HTML open; "" if none must."""
    if "```" not in text and "~~~" not in text and "<" not in text:
        return ""
    lines = text.split("\n")
    opened = _scan(lines)[1]
    if opened is None:
        return ""
    if fence := _FENCE.match(lines[opened]):
        return fence.group(1)
    for (start, _), end in zip(_HTML_BLOCKS, _HTML_ENDS, strict=True):
        if opening := start.match(lines[opened]):
            return end.format(opening.group().strip(" <>\t"))
    return ""


def _scan(lines: list[str]) -> tuple[list[Heading], int | None]:
    """The headings, and the line on which the code or HTML begins that nothing ends."""
    found: list[Heading] = []
    opened = 0
    end: re.Pattern[str] | None = None  # what closes the code or HTML that we are in
    paragraph: int | None = None  # the line on which the current paragraph began
    item = 0  # the column of the text of the list item that we are in
    for number, line in enumerate(lines):
        if end is not None:
            if end.search(line):
                end = None
            continue
        if not line.strip():
            paragraph = None
            continue
        if item and (_indent(line) >= item or (paragraph is not None and not _interrupts(line))):
            paragraph = paragraph if paragraph is not None else number
            continue
        was_item, item = item, 0
        if opening := _opens(line, paragraph is not None):
            end, paragraph, opened = (None if opening.search(line, 4) and "<" in line[:5] else opening), None, number
        elif atx := _ATX.fullmatch(line):
            found.append(Heading(number, len(atx.group(1)), (atx.group(2) or "").strip()))
            paragraph = None
        elif paragraph is not None and not was_item and (under := _UNDERLINE.fullmatch(line)):
            title = " ".join(part.strip() for part in lines[paragraph:number])
            found.append(Heading(paragraph, 1 if under.group(1)[0] == "=" else 2, title, number - paragraph + 1))
            paragraph = None
        elif _LIST_ITEM.match(line) and not _RULE.fullmatch(line):
            item, paragraph = _text_column(line), number
        elif paragraph is None and not _NO_PARAGRAPH.match(line):
            paragraph = number
    return found, opened if end is not None else None


def _interrupts(line: str) -> bool:
    """Whether a line left of a list's text ends the list, even right below that text."""
    if line.lstrip(" ").startswith("<"):
        return any(start.match(line) for start, _ in _HTML_BLOCKS[:6])
    return bool(_ATX.fullmatch(line) or _FENCE.match(line) or _LIST_ITEM.match(line) or _RULE.fullmatch(line))


def _indent(line: str) -> int:
    """The columns before the first character (CommonMark 2.2)."""
    space = line[: len(line) - len(line.lstrip(" \t"))]
    return len(space.expandtabs(4))


def _text_column(line: str) -> int:
    """The column at which the text of a list item begins (CommonMark 5.2)."""
    marker = _MARKER.match(line)
    assert marker is not None
    rest = line.expandtabs(4)[marker.end() :]
    spaces = len(rest) - len(rest.lstrip(" "))
    return marker.end() + (spaces if rest.strip() and spaces < 5 else 1)


def _opens(line: str, in_paragraph: bool) -> re.Pattern[str] | None:
    """What closes the fenced code or HTML block that `line` opens, if it opens one. The last kind ends no paragraph."""
    if fence := _FENCE.match(line):
        mark = fence.group(1)
        return re.compile(rf"^ {{0,3}}{re.escape(mark[0])}{{{len(mark)},}}[ \t]*$")
    if line.lstrip(" ").startswith("<"):
        for start, end in _HTML_BLOCKS[: 6 if in_paragraph else 7]:
            if start.match(line):
                return end
    return None


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a body: the text below the heading `title` ("" for what stands above the first such heading).

    `line` is where the heading, or the text, begins in the body, from 0.
    """

    title: str
    text: str
    line: int


def sections(text: str, found: list[Heading]) -> list[Section]:
    """Cuts a body at its headings of level two. `found` are the headings of `text`. The first section has no title."""
    cuts = [heading for heading in found if heading.level == 2]
    if not cuts:
        return [Section("", text.strip("\n"), 0)]
    lines = text.split("\n")
    bounds = [*(cut.line for cut in cuts), len(lines)]
    parts = [Section("", "\n".join(lines[: bounds[0]]).strip("\n"), 0)]
    for cut, stop in zip(cuts, bounds[1:], strict=True):
        parts.append(Section(cut.text, "\n".join(lines[cut.line + cut.lines : stop]).strip("\n"), cut.line))
    return parts


def shifted(text: str, by: int) -> str:
    """The text with every heading `by` levels deeper, at most six, and nothing else touched."""
    found = headings(text)
    if not found or by <= 0:
        return text
    lines = text.split("\n")
    for heading in reversed(found):
        level = "#" * min(heading.level + by, 6)
        lines[heading.line : heading.line + heading.lines] = [f"{level} {heading.text}".rstrip()]
    return "\n".join(lines)
