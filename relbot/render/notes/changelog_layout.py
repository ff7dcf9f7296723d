"""How a changelog that people began is laid out: where its releases begin, and what their headings look like.

An entry takes its place among the others only if it looks like them: in reStructuredText each project chooses which line
below a title means which level, and a line that was not met before breaks the levels of all that follows
(https://docutils.sourceforge.io/docs/ref/rst/restructuredtext.html#sections).
"""

from __future__ import annotations

from itertools import islice, pairwise
from typing import TYPE_CHECKING

from relbot.fragment.body import closing_line, find_headings
from relbot.release.changelog_labels import above_labels
from relbot.release.comparison_links import foot_begin
from relbot.release.rst_headings import list_marked_headings
from relbot.release.version_headings import is_unreleased_heading, version_of_heading
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

UNDERLINES = ("=", "-", "~", "^", '"', "'", "#", "*", "+", ".", ":")
"""By level. These are in the order in which a changelog meets them where nobody has chosen others."""
_DAY = re.compile(r"\[?\d{4}-\d\d-\d\d\b.*")
"""The heading of a release that is named by its day."""
_MARKUP = re.compile(r"<[^<>]*>|[*_`]+")
_LONGEST_TITLE = 80
_HEADING_FIRST = re.compile(r"\s*#+ ")
_ENOUGH = 20_000
"""Characters in which the first release is looked for, before all of the text is read."""
_TELLING = 20
"""Releases that tell the order of a changelog."""


class ChangelogLayout(NamedTuple):
    """`place` is where in the text a new release begins; `level` is that of its heading.

    `underlines` are the lines below titles in reStructuredText, from a release's heading down; two characters where a line
    stands above the title too. `unseen` is the line, from 1, of what looks like a release where no heading is one, so
    that nobody can tell where a new one begins; else 0. `underlined` is the deepest level of a Markdown changelog whose
    headings have a line below them, if those of releases have one; else 0. `ascending` tells that the oldest release comes
    first, and no marker says where new ones go.
    """

    place: int
    level: int = 2
    underlines: tuple[str, ...] = UNDERLINES[1:]
    unseen: int = 0
    underlined: int = 0
    ascending: bool = False


class _Title(NamedTuple):
    """A heading: where it begins, its level, its text, and what marks it."""

    start: int
    level: int
    text: str
    mark: str = ""


def markdown_layout(text: str, marker: str) -> ChangelogLayout:
    """The layout of a Markdown changelog: releases stand below the marker; without one, where the first of them begins.

    Where there is neither, at the end, above definitions of links. What is headed *Unreleased* stays above them. A marker in code
    or in an entry or in a comment is none. Lines end in LF or CR LF.
    """
    shown = (found.end() for found in _lines_of(marker, text) if not closing_line(_with_lf(text[: found.start()])))
    below = next(shown, None)
    first = _first_in_markdown(text[below or 0 :])
    sure = below is not None or (first is not None and _is_release(first))
    unseen = 0 if sure else _unseen_release(text) or _unknown_line(text)
    if below is not None:
        place = below + _below_unreleased(text[below:])
    else:
        place = above_labels(text, first.start) if first else foot_begin(text)
    begin = text if len(text) < 2 * _ENOUGH else text[: 2 * _ENOUGH]
    ascending = below is None and first is not None and _ascends(_markdown_titles(begin), first.level)
    underlined = max((title.level for title in _markdown_titles(begin) if title.mark), default=0) if first and first.mark else 0
    return ChangelogLayout(place, first.level if first else 2, unseen=unseen, underlined=underlined, ascending=ascending)


def _below_unreleased(text: str) -> int:
    """Where the part ends with which a text begins and that is not released yet; 0 if it begins with another one."""
    titles = list(_markdown_titles(text)) if _HEADING_FIRST.match(text) else []
    if not titles or text[: titles[0].start].strip() or not is_unreleased_heading(titles[0].text):
        return 0
    following = next((title.start for title in titles[1:] if title.level <= titles[0].level), None)
    return foot_begin(text) if following is None else above_labels(text, following)


def rst_layout(text: str, marker: str) -> ChangelogLayout:
    """The same in reStructuredText, where the `underlines` tell the level, and code is what is indented."""
    below = next((found.end() for found in _lines_of(marker, text)), None)
    titles = list(_rst_titles(text))
    marks = list(dict.fromkeys(title.mark for title in titles))
    candidates = [title for title in titles if title.start >= (below or 0)]
    first = _find_release(candidates) or _find_section(candidates)
    known = marks[first.level - 1 :] if first else marks[1:]
    unused = [mark for mark in (UNDERLINES if marks else UNDERLINES[1:]) if mark not in marks]
    place = below if below is not None else above_labels(text, first.start) if first else len(text)
    sure = below is not None or (first is not None and _is_release(first))
    unseen = 0 if sure else _unseen_release(text) or _unknown_line(text)
    ascending = below is None and first is not None and _ascends(titles, first.level)
    return ChangelogLayout(place, underlines=(*known, *unused), unseen=unseen, ascending=ascending)


def _ascends(titles: Iterable[_Title], level: int) -> bool:
    """Whether the first releases of a changelog stand there from the oldest on, all of those that are looked at."""
    named = (version_of_heading(title.text) for title in titles if title.level == level)
    numbers = [[int(number) for number in re.findall(r"\d+", version)[:4]] for version in islice(filter(None, named), _TELLING)]
    return len(numbers) > 1 and all(one < other for one, other in pairwise(numbers))


def newest_first(text: str, marker: str) -> ChangelogLayout:
    """The layout of a changelog in which the newest release comes first, or below the marker if a project has one."""
    below = next((found.end() for found in _lines_of(marker, text)), None) if marker else None
    return ChangelogLayout(below if below is not None else _line_starts(text)[0])


def _lines_of(marker: str, text: str) -> Iterator[re.Match[str]]:
    """Where the marker is a line of its own, at the margin: elsewhere it is part of an entry, and perhaps of its prose."""
    return re.finditer(rf"^\ufeff?{re.escape(marker)}[ \t]*\r?(?:\n|\Z)", text, re.MULTILINE)


def _first_in_markdown(text: str) -> _Title | None:
    if len(text) > _ENOUGH and (first := _find_release(_markdown_titles(text[:_ENOUGH]))):
        return first
    titles = list(_markdown_titles(text))
    return _find_release(titles) or _find_section(titles)


def _find_release(titles: Iterable[_Title]) -> _Title | None:
    """The first heading of a version."""
    return next((title for title in titles if _is_release(title)), None)


def _is_release(title: _Title) -> bool:
    return _names_release(title.text)


def _names_release(text: str) -> bool:
    return version_of_heading(text) != "" or _DAY.fullmatch(text.strip("*_` ")) is not None


def _unseen_release(text: str) -> int:
    """The line, from 1, of the first text that is a version and perhaps a date, in bold or in HTML, say; 0 if there is none."""
    for number, line in enumerate(text.splitlines(), 1):
        plain = _MARKUP.sub("", line).strip("#= \t")
        if plain and len(plain) < _LONGEST_TITLE and _names_release(plain):
            return number
    return 0


_CONTENT = re.compile(r"[-*+|] |\d+[.)] |<(?!!--)[A-Za-z/]|#{2,} |[*_]{2}[^*_\n]+[*_]{2}[ \t]*$")


def _unknown_line(text: str) -> int:
    """The line, from 1, on which the content of a changelog begins where nothing says which release it is of; 0 without any.

    A title and paragraphs are no content, nor is what is not released yet, the rest of the text with it.
    """
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        if "unreleased" in line.lower():
            return 0
        if _CONTENT.match(line):
            return number
    return 0


def _find_section(titles: Iterable[_Title]) -> _Title | None:
    """The first heading of level two with a number (a day, a sprint), or the one after a section called Unreleased."""
    below = False
    for title in titles:
        if "unreleased" in title.text.lower():
            below = True
        elif title.level == 2 and (below or any(mark.isdecimal() for mark in title.text)):
            return title
    return None


def _markdown_titles(text: str) -> Iterator[_Title]:
    starts = _line_starts(text)
    for heading in find_headings(_with_lf(text.removeprefix("\ufeff"))):
        yield _Title(starts[heading.line], heading.level, heading.text, "" if heading.lines == 1 else "=-"[heading.level - 1])


def _rst_titles(text: str) -> Iterator[_Title]:
    starts = _line_starts(text)
    for heading, mark in list_marked_headings(text):
        yield _Title(starts[heading.line], heading.level, heading.text, mark)


def _with_lf(text: str) -> str:
    return text.replace("\r\n", "\n")


def _line_starts(text: str) -> list[int]:
    """Where each line begins, the first behind a byte order mark."""
    starts = [1 if text.startswith("\ufeff") else 0]
    for line in text[starts[0] :].split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    return starts
