"""Entries of a changelog that do not stand there as relbot wrote them: reformatted, or edited by hand, and then what differs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.finding import Finding, Level, Place
from relbot.release.comparison_links import foot_begin
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relbot.release.changelog import ChangelogFormat

_LONGEST = 60


class EditedEntry(NamedTuple):
    """An entry as it stands in a changelog: begin and end, in characters, and what differs from what relbot would write.

    `difference` is a part of a sentence; "" where readers see the same.
    """

    begin: int
    end: int
    difference: str


def compare_entry(text: str, begin: int, expected: str, form: ChangelogFormat) -> EditedEntry:
    """Compares the entry whose heading stands at `begin` with the one that its fragments make.

    The entry ends at the next heading of its level or above, or at the links at the foot. Nothing is said where only the words of
    a format can be compared.
    """
    end = _section_end(text, begin, form)
    found = text[begin:end].replace("\r\n", "\n")
    return EditedEntry(begin, end, _describe_difference(form.content(expected), form.content(found)) if form.content else "")


def reads_same(found: str, entry: str, form: ChangelogFormat) -> bool:
    """Whether readers see the same in an entry that a formatter laid out and in one that relbot would write."""
    return form.content is not None and form.content(found.replace("\r\n", "\n")) == form.content(entry)


def _section_end(text: str, begin: int, form: ChangelogFormat) -> int:
    lines = text[begin : foot_begin(text) if form.links else len(text)].split("\n")
    headings = form.headings("\n".join(line.removesuffix("\r") for line in lines))
    level = headings[0].level if headings else 1
    following = next((heading.line for heading in headings[1:] if heading.level <= level), len(lines))
    return min(begin + sum(len(line) + 1 for line in lines[:following]), len(text))


def _describe_difference(expected: Sequence[str], found: Sequence[str]) -> str:
    if list(expected) == list(found):
        return ""
    more = next((line for line in found if line not in expected), "")
    less = next((line for line in expected if line not in found), "")
    if more and less:
        return f"it says `{_shorten(more)}` where its fragments say `{_shorten(less)}`"
    if more:
        return f"its fragments do not say `{_shorten(more)}`"
    return f"it lacks `{_shorten(less)}`" if less else "its items have another order or number"


def _shorten(line: str) -> str:
    plain = line.removeprefix("- ").removeprefix("# ").replace("`", "'")
    return plain if len(plain) <= _LONGEST else f"{plain[: _LONGEST - 1]}…"


def edited_finding(place: Place, version: str, difference: str, folder: str, *, level: Level) -> Finding:
    """That an entry was edited by hand, so that a refresh would lose the edit; `difference` is "" where it is not known."""
    message = f"The entry of {version} was edited by hand{difference and ': '}{difference}."
    tip = f"Make your edits in the fragments below {folder}/, and undo the edit of {place.path}."
    return Finding("changelog-edited", place, message, tip, level=level)


def taken_finding(place: Place, heading: str) -> Finding:
    """That an entry stands in the changelog that relbot did not write."""
    message = f"There is an entry `{heading}` that relbot did not write."
    tip = "Build another version. If this one is not released yet, mark its heading, and its text becomes part of the release:"
    return Finding("changelog-edited", place, message, tip, f"{heading} (unreleased)")
