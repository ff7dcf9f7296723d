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
_NO_PARAGRAPH = re.compile(r" {0,3}(?:>|(?:[*_-][ \t]*){3,}$|<)| {4}|\t")
_HTML_BLOCKS = (  # start and end conditions 1 to 6 of CommonMark 4.6
    (re.compile(r" {0,3}<(?:script|pre|style|textarea)(?:[\s>]|$)", re.I), re.compile(r"</(?:script|pre|style|textarea)>", re.I)),
    (re.compile(r" {0,3}<!--"), re.compile(r"-->")),
    (re.compile(r" {0,3}<\?"), re.compile(r"\?>")),
    (re.compile(r" {0,3}<![A-Za-z]"), re.compile(r">")),
    (re.compile(r" {0,3}<!\[CDATA\["), re.compile(r"\]\]>")),
    (re.compile(r" {0,3}</?[A-Za-z][A-Za-z0-9-]*(?:[\s>]|/>|$)"), re.compile(r"^[ \t]*$")),
)
_HTML_ENDS = ("</{}>", "-->", "?>", ">", "]]>", "")
"""What ends each of these; a blank line the last."""


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
    in_list = False
    for number, line in enumerate(lines):
        if end is not None:
            if end.search(line):
                end = None
            continue
        if not line.strip():
            paragraph = None
            continue
        indented = line[0] in " \t"
        if in_list and (indented or paragraph is not None) and not _interrupts(line):
            paragraph = paragraph if paragraph is not None else number
            continue
        if opening := _opens(line):
            end, paragraph, opened = (None if opening.search(line, 4) and "<" in line[:5] else opening), None, number
            in_list = in_list and indented
        elif (atx := _ATX.fullmatch(line)) and not (in_list and indented):
            found.append(Heading(number, len(atx.group(1)), (atx.group(2) or "").strip()))
            paragraph, in_list = None, False
        elif paragraph is not None and not in_list and (under := _UNDERLINE.fullmatch(line)):
            title = " ".join(part.strip() for part in lines[paragraph:number])
            found.append(Heading(paragraph, 1 if under.group(1)[0] == "=" else 2, title, number - paragraph + 1))
            paragraph = None
        elif _LIST_ITEM.match(line) and not re.fullmatch(r" {0,3}([*-])[ \t]*(?:\1[ \t]*){2,}", line):
            in_list, paragraph = True, number
        elif paragraph is None and _NO_PARAGRAPH.match(line):
            in_list = in_list and indented
        elif paragraph is None:
            paragraph, in_list = number, in_list and indented
    return found, opened if end is not None else None


def _interrupts(line: str) -> bool:
    """Whether a line at the margin ends a list, even right below its text."""
    if line[0] == "<":
        return any(start.match(line) for start, _ in _HTML_BLOCKS[:5])
    return line[0] not in " \t" and bool(_ATX.fullmatch(line) or _FENCE.match(line) or _LIST_ITEM.match(line))


def _opens(line: str) -> re.Pattern[str] | None:
    """What closes the fenced code or HTML block that `line` opens, if it opens one."""
    if fence := _FENCE.match(line):
        mark = fence.group(1)
        return re.compile(rf"^ {{0,3}}{re.escape(mark[0])}{{{len(mark)},}}[ \t]*$")
    if line.lstrip(" ").startswith("<"):
        for start, end in _HTML_BLOCKS:
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
