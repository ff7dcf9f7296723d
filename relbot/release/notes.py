"""Fragments to the notes of a release, as data. What the renderers of every format show."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from relbot.fragment.location import in_natural_order
from relbot.fragment.model import NotesAudience
from relbot.release.comparison_links import fill_pattern
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from relbot.config.model import Config
    from relbot.fragment.model import Fragment

UNRELEASED = "Unreleased"
"""The version in the notes of a draft that names none."""
FIRST = "Breaking changes and migrations"
"""The heading of what a reader must not miss."""


class Attribution(NamedTuple):
    """Where a change came from, as the history tells: pull requests and authors (a name, or `@login`)."""

    prs: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()


class NotesEntry(NamedTuple):
    """One change in the notes."""

    fragment: Fragment
    type_title: str
    prs: tuple[str, ...]
    authors: tuple[str, ...]


class Readers(NamedTuple):
    """Who notes are for, and the types of changes that they leave out."""

    audience: NotesAudience
    hidden: frozenset[str]

    def sees(self, fragment: Fragment) -> bool:
        """Whether the notes show a change. What breaks or asks for action is never hidden for its type alone."""
        if not self.audience.reads(fragment.audience):
            return False
        shown_anyway = fragment.breaking or fragment.migration_note or self.audience is NotesAudience.TEAM
        return bool(shown_anyway) or fragment.type not in self.hidden

    def part_of(self, fragment: Fragment) -> Fragment:
        """What of a change these readers see: the public no commands and hosts, and not why no action is needed."""
        if self.audience is not NotesAudience.PUBLIC or not (fragment.steps or fragment.operators_note or fragment.reason):
            return fragment
        return fragment._replace(steps=(), operators_note="", reason=None)


class NotesGroup(NamedTuple):
    """Entries of one type, or those to be read first. `component` is a heading, None where there are no components."""

    title: str
    entries: tuple[NotesEntry, ...]
    component: str | None = None


class Notes(NamedTuple):
    """The notes of one release. `title` is its heading; `groups` come in reading order, none of them empty.

    Groups of one component stand together, those to be read first come before all others. `left_out` are the changes that are not
    for those who read these notes, `audience`, or of a hidden type. `prose` is Markdown that stands above all of them.
    `previous` is the release before, "" where there is none or nothing asks for it.
    """

    version: str
    date: date
    title: str
    groups: tuple[NotesGroup, ...]
    component: str | None = None
    audience: NotesAudience = NotesAudience.PUBLIC
    left_out: tuple[NotesEntry, ...] = ()
    prose: str = ""
    previous: str = ""

    @property
    def name(self) -> str:
        """The title without links, for where no Markdown is read: `1.2.0 - 2018-08-15` of `[1.2.0] - 2018-08-15`."""
        return re.sub(r"\[([^\[\]]*)\](?:\([^()]*\))?", r"\1", self.title)

    @property
    def entries(self) -> tuple[NotesEntry, ...]:
        """All entries, in reading order; one that stands below several components only once."""
        return tuple({entry.fragment.identity: entry for group in self.groups for entry in group.entries}.values())


def make_notes(
    version: str,
    day: date,
    fragments: Iterable[Fragment],
    origins: Mapping[str, Attribution],
    config: Config,
    component: str | None = None,
    previous: str = "",
) -> Notes:
    """The notes of a release of `component`, or of the whole project. `origins` is by identity, `previous` the release before.

    Breaking changes and those that need a migration come first, then the rest by component and by type, both in
    the order of the configuration; within a group in natural order of the identities.
    """
    titles = {t.name: t.title for t in config.types}
    components = {c.name: c.title for c in config.components}
    readers = Readers(config.audience, frozenset(config.hidden_types))
    left_out: list[NotesEntry] = []
    by_group: dict[tuple[bool, str, str], list[NotesEntry]] = {}
    for fragment in sorted(fragments, key=lambda f: in_natural_order(f.identity)):
        origin = origins.get(fragment.identity, _NO_ORIGIN)
        entry = NotesEntry(
            readers.part_of(fragment),
            titles.get(fragment.type, fragment.type),
            fragment.prs or origin.prs,
            fragment.authors or origin.authors,
        )
        if not readers.sees(fragment):
            left_out.append(entry._replace(fragment=fragment))
            continue
        first = fragment.breaking or fragment.migration_note or entry.fragment.steps
        for name in _headings_of(fragment, config, component):
            by_group.setdefault((not first, name, fragment.type), []).append(entry)
    groups = _order_groups(by_group, list(titles), list(components))
    return Notes(
        version,
        day,
        _title(version, day, config, component, previous),
        tuple(_merge_groups(groups, titles, components, alone=component is not None)),
        component,
        config.audience,
        tuple(left_out),
        previous=previous,
    )


def _headings_of(fragment: Fragment, config: Config, component: str | None) -> tuple[str, ...]:
    """The components below which the notes show a change: each that has no changelog of its own, "" for none."""
    if component is not None or fragment.component is None:
        return ("",)
    if not fragment.other_components:
        return (fragment.component,)
    here = tuple(name for name in fragment.components if name not in config.released_alone)
    return here or (fragment.component,)


def _title(version: str, day: date, config: Config, component: str | None, previous: str) -> str:
    pattern = config.title
    if version == UNRELEASED:  # `v{version}` and `[{version}]` are marks of a version
        return f"{UNRELEASED} ({day.isoformat()})" if "{date}" in pattern else UNRELEASED
    dated = pattern.replace("{date}", day.isoformat())
    return fill_pattern(dated, version, previous, config.links.repository, component or "")


_NO_ORIGIN = Attribution()
_Groups = list[tuple[tuple[bool, str, str], list[NotesEntry]]]


def _order_groups(by_group: dict[tuple[bool, str, str], list[NotesEntry]], types: list[str], components: list[str]) -> _Groups:
    def place(names: list[str], name: str) -> tuple[int, str]:
        return (names.index(name) if name in names else len(names), name)

    return sorted(by_group.items(), key=lambda g: (g[0][0], place(["", *components], g[0][1]), place(types, g[0][2])))


def _merge_groups(groups: _Groups, titles: dict[str, str], components: dict[str, str], *, alone: bool) -> Iterable[NotesGroup]:
    """The groups with their headings; those to be read first are one group per component."""
    first: dict[str, list[NotesEntry]] = {}
    for (later, component, _), entries in groups:
        if not later:
            first.setdefault(component, []).extend(entries)

    def heading(component: str) -> str | None:
        return None if alone or not component else components.get(component, component)

    for component, entries in first.items():
        yield NotesGroup(FIRST, tuple(entries), heading(component))
    for (later, component, kind), entries in groups:
        if later:
            yield NotesGroup(titles.get(kind, kind), tuple(entries), heading(component))
