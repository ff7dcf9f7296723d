"""What is wrong with a changelog, as its releases tell: entries that are gone, twice there, edited, or out of order."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from relbot.finding import Finding, Level, Place
from relbot.release.changelog_order import VersionHeadings, place_entries

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from relbot.config.model import Versions
    from relbot.release.changelog import ChangelogFormat
    from relbot.release.changelog_order import PlacedEntry
    from relbot.release.record import ReleaseRecord

_CONFLICT = ("<<<<<<< ", ">>>>>>> ")


def check_changelog(
    path: str, text: str, records: Sequence[ReleaseRecord], form: ChangelogFormat, versions: Versions
) -> list[Finding]:
    """The findings about the changelog at `path` whose releases were built as these records say.

    Entries that no build wrote are not looked at, unless one names the same version as a release. The findings are in the order
    of the file, with what is missing last.
    """
    found = list(_conflicts(path, text))
    placed = place_entries(text, records, versions)
    line_of = {each.record.version: text.count("\n", 0, each.begin) + 1 for each in placed}
    for each in placed:
        if each.edited:
            version = each.record.version
            message = f"The entry of {version} was edited by hand and no longer matches its fragments."
            tip = f"Make your edits in the fragments below `released/{version}/`, and undo the edit of the changelog."
            found.append(Finding("changelog-edited", Place(path, line_of[version]), message, tip, level=Level.WARNING))
    if form.by_version:
        headings = VersionHeadings(text, versions)
        for each in placed:
            found += _second_headings(path, headings, each, line_of[each.record.version])
        found += _disorder(path, placed, line_of)
    found.sort(key=lambda finding: finding.place.line or 0)
    named = [record for record in records if record.version not in line_of and record.version in record.entry.first_line]
    for record in named:
        message = f"The entry of {record.version} is missing: `{record.entry.first_line}`."
        example = f"relbot build --refresh {record.version}"
        found.append(Finding("changelog-missing", Place(path), message, "A merge may have dropped it. To restore it:", example))
    return found


def _conflicts(path: str, text: str) -> Iterator[Finding]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith(_CONFLICT):
            tip = "Keep the right parts of both sides, and remove the lines of `<`, `=` and `>`."
            yield Finding("merge-conflict", Place(path, number), "This is an unresolved merge conflict.", tip)


def _second_headings(path: str, headings: VersionHeadings, entry: PlacedEntry, line: int) -> Iterator[Finding]:
    for other in headings.lines(entry.record.version):
        if other != line:
            message = f"{entry.record.version} has a second heading; relbot built the one on line {line}."
            yield Finding("changelog-duplicate", Place(path, other), message, "Make one entry of the two.")


def _disorder(path: str, placed: Sequence[PlacedEntry], line_of: dict[str, int]) -> Iterator[Finding]:
    """Entries that stand above a higher version that is not older, too: by date or by version, no order has them so."""
    standing = sorted(placed, key=lambda each: each.begin)
    for above, below in pairwise(standing):
        if above.version < below.version and above.record.date <= below.record.date:
            message = f"The entry of {above.record.version} stands above that of {below.record.version}, which is newer."
            place = Place(path, line_of[above.record.version])
            yield Finding("changelog-order", place, message, "Move the newest entry to the top.", level=Level.WARNING)
