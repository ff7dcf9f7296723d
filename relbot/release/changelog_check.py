"""What is wrong with a changelog, as its releases tell: entries that are gone, twice there, edited, or out of order."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from relbot.finding import Finding, Level, Place
from relbot.release.changelog_difference import compare_entry, edited_finding
from relbot.release.changelog_labels import ANCHOR
from relbot.release.changelog_order import VersionHeadings, place_entries
from relbot.release.comparison_links import is_linked
from relbot.release.tag_names import same_version
from relbot.release.version_headings import version_of_heading
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from relbot.config.model import Versions
    from relbot.fragment.location import Folder
    from relbot.release.changelog import ChangelogFormat
    from relbot.release.changelog_order import PlacedEntry
    from relbot.release.record import ReleaseRecord

_CONFLICT = ("<<<<<<< ", ">>>>>>> ")


class ChangelogToCheck(NamedTuple):
    """A changelog with what its releases tell: the records of those that were built, and `bare`, the folders without a record.

    `expected` gives the entry that a release's fragments make, "" where they were corrected since, or have faults.
    """

    path: str
    text: str
    folder: Folder
    records: Sequence[ReleaseRecord]
    bare: Sequence[str]
    expected: Callable[[ReleaseRecord], str]


def check_changelog(of: ChangelogToCheck, form: ChangelogFormat, versions: Versions) -> list[Finding]:
    """The findings about a changelog, in the order of the file, with what is missing last.

    Entries that no build wrote are not looked at, unless one names the same version as a release. A folder without a record needs
    an entry, too, unless the changelog has the marker: then only those since adoption do.
    """
    path, text = of.path, of.text
    found = list(find_conflict_markers(path, text))
    placed = place_entries(text, of.records, form, versions)
    line_of = {each.record.version: text.count("\n", 0, each.begin) + 1 for each in placed}
    found += [finding for each in placed if each.edited for finding in _edits(of, each, form, line_of[each.record.version])]
    missing: list[Finding] = []
    found += _lost_links(path, text, (each.record for each in placed if form.links), line_of)
    if form.by_version:
        headings = VersionHeadings(text, versions, form.headings)
        for each in placed:
            found += _second_headings(path, headings, each.record.version, line_of[each.record.version])
        found += _disorder(path, placed, line_of)
        found += _anchors(path, text, {record.version for record in of.records}, versions)
        for version in of.bare if form.content and text.strip() and form.marker not in text else ():
            lines = headings.lines(version)
            found += _second_headings(path, headings, version, lines[0]) if lines else []
            missing += [] if lines else [_bare_finding(path, of.folder.of_release(version), version, form.marker)]
    found.sort(key=lambda finding: finding.place.line or 0)
    return [*found, *_lost_entries(path, of.records, line_of), *missing]


def _edits(of: ChangelogToCheck, entry: PlacedEntry, form: ChangelogFormat, line: int) -> Iterator[Finding]:
    """A finding about an entry that does not stand as relbot wrote it, unless readers see the same."""
    expected = of.expected(entry.record) if form.content else ""
    difference = ""
    if expected and form.content:
        difference = compare_entry(of.text, entry.begin, expected, form).difference
        if not difference:
            return
    version = entry.record.version
    yield edited_finding(Place(of.path, line), version, difference, of.folder.of_release(version), level=Level.WARNING)


def _lost_entries(path: str, records: Iterable[ReleaseRecord], line_of: Mapping[str, int]) -> Iterator[Finding]:
    for record in records:
        if record.version not in line_of and record.version in record.entry.heading:
            message = f"The entry of {record.version} is missing: `{record.entry.heading}`."
            example = f"relbot build --refresh {record.version}"
            yield Finding("changelog-missing", Place(path), message, "A merge may have dropped it. To restore it:", example)


def _lost_links(path: str, text: str, records: Iterable[ReleaseRecord], line_of: Mapping[str, int]) -> Iterator[Finding]:
    for record in records:
        if not is_linked(text, record.links):
            message = f"The link of {record.version} is missing: `{record.links.added.strip()}`."
            example = f"relbot build --refresh {record.version}"
            place = Place(path, line_of[record.version])
            yield Finding("changelog-link", place, message, "A merge may have dropped it. To restore it:", example)


def _bare_finding(path: str, folder: str, version: str, marker: str) -> Finding:
    message = f"`{folder}` has no entry in {path}: no heading names {version}."
    tip = "Write its entry. If relbot is to look only at releases since you adopted it, put the marker below the newest of those:"
    return Finding("changelog-missing", Place(path), message, tip, marker)


_LABEL = re.compile(rf"^[ \t]*(?:{ANCHOR})[ \t]*$", re.MULTILINE)
_LABELLED = re.compile(r"(?:^|[^\d])(\d+(?:[-._]\d+)+)")


def _anchors(path: str, text: str, built: Collection[str], versions: Versions) -> Iterator[Finding]:
    """A finding for each anchor of a version above the heading of another one, if relbot built one of the two."""
    plain = text.replace("\r\n", "\n")
    for label in _LABEL.finditer(plain):
        named = _LABELLED.search(label["rst"] or label["html"])
        following = next((line for line in plain[label.end() :].split("\n") if line.strip() and not _LABEL.match(line)), "")
        below = version_of_heading(following.lstrip("# "))
        meant = re.sub("[-_]", ".", named[1]) if named else ""
        if not meant or not below or same_version(meant, below, versions):
            continue
        if any(same_version(each, version, versions) for each in built for version in (meant, below)):
            line = plain.count("\n", 0, label.start()) + 1
            message = f"The anchor `{label[0].strip()}` stands above {below}, so links to {meant} lead to the wrong entry."
            yield Finding("changelog-anchor", Place(path, line), message, f"Put it above the heading of {meant}.")


def find_conflict_markers(path: str, text: str) -> Iterator[Finding]:
    """The lines that an unresolved merge has left in a changelog."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith(_CONFLICT):
            tip = "Keep the right parts of both sides, and remove the lines of `<`, `=` and `>`."
            yield Finding("merge-conflict", Place(path, number), "This is an unresolved merge conflict.", tip)


def _second_headings(path: str, headings: VersionHeadings, version: str, line: int) -> Iterator[Finding]:
    for other in headings.lines(version):
        if other != line:
            message = f"{version} has a second heading; its entry is the one on line {line}."
            yield Finding("changelog-duplicate", Place(path, other), message, "Make one entry of the two.")


def _disorder(path: str, placed: Sequence[PlacedEntry], line_of: dict[str, int]) -> Iterator[Finding]:
    """Entries that stand above a higher version that is not older, too: by date or by version, no order has them so."""
    standing = sorted(placed, key=lambda each: each.begin)
    for above, below in pairwise(standing):
        if above.version < below.version and above.record.date <= below.record.date:
            message = f"The entry of {above.record.version} stands above that of {below.record.version}, which is newer."
            place = Place(path, line_of[above.record.version])
            yield Finding("changelog-order", place, message, "Move the newest entry to the top.", level=Level.WARNING)
