"""The headings of a release's notes, the same in every format that has headings."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from relbot.release.notes import FIRST

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
        path = _heading_path(group)
        same = 0
        while same < min(len(path), len(shown)) and path[same] == shown[same]:
            same += 1
        yield OutlinePart(path, tuple((depth + 1, path[depth]) for depth in range(same, len(path))), group.entries)
        shown = path


def _heading_path(group: NotesGroup) -> tuple[str, ...]:
    if group.component is None:
        return (group.title,)
    return (FIRST, group.component) if group.title == FIRST else (group.component, group.title)
