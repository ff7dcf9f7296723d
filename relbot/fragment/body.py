"""The Markdown below the front matter: its headings, and the sections they make.

What is a heading depends on all blocks around it: lists, quotes, code, HTML (CommonMark 0.31.2,
https://spec.commonmark.org/0.31.2/#blocks-and-inlines). Texts as most people write them are read line by line here; as soon
as a line could be read in two ways, markdown-it reads the whole text. It takes thirty times as long, and a release of
ten thousand fragments is built while somebody waits.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

SECTIONS = ("Migration", "Compatibility")
"""The headings of level two that a fragment may have."""

_CANDIDATE = re.compile(r"^ {0,3}(?:#{1,6}(?:[ \t]|$)|=+[ \t]*$|-+[ \t]*$)", re.MULTILINE)
<<<<<<< HEAD
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
=======
_ATX = re.compile(r"(#{1,6})(?:[ \t]|$)")
_FENCE = re.compile(r"(`{3,})[^`]*$|(~{3,})")
_ITEM = re.compile(r"(?:[-+*]|[0-9]{1,9}([.)]))(?:[ \t]|$)")
_HARD_BREAK = re.compile(r"(?<!\\)((?:\\\\)*)\\$")
_ITEM_WITH_TEXT = re.compile(r"(?:[-+*]|[0-9]{1,9}[.)]) {1,4}(?=[^ \t])")
>>>>>>> rulebook


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading outside lists and quotes. `line` counts from 0; a setext heading has its text on `line`."""

    line: int
    level: int
    text: str
    lines: int = 1


class _Ambiguous(Exception):  # noqa: N818  # no error: the answer "ask markdown-it"
    """A line whose meaning depends on more than `_Scan` knows."""


def headings(text: str) -> list[Heading]:
    """The headings of a Markdown text that are not inside a list, a quote, code or HTML."""
    if not _CANDIDATE.search(text):
        return []
<<<<<<< HEAD
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
=======
    try:
        return _Scan(text.split("\n")).found
    except _Ambiguous:
        return _read_by_markdown_it(text)


def _read_by_markdown_it(text: str) -> list[Heading]:
    found = []
    tokens = _markdown_it().parse(text)
    for opening, inline in zip(tokens, tokens[1:], strict=False):
        if opening.type == "heading_open" and opening.level == 0 and opening.map:
            first, after = opening.map
            found.append(Heading(first, int(opening.tag[1]), _joined(inline.content.split("\n")), after - first))
    return found


@functools.cache
def _markdown_it() -> MarkdownIt:
    """A reader of blocks alone. Imported here because few texts need it."""
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark")
    reader.core.ruler.enableOnly(["normalize", "block"])
    return reader


def _joined(lines: list[str]) -> str:
    return " ".join(line.strip() for line in lines).strip()


class _Scan:
    """One pass over the lines of a text. `found` are its headings; `_Ambiguous` if it cannot tell.

    What a list item holds stays in it: whatever is indented to the text of the item is passed over unread.
    """

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.found: list[Heading] = []
        self.paragraph: int | None = None  # the line on which the paragraph began that we are in
        self.item = ""  # the kind of list that we are in: `-`, `+`, `*`, `.` or `)`
        self.indent = 0  # the column on which the text of its item begins
        self.after_blank = True
        fence = ""  # what opened the code that we are in
        for number, line in enumerate(lines):
            if fence:
                fence = "" if _closes(fence, line) else fence
            elif not line.strip(" \t"):
                self.paragraph, self.after_blank = None, True
            elif line[0] in " \t":
                self._indented(line)
            elif opening := _FENCE.match(line):
                fence = opening.group(1) or opening.group(2)
                self._leave()
            else:
                self._at_margin(number, line)
                self.after_blank = False

    def _leave(self) -> None:
        """Ends the paragraph and the list."""
        self.paragraph, self.item = None, ""

    def _indented(self, line: str) -> None:
        if not self.item or not line.startswith(" " * self.indent):
            raise _Ambiguous
        self.after_blank = False

    def _at_margin(self, number: int, line: str) -> None:
        first = line[0]
        if first in "<>":
            raise _Ambiguous
        if first == "#" and (atx := _ATX.match(line)):
            self.found.append(Heading(number, len(atx.group(1)), _title(line[atx.end(1) :])))
            self._leave()
        elif first in "-=" and self.paragraph is not None and not line.strip(" \t").strip(first):
            self._underline(number, 1 if first == "=" else 2)
        elif first in "-*_" and _is_break(line, first):
            self._leave()
        elif item := _ITEM.match(line):
            self._list_item(line, item.group(1) or first)
        elif self.item and not self.after_blank:
            raise _Ambiguous  # a lazy continuation, or not
        elif self.paragraph is None:
            self.paragraph, self.item = number, ""

    def _underline(self, number: int, level: int) -> None:
        begin = number if self.paragraph is None else self.paragraph
        if self.lines[begin].startswith("["):
            raise _Ambiguous  # the paragraph may hold the definitions of links, which are no text
        self.found.append(Heading(begin, level, _joined(self.lines[begin:number]), number - begin + 1))
        self._leave()

    def _list_item(self, line: str, kind: str) -> None:
        match = _ITEM_WITH_TEXT.match(line)
        if not match or self.paragraph is not None or (self.item not in ("", kind) and not self.after_blank):
            raise _Ambiguous
        self.item, self.indent = kind, match.end()


def _title(rest: str) -> str:
    """The text of an ATX heading from what stands behind its opening `#`s (CommonMark 4.2)."""
    text = rest.rstrip(" \t")
    bare = text.rstrip("#")
    return (bare if bare[-1:] in (" ", "\t") else text).strip()


def _is_break(line: str, mark: str) -> bool:
    """Whether a line is a thematic break of these marks (CommonMark 4.1)."""
    return line.count(mark) >= 3 and not line.strip(mark + " \t")


def _closes(fence: str, line: str) -> bool:
    """Whether a line ends the code that `fence` opened (CommonMark 4.5)."""
    marks = line.strip(" \t")
    return len(marks) >= len(fence) and not marks.strip(fence[0]) and not line[:4].isspace() and "\t" not in line[: line.index(marks)]
>>>>>>> rulebook


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
    """The text with every heading `by` levels deeper, at most six, and nothing else touched.

    An underlined heading becomes one of `#`, on one line.
    """
    found = headings(text)
    if not found or by <= 0:
        return text
    lines = text.split("\n")
    for heading in reversed(found):
        level = "#" * min(heading.level + by, 6)
        stop = heading.line + heading.lines
        if heading.lines == 1:
            lines[heading.line] = level + lines[heading.line].lstrip(" ").lstrip("#")
        else:
            lines[heading.line : stop] = [f"{level} {_on_one_line(lines[heading.line : stop - 1])}"]
    return "\n".join(lines)


def _on_one_line(lines: list[str]) -> str:
    """The text of an underlined heading, in which line breaks become spaces and closing `#`s stay text."""
    *broken, last = (line.strip() for line in lines)
    text = " ".join([*(_HARD_BREAK.sub(r"\1", line) for line in broken), last])
    bare = text.rstrip("#")
    return f"{bare}\\{text[len(bare) :]}" if bare != text and bare[-1:] in ("", " ", "\t") else text
