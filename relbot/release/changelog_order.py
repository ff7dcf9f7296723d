"""Where the entries of a changelog stand, by version: headings in any spelling, and the place of a new one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from relbot.errors import UsageError
from relbot.fragment.body import find_headings
from relbot.release.changelog import has_heading, line_begin, locate_entry
from relbot.release.changelog_labels import above_labels
from relbot.release.comparison_links import defined_versions
from relbot.release.tag_names import same_version
from relbot.release.version import parse_version, readable_versions
from relbot.release.version_headings import is_open_line, is_unreleased_heading, version_of_heading, without_dev
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from relbot.config.model import Versions
    from relbot.fragment.body import BodyHeading
    from relbot.release.changelog import ChangelogFormat
    from relbot.release.record import ReleaseRecord
    from relbot.release.version import Version


class PlacedEntry(NamedTuple):
    """An entry that relbot wrote: where it begins and ends, in characters; `end` is `begin` where a person edited it."""

    record: ReleaseRecord
    version: Version
    begin: int
    end: int

    @property
    def edited(self) -> bool:
        """Whether it says something else than relbot wrote."""
        return self.begin == self.end


def place_entries(text: str, records: Iterable[ReleaseRecord], form: ChangelogFormat, versions: Versions) -> list[PlacedEntry]:
    """The entries of these releases that are in a changelog, the highest version first. Those that are gone are left out."""
    found = []
    headings: list[VersionHeadings] = []
    for record in records:
        try:
            version = parse_version(record.version, versions)
        except UsageError:
            continue
        if at := locate_entry(text, record.entry):
            found.append(PlacedEntry(record, version, *at))
        elif line := entry_heading_line(text, record, form, versions, headings):
            begin = line_begin(text, line)
            found.append(PlacedEntry(record, version, begin, begin))
    return sorted(found, key=lambda each: each.version, reverse=True)


def entry_heading_line(
    text: str, record: ReleaseRecord, form: ChangelogFormat, versions: Versions, read: list[VersionHeadings] | None = None
) -> int | None:
    """The line, from 1, of an entry's heading, edited or not, in any spelling of its version.

    None where it names no version, as in RPM, or is not there. `read` keeps the headings of the text for the next call.
    """
    if record.version not in record.entry.heading:
        return None
    if line := has_heading(text, record.entry.heading):
        return line - 1 if record.entry.title else line
    if not form.by_version:
        return None
    read = [] if read is None else read
    if not read:
        read.append(VersionHeadings(text, versions, form.headings))
    return next(iter(read[0].lines(record.version)), None)


def find_previous(headings: VersionHeadings, known: Iterable[str], version: str, versions: Versions) -> str:
    """The release before a version: the highest lower one that is known or that a changelog names; "" for a first one.

    A final release comes after the last final one: it has all changes of its prereleases.
    """
    headed = headings.released()
    wanted = parse_version(version, versions)
    lower = [each for each in readable_versions([*known, *defined_versions(headings.text), *headed], versions) if each < wanted]
    final = [each for each in lower if not each.prerelease]
    return max(lower if wanted.prerelease or not final else final).text if lower else ""


def place_new_entry(
    text: str, records: Iterable[ReleaseRecord], version: str, form: ChangelogFormat, versions: Versions
) -> int | None:
    """Where the entry of a version goes so that versions descend, above the anchors there; None if it goes on top.

    It goes by the entries that relbot wrote, and by the headings of others, too.
    """
    if not form.by_version:
        return None
    new = parse_version(version, versions)
    placed = place_entries(text, records, form, versions)
    place = find_place(placed, new) if placed else None
    if place is None and form.content and text.strip("\ufeff \t\r\n"):
        place = find_place_below(VersionHeadings(text, versions, form.headings), form.place(text), new, versions)
    return None if place is None else above_labels(text, place)


def find_place(placed: Iterable[PlacedEntry], version: Version) -> int | None:
    """Where the entry of a version goes so that versions descend; None if it is the highest and goes on top."""
    entries = list(placed)
    higher = [each for each in entries if each.version > version and not each.edited]
    if not higher:
        return None
    lower = [each for each in entries if each.version < version]
    return lower[0].begin if lower else higher[-1].end


def find_place_below(headings: VersionHeadings, start: int, version: Version, versions: Versions) -> int | None:
    """Where the entry of a version goes among headings from `start` on, whoever wrote them; None if on top.

    It goes above the first lower version, if the first one of all is higher.
    """
    begin_of = [0]
    for line in headings.text.split("\n"):
        begin_of.append(begin_of[-1] + len(line) + 1)
    found = [(begin_of[line - 1], level, named) for line, level, named in headings.in_order()]
    below = [
        (begin, level, known) for begin, level, named in found if begin >= start for known in readable_versions([named], versions)
    ]
    if not below or below[0][2] <= version:
        return None
    return next((begin for begin, level, known in below if known < version and level == below[0][1]), None)


class VersionHeadings:
    """The headings of a changelog that name versions, in any spelling: `## [v1.3.0] (unreleased)`. `find` gives all headings.

    `opened` are the versions, as they will be released, of those that say that they are not released yet.
    """

    def __init__(self, text: str, versions: Versions, find: Callable[[str], list[BodyHeading]] = find_headings) -> None:
        self.text = text
        self._versions = versions
        self.opened: list[str] = []
        self._in_order: list[tuple[int, int, str]] = []
        self._by_numbers: dict[tuple[int, ...], list[tuple[int, str]]] = {}
        plain = text.replace("\r\n", "\n").removeprefix("\ufeff")
        lines = plain.split("\n")
        for heading in find(plain):
            if version := version_of_heading(heading.text):
                self._by_numbers.setdefault(_numbers(version), []).append((heading.line + 1, version))
                self._in_order.append((heading.line + 1, heading.level, version))
                below = next((lines[at] for at in range(heading.line + heading.lines, len(lines)) if lines[at].strip()), "")
                if is_unreleased_heading(heading.text) or is_open_line(below):
                    self.opened.append(without_dev(version))

    def in_order(self) -> list[tuple[int, int, str]]:
        """All of them: line, from 1, level and version."""
        return self._in_order

    def released(self) -> list[str]:
        """The versions of those that are released."""
        opened = set(self.opened)
        return [version for _, _, version in self._in_order if without_dev(version) not in opened]

    def lines(self, version: str) -> list[int]:
        """The lines, from 1, of the headings of a version."""
        alike = self._by_numbers.get(_numbers(version), ())
        return [line for line, named in alike if same_version(named, version, self._versions)]


def _numbers(version: str) -> tuple[int, ...]:
    """What texts of the same version have in common: the numbers that it begins with, without zeros at the end."""
    plain = re.sub(r"[^\d.].*", "", version, flags=re.DOTALL)
    numbers = [int(number) for number in plain.split(".") if number]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)
