"""What was read of another tool's notes, as values that no tool has to itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from relbot.adoption.repository_facts import RepositoryFacts
    from relbot.config.model import ChangeType


class ForeignNote(NamedTuple):
    """One note: an item of a changelog, a file, or a part of one. The text is Markdown.

    `source` is where it stands, `name` what its fragment is called, as far as the tool names it. `type` is a name among the
    `types` of what was read. `acts` is whether somebody has to act, `breaking` whether something stops working. `component` is
    the part of the project that changes, `other_components` are further ones. `beside` are the names of the notes that the same
    file made. `remark` says what had no place and is kept in the text, "" if all had one.
    """

    source: str
    name: str
    type: str
    text: str
    issues: tuple[str, ...] = ()
    component: str | None = None
    acts: bool = False
    breaking: bool = False
    beside: tuple[str, ...] = ()
    remark: str = ""
    other_components: tuple[str, ...] = ()


class ForeignRelease(NamedTuple):
    """One release: its version, its day (None where none is told), its notes, and the component that it is of.

    `entry` is the text of its entry in the changelog, "" where the tool keeps none; `entries` is how many it has there.
    """

    version: str
    day: date | None
    notes: tuple[ForeignNote, ...]
    entry: str = ""
    component: str | None = None
    entries: int = 1


class ForeignComponent(NamedTuple):
    """A part of the project that is released on its own: its name, its changelog ("" without one), the name of its tags."""

    name: str
    title: str
    changelog: str = ""
    tag: str = ""


class ForeignNotes(NamedTuple):
    """Everything that was read of one tool.

    `unreleased` are the notes of the next release. `types` are the tool's own, in its order; empty where relbot's fit. `left_out`
    are files or parts that are no notes, each with the reason. `changelog` is the text that the changelog has afterwards, None
    """

    unreleased: tuple[ForeignNote, ...]
    releases: tuple[ForeignRelease, ...] = ()
    types: tuple[ChangeType, ...] = ()
    components: tuple[ForeignComponent, ...] = ()
    path: str = ""
    changelog: str | None = None
    left_out: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """How many notes there are, released ones too."""
        return len(self.unreleased) + sum(len(release.notes) for release in self.releases)


class ToolMaterial(NamedTuple):
    """What a tool's notes are read from.

    `facts` is what the repository tells; `files` the contents of the files that the tool asked for, by path; `versions_of` the
    versions whose tags have a file already, the lowest first, by path.
    """

    facts: RepositoryFacts
    files: Mapping[str, str]
    versions_of: Mapping[str, Sequence[str]]
