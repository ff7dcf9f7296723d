"""The Markdown below the front matter: its headings, and the sections they make.

What is a heading depends on all blocks around it: lists, quotes, code, HTML (CommonMark 0.31.2,
https://spec.commonmark.org/0.31.2/#blocks-and-inlines). Texts as most people write them are read line by line here; as soon
as a line could be read in two ways, markdown-it reads the whole text. It takes thirty times as long, and a release of
ten thousand fragments is built while somebody waits.
"""

from __future__ import annotations

import functools
import itertools
from typing import TYPE_CHECKING

from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

SECTIONS = ("Migration", "Compatibility", "For operators")
"""The headings of level two that a fragment may have."""

_CANDIDATE = re.compile(
    r"^ {0,3}(?:#{1,6}(?:[ \t]|$|(?i:migration|compatibility|for operators))|=+[ \t]*$|-+[ \t]*$)", re.MULTILINE
)
_ATX = re.compile(r"(#{1,6})(?:[ \t]|$)")
_FENCE = re.compile(r"(`{3,})[^`]*$|(~{3,})")
_ITEM = re.compile(r"(?:[-+*]|[0-9]{1,9}([.)]))(?:[ \t]|$)")
_HARD_BREAK = re.compile(r"(?P<kept>\\[^\n]|(?<!`)(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`)|`+)|\\(?=\n)", re.DOTALL)
"""A backslash that ends a line, except in code (CommonMark 6.1); `kept` is what must not be taken for one."""
_TRIMMED = "\t\n\x0b\x0c\r \xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
"""What markdown-it trims (`String.prototype.trim` of JavaScript, the byte order mark left aside)."""
_ITEM_WITH_TEXT = re.compile(r"(?:[-+*]|[0-9]{1,9}[.)]) {1,4}(?=[^ \t])")


class BodyHeading(NamedTuple):
    """A heading outside lists and quotes. `line` counts from 0; a setext heading has its text on `line`."""

    line: int
    level: int
    text: str
    lines: int = 1


class _Ambiguous(Exception):  # no error: the answer "ask markdown-it"
    """A line whose meaning depends on more than `_Scan` knows."""


def may_have_headings(text: str) -> bool:
    """Whether a line looks like a heading or like what stands below one. Without such a line there is no heading."""
    return ("#" in text or "=" in text or "-" in text) and _CANDIDATE.search(text) is not None


def find_headings(text: str) -> list[BodyHeading]:
    """The headings of a Markdown text that are not inside a list, a quote, code or HTML."""
    if not may_have_headings(text):
        return []
    try:
        return _Scan(text.split("\n")).found
    except _Ambiguous:
        return list(_read_by_markdown_it(text))


def closing_line(text: str) -> str:
    """The line that must follow for a text to leave no code and no HTML open; "" if none must."""
    if "```" not in text and "~~~" not in text and "<" not in text:
        return ""
    try:
        return _Scan(text.split("\n")).open
    except _Ambiguous:
        pass
    last = _markdown_it().parse(f"{text}\n\nbehind it")[-1]
    if last.type == "fence":
        return last.markup
    return _html_end(last.content.lstrip(" ")) if last.type == "html_block" else ""


_HIDING = re.compile(r"<(?:!|\?|(?:script|style|pre|textarea)\b)", re.IGNORECASE)
"""What begins a block of HTML that a blank line does not end (CommonMark 4.6), kinds 1 to 5."""


def find_open_html(text: str) -> int | None:
    """Finds HTML in a list or a quote that hides what follows it: a comment or element without its end. Its line, from 0.

    At the margin such a block is ended where the text is used, see `closing_line`. In a list or quote CommonMark ends it with the
    item, but a browser reads on to the next `-->`.
    """
    if not _HIDING.search(text):
        return None
    for token in _markdown_it().parse(text):
        if token.type == "html_block" and token.level and token.map:
            content = token.content.strip()
            end = _html_end(content) if _HIDING.match(content) else ""
            if end and end.lower() not in content.lower():
                return token.map[0]
    return None


def _html_end(block: str) -> str:
    """What ends an HTML block that a blank line does not end (CommonMark 4.6)."""
    for start, end in (("<!--", "-->"), ("<?", "?>"), ("<![CDATA[", "]]>"), ("<!", ">")):
        if block.startswith(start):
            return end
    name = re.match(r"<([A-Za-z]+)", block)
    return f"</{name.group(1)}>" if name else ""


@functools.lru_cache(maxsize=4)  # a build looks ten times at the same changelog, which may be long
def _read_by_markdown_it(text: str) -> tuple[BodyHeading, ...]:
    found = []
    tokens = _markdown_it().parse(text)
    for opening, inline in itertools.pairwise(tokens):
        if opening.type == "heading_open" and opening.level == 0 and opening.map:
            first, after = opening.map
            found.append(BodyHeading(first, int(opening.tag[1]), _join_lines(inline.content.split("\n")), after - first))
    return tuple(found)


@functools.cache
def _markdown_it() -> MarkdownIt:
    """A reader of blocks alone. Imported here because few texts need it."""
    from markdown_it import MarkdownIt  # takes as long to import as a thousand plain fragments to be read

    reader = MarkdownIt("commonmark")
    reader.core.ruler.enableOnly(["normalize", "block"])
    return reader


def _join_lines(lines: list[str]) -> str:
    return " ".join(line.strip() for line in lines).strip()


class _Scan:
    """One pass over the lines of a text. `found` are its headings; `_Ambiguous` if it cannot tell.

    What a list item holds stays in it: whatever is indented to the text of the item is passed over unread.
    """

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.found: list[BodyHeading] = []
        self.paragraph: int | None = None  # the line on which the paragraph began that we are in
        self.item = ""  # the kind of list that we are in: `-`, `+`, `*`, `.` or `)`
        self.indent = 0  # the column on which the text of its item begins
        self.after_blank = True
        self.open = ""  # what opened the code that the text does not close
        fence = ""  # what opened the code that we are in
        for number, line in enumerate(lines):
            if fence:
                fence = "" if _closes_fence(fence, line) else fence
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
        self.open = fence

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
            self.found.append(BodyHeading(number, len(atx.group(1)), _heading_title(line[atx.end(1) :])))
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
        self.found.append(BodyHeading(begin, level, _join_lines(self.lines[begin:number]), number - begin + 1))
        self._leave()

    def _list_item(self, line: str, kind: str) -> None:
        match = _ITEM_WITH_TEXT.match(line)
        if not match or self.paragraph is not None or (self.item not in ("", kind) and not self.after_blank):
            raise _Ambiguous
        self.item, self.indent = kind, match.end()


def _heading_title(rest: str) -> str:
    """The text of an ATX heading from what stands behind its opening `#`s (CommonMark 4.2)."""
    text = rest.rstrip(" \t")
    bare = text.rstrip("#")
    return (bare if bare[-1:] in (" ", "\t") else text).strip()


def _is_break(line: str, mark: str) -> bool:
    """Whether a line is a thematic break of these marks (CommonMark 4.1)."""
    return line.count(mark) >= 3 and not line.strip(mark + " \t")


def _closes_fence(fence: str, line: str) -> bool:
    """Whether a line ends the code that `fence` opened (CommonMark 4.5)."""
    marks = line.strip(" \t")
    return (
        len(marks) >= len(fence)
        and not marks.strip(fence[0])
        and not line[:4].isspace()
        and "\t" not in line[: line.index(marks)]
    )


class BodySection(NamedTuple):
    """A part of a body: the text below the heading `title` ("" for what stands above the first such heading).

    `line` is where the heading, or the text, begins in the body, from 0.
    """

    title: str
    text: str
    line: int


def split_sections(text: str, found: list[BodyHeading]) -> list[BodySection]:
    """Cuts a body at its headings of level two. `found` are the headings of `text`. The first section has no title."""
    cuts = [heading for heading in found if heading.level == 2]
    if not cuts:
        return [BodySection("", text.strip("\n"), 0)]
    lines = text.split("\n")
    bounds = [*(cut.line for cut in cuts), len(lines)]
    parts = [BodySection("", "\n".join(lines[: bounds[0]]).strip("\n"), 0)]
    for cut, stop in zip(cuts, bounds[1:], strict=True):
        parts.append(BodySection(cut.text, "\n".join(lines[cut.line + cut.lines : stop]).strip("\n"), cut.line))
    return parts


def shift_headings(text: str, by: int) -> str:
    """The text with every heading `by` levels deeper, at most six, and nothing else touched.

    An underlined heading becomes one of `#`, on one line.
    """
    found = find_headings(text)
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
    """The text of an underlined heading, in which line breaks become spaces and closing `#`s stay text.

    Readers leave out lines at both ends that hold nothing but white space: a backslash before such a line ends the text, and
    is no line break.
    """
    broken = "\n".join(line.strip(" \t") for line in lines).strip(_TRIMMED)
    text = _HARD_BREAK.sub(lambda found: found["kept"] or "", broken).replace("\n", " ")
    bare = text.rstrip("#")
    return f"{bare}\\{text[len(bare) :]}" if bare != text and bare[-1:] in ("", " ", "\t") else text
