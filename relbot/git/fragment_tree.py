"""The files below the fragments' folders: those that a change set changes, and all that a merge with the base has."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from relbot.errors import Unknown
from relbot.fragment.file import FragmentFile
from relbot.fragment.location import Location, make_locator
from relbot.git.git_changes import list_files
from relbot.git.merge_contents import merge_contents
from relbot.git.trees import list_tree_paths
from relbot.review.tree_files import merge_files, pick_files

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from relbot.fragment.location import Folder
    from relbot.git.git_changes import GitChanges
    from relbot.review.tree_files import EditedTwice, TreeFile


class FragmentSides:
    """The files below `folders` that a change set changes: `old` as its start has them, `new` as its new side has them.

    `tree` is what a merge of the new side with `tip`, a commit of the base, has. Ten thousand files that stay the same are listed
    only by their names, and only when they are asked for.
    """

    def __init__(self, changes: GitChanges, tip: str, folders: tuple[Folder, ...]) -> None:
        self._changes, self._tip, self._folders = changes, tip, folders
        self._contents: dict[str, bytes] = {}
        below = tuple(f"{folder.path}/" for folder in folders)
        self.old, self.new = (
            {path: file for path, file in side.items() if path.startswith(below)} for side in (changes.before, changes.after)
        )

    @cached_property
    def all_old(self) -> dict[str, TreeFile]:
        """All files below the folders at the start, by path. GitFailed if the tree cannot be read."""
        return list_files(self._changes.git, self._changes.start, self._folders)

    @cached_property
    def all_new(self) -> dict[str, TreeFile]:
        """All files below the folders on the new side, by path. GitFailed if the tree cannot be read."""
        return {path: file for path, file in self.all_old.items() if path not in self.old} | self.new

    @cached_property
    def paths(self) -> Collection[str]:
        """The paths of the files that the merge has. Unknown if both sides changed a fragment in ways that conflict."""
        if self._tip != self._changes.start:
            return self._merged.keys()
        listed = list_tree_paths(self._changes.git, self._tip, self._folders)
        return [*(path for path in listed if path not in self.old), *self.new]

    def read(self, paths: Iterable[str]) -> list[FragmentFile]:
        """Files of the merge, by path. Unknown if git lacks a content, or as for `paths`."""
        wanted = list(paths)
        files = pick_files(self.new, wanted) if self._tip == self._changes.start else {}
        if len(files) == len(wanted):
            return self._changes.read_files(files)
        read = self._changes.read_files(pick_files(self._merged, wanted))
        return [FragmentFile(file.path, self._contents[file.path]) if file.path in self._contents else file for file in read]

    @cached_property
    def _merged(self) -> dict[str, TreeFile]:
        if self._tip == self._changes.start:
            return self.all_new
        locate = make_locator(self._folders)

        def key_of(path: str) -> str:
            at = locate(path)
            return at.identity if isinstance(at, Location) else path

        theirs = list_files(self._changes.git, self._tip, self._folders)
        merged = merge_files(self.all_old, self.all_new, theirs, key_of)
        conflicts = [path for path in merged.conflicts if isinstance(locate(path), Location)]
        for one in merged.edited:
            if isinstance(locate(one.path), Location):
                content = _merge_edited(self._changes, one)
                if content is None:
                    conflicts.append(one.path)
                else:
                    self._contents[one.path] = content
        if conflicts:
            raise _merge_conflict(conflicts, self._tip[:12])
        return merged.files


def _merge_edited(changes: GitChanges, edited: EditedTwice) -> bytes | None:
    """What a merge makes of a file that both sides edited; None if it conflicts, or is no file that can be merged."""
    sides = [changes.read_files({edited.path: file}) for file in (edited.start, edited.ours, edited.theirs)]
    if any(len(side) != 1 or side[0].problem for side in sides):
        return None
    start, ours, theirs = (side[0].content for side in sides)
    return merge_contents(changes.git, start, ours, theirs)


def _merge_conflict(conflicts: list[str], tip: str) -> Unknown:
    what = f"`{conflicts[0]}` was changed here and on the base ({tip}) in different ways."
    if len(conflicts) > 1:
        what = f"{len(conflicts)} fragments were changed here and on the base in different ways, such as `{conflicts[0]}`."
    return Unknown(what, tip="Merge the base into your branch, and resolve the conflict:", example=f"git merge {tip}")
