"""What a change set does to fragments that were there before it: deleted, renamed, edited, moved into a release."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, assert_never

from relbot.finding import Finding, Level, Place
from relbot.fragment.location import RECORD, RELEASED, Location, make_locator
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from relbot.fragment.location import Folder
    from relbot.fragment.model import Fragment
    from relbot.review.tree_files import TreeFile

    _FilesAndFolders = tuple[Mapping[str, TreeFile], tuple[Folder, ...]]


class FragmentChangeKind(StrEnum):
    """What happened to a fragment."""

    DELETED = "deleted"
    RENAMED = "renamed"
    EDITED = "edited"
    RELEASED = "released"
    MOVED = "moved"
    ADDED_TO_RELEASE = "added to a release"


class FragmentChange(NamedTuple):
    """A fragment that is another one after a change set: where it lay, where it lies now. None for a side that has none."""

    kind: FragmentChangeKind
    before: Location | None
    after: Location | None

    @property
    def path(self) -> str:
        """The path on the new side, or the old one of a fragment that is gone."""
        at = self.after or self.before
        assert at is not None
        return at.path

    def is_declared(self, former: Mapping[str, str | None]) -> bool:
        """Whether a renamed fragment names its former name, `former` of its path, and was in no release: deploys go by that."""
        if self.before is None or self.after is None or self.kind is not FragmentChangeKind.RENAMED:
            return False
        return self.before.version is None and former.get(self.after.path) == self.before.identity


def list_fragment_changes(
    old_side: _FilesAndFolders, new_side: _FilesAndFolders, renames: Mapping[str, str]
) -> list[FragmentChange]:
    """What happened to the fragments that the old side has, and which ones came into a release, sorted by path.

    Each side is its files, those at changed paths, and the folders in which it has its fragments. `renames` goes from old paths
    to new ones, as git finds them. A release that is brought over as a whole, with its record, is none of these changes.
    """
    (before, _), (after, _) = old_side, new_side
    old, new = _locate_files(*old_side), _locate_files(*new_side)
    targets: set[str] = set()
    changes: list[FragmentChange] = []
    for identity, location in old.items():
        now = new.get(identity)
        if now is None:
            now = _find_renamed(location, before, after, renames, {at.path: at for name, at in new.items() if name not in old})
            targets.update([now.identity] if now else [])
            kind = FragmentChangeKind.DELETED if now is None else FragmentChangeKind.RENAMED
        elif now.path == location.path:
            if after[now.path] == before[location.path]:
                continue  # the folders changed, and not this file
            kind = FragmentChangeKind.EDITED
        else:
            kind = FragmentChangeKind.RELEASED if now.version and not location.version else FragmentChangeKind.MOVED
        changes.append(FragmentChange(kind, location, now))
    for identity, at in new.items():
        if identity not in old and identity not in targets and at.version and not _brings_record(at, before, after):
            changes.append(FragmentChange(FragmentChangeKind.ADDED_TO_RELEASE, None, at))
    return sorted(changes, key=lambda change: change.path)


def _locate_files(files: Iterable[str], folders: tuple[Folder, ...]) -> dict[str, Location]:
    """The fragments among files, by identity."""
    locate = make_locator(folders)
    located = (locate(path) for path in files)
    return {at.identity: at for at in located if isinstance(at, Location)}


def _find_renamed(
    old: Location,
    before: Mapping[str, TreeFile],
    after: Mapping[str, TreeFile],
    renames: Mapping[str, str],
    new: Mapping[str, Location],
) -> Location | None:
    """Where a fragment lies that has another identity now: at the path to which git sees it renamed, or with the same content."""
    if (path := renames.get(old.path, "")) in new:
        return new[path]
    blob = before[old.path].blob
    return next((at for path, at in new.items() if blob and after[path].blob == blob), None)


def _brings_record(at: Location, before: Mapping[str, TreeFile], after: Mapping[str, TreeFile]) -> bool:
    """Whether the release that holds a fragment is new, with the record that a build writes."""
    record = f"/{RELEASED}/{at.version}/{RECORD}"  # that of a component's folder may lie in the project's
    return any(path.endswith(record) and path not in before for path in after)


def report_fragment_changes(changes: Iterable[FragmentChange], fragments: Mapping[str, Fragment]) -> list[Finding]:
    """A finding for each change: required where the fragment was released, is breaking or has a migration.

    `fragments` are those before the change set, by path. One that could not be read may be grave, so whoever deletes it is asked;
    its errors may be corrected.
    """
    return [_report_change(change, Level.ERROR if _is_grave(change, fragments) else Level.WARNING) for change in changes]


def _is_grave(change: FragmentChange, fragments: Mapping[str, Fragment]) -> bool:
    if change.before is None or change.before.version is not None:
        return True
    fragment = fragments.get(change.before.path)
    if fragment is None:
        return change.kind is FragmentChangeKind.DELETED
    return fragment.breaking or fragment.migration or bool(fragment.steps)


def _report_change(change: FragmentChange, level: Level) -> Finding:
    place = Place(change.path)
    old = change.before.path if change.before else ""
    match change.kind:
        case FragmentChangeKind.DELETED:
            message = f"The change set deletes `{old}`, the note of an earlier change. Readers would miss that change."
            tip = "Restore the file. If the earlier change is reverted, revert its commit, and its note goes with it."
            return Finding("fragment-deleted", place, message, tip, f"git checkout HEAD~ -- {old}", level)
        case FragmentChangeKind.RENAMED:
            message = f"The change set renames `{old}`. The file name identifies a change in deploys."
            was = change.before.identity if change.before and change.before.version is None else ""
            tip = f"Keep the old name, or name it in the front matter: `was: {was}`." if was else "Keep the old name."
            return Finding("fragment-renamed", place, message, tip, f"git mv {change.path} {old}", level)
        case FragmentChangeKind.EDITED:
            message = f"The change set edits `{old}`, the note of an earlier change."
            tip = "Check that the text still describes that change. Describe your own change in a separate file."
            return Finding("fragment-edited", place, message, tip, "relbot new", level if level is Level.ERROR else Level.NOTE)
        case FragmentChangeKind.RELEASED | FragmentChangeKind.MOVED:
            message = f"The change set moves `{old}` to `{change.path}`, and `relbot build` on the base would not do that."
            tip = "Move it back, and let `relbot build` move fragments into a release."
            return Finding("fragment-released", place, message, tip, f"git mv {change.path} {old}", level)
        case FragmentChangeKind.ADDED_TO_RELEASE:
            assert change.after is not None
            folder = change.after.folder.path
            message = f"`{change.path}` is new in a release that is already published, so no release notes will show it."
            tip = f"Move it to `{folder}`, where unreleased changes lie."
            return Finding("fragment-in-release", place, message, tip, f"git mv {change.path} {folder}/", level)
        case _:
            assert_never(change.kind)
