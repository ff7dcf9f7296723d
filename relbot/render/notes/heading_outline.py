"""The headings of a release's notes, the same in every format that has headings."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from relbot.release.notes import FIRST
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.release.notes import Notes, NotesEntry, NotesGroup


class OutlinePart(NamedTuple):
    """Entries and the headings above them. `new` are those not yet shown, each with its depth, from 1."""

    path: tuple[str, ...]
    new: tuple[tuple[int, str], ...]
    entries: tuple[NotesEntry, ...]


def outline_notes(notes: Notes) -> Iterator[OutlinePart]:
    """The groups in reading order: what must not be missed comes before the components, all else below its component."""
    shown: tuple[str, ...] = ()
    for group in notes.groups:
        for path, entries in _below_headings(group):
            same = 0
            while same < min(len(path), len(shown)) and path[same] == shown[same]:
                same += 1
            yield OutlinePart(path, tuple((depth + 1, path[depth]) for depth in range(same, len(path))), entries)
            shown = path


def _below_headings(group: NotesGroup) -> Iterator[tuple[tuple[str, ...], tuple[NotesEntry, ...]]]:
    """The entries of a group with the headings above them; what must not be missed keeps the headings of its types."""
    component = () if group.component is None else (group.component,)
    if group.title != FIRST:
        yield (*component, group.title), group.entries
        return
    for title, entries in groupby(group.entries, key=lambda entry: entry.type_title):
        yield (FIRST, *component, title), tuple(entries)
