"""The text below *Unreleased* in a changelog in reStructuredText, which a build takes into the release as it was written.

What a release says is Markdown. So each section becomes a heading, and its text a block in MyST's notation for reStructuredText
(https://myst-parser.readthedocs.io/en/latest/syntax/directives.html). relbot puts it into the changelog to the byte.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.fragment.code_marks import code_block
from relbot.release.changelog_labels import above_labels
from relbot.release.rst_headings import find_rst_headings
from relbot.release.tag_names import same_version
from relbot.release.unreleased_text import UnreleasedText, line_starts, says_something
from relbot.release.version_headings import is_open_line, is_unreleased_heading, version_of_heading, without_dev
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.config.model import Versions
    from relbot.fragment.body import BodyHeading

RST_BLOCK = "{eval-rst}"
"""The info string of a block of code that is reStructuredText to be read as such."""
_COMMENT = re.compile(
    r"^\.\.(?:[ \t]+(?![_|\[]|\S+::)[^\n]*)?(?:\n|\Z)(?:[ \t]+\S[^\n]*(?:\n|\Z)|[ \t]*\n(?=[ \t]+\S))*", re.MULTILINE
)
_TARGET = re.compile(r"^\.\. (?:_[^\n](?=[^\n]*:)|\|[^\n|]+\| (?=\S+::))[^\n]*$", re.MULTILINE)
"""A link target or a substitution: at the end of a changelog, all of it uses them."""


def find_in_rst(text: str, version: str, versions: Versions) -> UnreleasedText | None:
    """The part that is headed *Unreleased*, or by the version itself as unreleased; None if there is none, or it says nothing."""
    plain = text.replace("\r\n", "\n").removeprefix("\ufeff")
    headings, lines = find_rst_headings(plain), plain.split("\n")
    for number, heading in enumerate(headings):
        named = version_of_heading(heading.text)
        line = _first_line(lines, heading)
        if is_unreleased_heading(heading.text) or (named and line is not None and is_open_line(lines[line])):
            if named and not same_version(without_dev(named), version, versions):
                return None
            following = next((n for n, each in enumerate(headings) if n > number and each.level <= heading.level), len(headings))
            opened = {line} if line is not None and is_open_line(lines[line]) else set()
            end = headings[following].line if following < len(headings) else None
            sections = list(_sections(lines, [heading, *headings[number + 1 : following]], end, opened))
            return _cut(text, heading, end, sections, whole=bool(named))
        if named:
            return None
    return None


def _first_line(lines: list[str], heading: BodyHeading) -> int | None:
    below = heading.line + heading.lines
    return next((number for number in range(below, len(lines)) if lines[number].strip()), None)


def _sections(lines: list[str], headings: list[BodyHeading], end: int | None, without: set[int]) -> Iterator[tuple[str, str]]:
    """The parts of a text: the Markdown of their headings, "" for the first one, and what stands below each."""
    for number, heading in enumerate(headings):
        last = headings[number + 1].line if number + 1 < len(headings) else len(lines) if end is None else end
        kept = [lines[n] for n in range(heading.line + heading.lines, last) if n not in without]
        body = "\n".join(kept) + "\n"
        if number + 1 == len(headings):  # what stands at its end belongs to the next release, or to all
            body = body[: _foot_begin(body)] if end is None else body[: above_labels(body, len(body))]
        title = f"{'#' * min(heading.level - headings[0].level + 1, 6)} {heading.text}" if number else ""
        yield title, body.strip("\n").rstrip()


def _cut(
    text: str, heading: BodyHeading, end: int | None, sections: list[tuple[str, str]], *, whole: bool
) -> UnreleasedText | None:
    said = "\n\n".join(part for title, body in sections for part in (title, code_block(body, RST_BLOCK)) if _says(body) and part)
    if not said and not whole:
        return None
    starts = line_starts(text)
    below = starts[heading.line + heading.lines]
    stop = above_labels(text, starts[end]) if end is not None else max(below, _foot_begin(text))
    begin = starts[heading.line] if whole else below + _asides_length(text[below:stop])
    return UnreleasedText(begin, stop, text[begin:stop], said, "" if whole else text[starts[heading.line] : begin])


def _foot_begin(text: str) -> int:
    """Where the targets and blank lines at the end begin; the length of the text if there is no target among them."""
    begin, targets = len(text) + 1, 0
    for line in reversed(text.split("\n")):
        if _TARGET.match(line):
            targets += 1
        elif line.strip(" \t\r"):
            break
        begin -= len(line) + 1
    return begin if targets else len(text)


def _asides_length(part: str) -> int:
    """The characters of the blank lines and comments with which a text begins, such as a hint where to write."""
    at = 0
    while found := re.compile(r"[ \t]*\r?\n").match(part, at) or _COMMENT.match(part, at):
        at = found.end()
    return at


def _says(body: str) -> bool:
    return any(says_something(line) for line in _TARGET.sub("", _COMMENT.sub("", body)).split("\n"))
