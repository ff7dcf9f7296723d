"""The releases of a changelog in Markdown or reStructuredText: versions, days, and each item with the type above it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from relbot.adoption.changelog_style import (
    list_changelog_headings,
    release_date,
    release_version,
)
from relbot.adoption.notes.rst_to_markdown import convert_rst
from relbot.release.version_headings import is_unreleased_heading
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from relbot.adoption.changelog_style import ChangelogHeading

_ITEM = re.compile(r"([-*+]|\d+[.)]) +(?=\S)")
_REFERENCE = re.compile(r"\[[^\]]+\]:[ \t]*\S")
_ANCHOR = re.compile(r"\.\. _[^\n]*:\s*$|<a\s+(?:name|id)=[^>]*>(?:</a>)?\s*$|<!--.*-->\s*$")
_RULE = re.compile(r" {0,3}(?:(?:-[ \t]*+){3,}|(?:\*[ \t]*+){3,}|(?:_[ \t]*+){3,}|([=~^#+.:])\1{3,}[ \t]*+)")
"""A line across the page, which parts two releases (CommonMark 4.1, or a transition of reStructuredText)."""
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WRITTEN_DAY = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th)?[ -]+)?([A-Za-z]{3,9})\.?[ -]+(?:(\d{1,2})(?:st|nd|rd|th)?,?[ -]+)?(\d{4})"
)


class HistoryItem(NamedTuple):
    """One item: the title above it ("" for none), its Markdown, its line from 1, and why it is code ("" if it is not).

    `section` is the title above that title, within the release.
    """

    title: str
    text: str
    line: int
    problem: str = ""
    section: str = ""


class HistoryEntry(NamedTuple):
    """One release of a changelog. `begin` and `end` are lines, from 0, in the text; `heading` is the text of its heading."""

    heading: str
    version: str
    day: date | None
    begin: int
    end: int
    items: tuple[HistoryItem, ...]


class ChangelogHistory(NamedTuple):
    """The releases in the order of the file; `unreleased` is the part that is not released, None where there is none.

    `others` are the headings among them that name no version, each with its line from 1: what stands below is no release.
    """

    releases: tuple[HistoryEntry, ...]
    unreleased: HistoryEntry | None
    lines: tuple[str, ...]
    others: tuple[tuple[int, str], ...] = ()


def read_history(text: str, form: str) -> ChangelogHistory:
    """The releases of a changelog. `form` is `markdown` or `rst`."""
    plain = text.replace("\r\n", "\n").removeprefix("\ufeff")
    lines = plain.split("\n")
    headings = list_changelog_headings(plain, form)
    level = next((heading.level for heading in headings if release_version(heading.text)), 0)
    known: list[HistoryEntry] = []
    unreleased: HistoryEntry | None = None
    references = _reference_lines(lines, form)
    for number, heading in enumerate(headings):
        version = release_version(heading.text)
        is_next = not version and is_unreleased_heading(heading.text)
        if not (version and heading.level <= level) and not is_next:
            continue
        following = [other for other in headings[number + 1 :] if _ends(other, heading, level)]
        end = following[0].line if following else references
        inner = [other for other in headings[number + 1 :] if heading.line < other.line < end]
        items = tuple(_items(lines, heading, inner, end, form))
        entry = HistoryEntry(heading.text, version, read_day(heading.text), heading.line, end, items)
        if is_next:
            unreleased = unreleased or entry
        else:
            known.append(entry)
    others = _other_parts(headings, known[0].begin, level) if known else ()
    return ChangelogHistory(tuple(known), unreleased, tuple(lines), others)


def _other_parts(headings: Sequence[ChangelogHeading], first: int, level: int) -> tuple[tuple[int, str], ...]:
    """The headings behind the line `first` that stand among those of releases and name no version."""
    return tuple(
        (each.line + 1, each.text)
        for each in headings
        if each.line > first and each.level <= level and not release_version(each.text) and not is_unreleased_heading(each.text)
    )


def _ends(other: ChangelogHeading, heading: ChangelogHeading, level: int) -> bool:
    return other.level <= heading.level or (other.level <= level and bool(release_version(other.text)))


def _reference_lines(lines: Sequence[str], form: str) -> int:
    """Where the definitions of links at the end of a Markdown text begin; its end without any."""
    end = len(lines)
    while form == "markdown" and end and (not lines[end - 1].strip() or _REFERENCE.match(lines[end - 1])):
        end -= 1
    return end


def read_day(heading: str) -> date | None:
    """The day in a heading, `2018-08-15` or `August 15, 2018`; None if it has none."""
    if text := release_date(heading):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return None
    for found in _WRITTEN_DAY.finditer(heading):
        month, day = found[2][:3].lower(), found[3] or found[1]
        if month in _MONTHS and day:
            try:
                return date(int(found[4]), _MONTHS.index(month) + 1, int(day))
            except ValueError:
                return None
    return None


def _items(
    lines: Sequence[str], heading: ChangelogHeading, inner: Sequence[ChangelogHeading], end: int, form: str
) -> Iterator[HistoryItem]:
    starts = [(heading.line + heading.lines, "", "")]
    starts += [(each.line + each.lines, each.text, _title_above(each, inner)) for each in inner]
    stops = [each.line for each in inner] + [end]
    for (start, title, section), stop in zip(starts, stops, strict=True):
        for line, text in _split_items(lines[start:stop]):
            if form == "rst":
                converted = convert_rst(text)
                yield HistoryItem(title, converted.markdown, start + line + 1, converted.problem, section)
            else:
                yield HistoryItem(title, text, start + line + 1, section=section)


def _title_above(heading: ChangelogHeading, inner: Sequence[ChangelogHeading]) -> str:
    """The nearest heading above one that is of a higher level, within the release; "" without one."""
    above = [each for each in inner if each.line < heading.line and each.level < heading.level]
    return above[-1].text if above else ""


def _split_items(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The items of a part, and what stands between them: line, from 0, and text. Items of the outermost list alone are cut."""
    block: list[str] = []
    first, indent, is_item = 0, "", False
    for number, whole in enumerate([*lines, "- end"]):
        line = whole
        item = None if _RULE.fullmatch(line) else _ITEM.match(line)
        leaves = is_item and bool(block) and not block[-1].strip() and line[:1] not in (" ", "\t", "") and item is None
        if item is not None or leaves:
            if text := _dedent(block, indent):
                yield first, text
            block, first, is_item = [], number, item is not None
            indent = " " * len(item.group()) if item else ""
            line = line[len(indent) :]
        if not block and not line.strip():
            first = number + 1
            continue
        block.append(line)


def _dedent(block: Sequence[str], indent: str) -> str:
    """A block without the indentation of its item, and without what shows nothing before the next heading.

    That is a rule, an anchor, a comment, an empty quote.
    """
    kept = [line.removeprefix(indent) if line.startswith(indent) else line.lstrip() if indent else line for line in block]
    while kept and (not kept[-1].strip(" \t>") or _ANCHOR.match(kept[-1]) or _RULE.fullmatch(kept[-1])):
        kept.pop()
    return "\n".join(kept).strip("\n")
