"""Keys that are gone from a file and missed by nobody: their values are written elsewhere, or read the old keys themselves."""

from __future__ import annotations

from relbot.detect.config_structure.entry import Entry, Path, dotted_path
from relbot.detect.config_structure.placeholders import names_in_placeholders
from relbot.schema import lazy_re as re

_ONLY_ANCHOR = re.compile(r"(default|common|base|shared)s?$|x-|\.")
"""How sections are called that are there for others to include."""


def without_anchors(gone: list[Entry], after: dict[Path, Entry]) -> list[Entry]:
    """Entries without those of a section that others included, where they are written out now."""
    if not any(_ONLY_ANCHOR.match(entry.path[0]) for entry in gone):
        return gone
    written = {(entry.name, entry.value) for entry in after.values()}
    return [entry for entry in gone if not (_ONLY_ANCHOR.match(entry.path[0]) and (entry.name, entry.value) in written)]


_OF_PRODUCTION = frozenset(("production", "prod"))


def without_repeated(gone: list[Entry], after: dict[Path, Entry]) -> list[Entry]:
    """Entries without those of production that say what holds for every environment, too."""
    return [
        entry
        for entry in gone
        if not (
            entry.path[0] in _OF_PRODUCTION and (whole := after.get(entry.path[1:])) is not None and whole.value == entry.value
        )
    ]


def take_still_read(gone: list[Entry], come: list[Entry]) -> tuple[list[Entry], list[Entry]]:
    """The entries that a new value still reads, as `${old.key:5}`, and the others."""
    read = {name for entry in come for name in names_in_placeholders(entry.value)}
    still = [entry for entry in gone if dotted_path(entry.path) in read]
    return still, [entry for entry in gone if entry not in still]
