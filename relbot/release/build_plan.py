"""A build as data: what a builder plans, to be shown or applied."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from relbot.release.operations import Write
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from relbot.finding import Finding
    from relbot.release.notes import Notes
    from relbot.release.operations import Move, Operations, Removal
    from relbot.release.release_tree import ReleaseTree
    from relbot.release.unreleased_text import UnreleasedText


class Build(NamedTuple):
    """A build to be shown or applied.

    Where there are `findings` nothing may be done, and `operations` is empty; so it is where nothing is left to do.
    `corrected` are the releases whose entries change because their fragments did. `took_text` tells that what stood below
    *Unreleased* became part of the release. `raised` has the files whose version is raised, by path, with the version before.
    """

    notes: Notes
    operations: Operations
    findings: tuple[Finding, ...] = ()
    corrected: tuple[str, ...] = ()
    took_text: bool = False
    raised: Mapping[str, str] = MappingProxyType({})


class Extras(NamedTuple):
    """What a record remembers of a build beside its entry.

    `homes` are folders of fragments from elsewhere, `taken` is what the changelog said, `raised` the files with a raised version.
    """

    homes: Mapping[str, str] = MappingProxyType({})
    taken: UnreleasedText | None = None
    raised: Mapping[str, str] = MappingProxyType({})


class ChangelogChange(NamedTuple):
    """The changelog as it becomes, and the records written with it; nothing is done where there are findings."""

    text: str
    writes: tuple[Write, ...] = ()
    findings: tuple[Finding, ...] = ()
    removals: tuple[Removal, ...] = ()

    def then(self, later: ChangelogChange) -> ChangelogChange:
        return ChangelogChange(later.text, self.writes + later.writes, self.findings + later.findings)


def copy_awaited(tree: ReleaseTree, moved: Iterable[Move]) -> tuple[Write, ...]:
    """Copies of the fragments that another target has yet to release."""
    contents = {source.path: source.content for source in tree.unreleased_sources} if tree.awaited else {}
    return tuple(Write(move.target, None, contents[move.source]) for move in moved if move.source in tree.awaited)
