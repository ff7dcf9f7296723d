"""What a change set changes, as git tells it: commits, the index or the work tree against the commit where it begins."""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING, Self

from relbot.fragment.file import FragmentFile
from relbot.git.change_set import read_contents
from relbot.git.differences import DIFF_FORM, parse_changed_paths, parse_entries, parse_rows, without_entries
from relbot.git.trees import list_tree, read_blobs
from relbot.review.changed_paths import ChangedPath
from relbot.review.tree_files import TreeFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from relbot.detect.engine.model import ChangeSet
    from relbot.fragment.location import Folder
    from relbot.git.change_set import BlobReader
    from relbot.git.process import Git

    ReadFromDisk = Callable[[Iterable[str]], list[FragmentFile]]

_PROBLEMS = {
    "120000": "It is a symbolic link.",
    "160000": "It is a submodule.",
    "unmerged": "It has a merge conflict that is not resolved.",
}


class GitChanges:
    """A change set: everything that differs between the commit `start` and its new side.

    `raw` is the answer of `git diff --raw` in the form DIFF_FORM. `untracked` are further files of the new side that git does
    not track. `read_disk` reads files of the new side that git has not stored: only a work tree has some. `is_first` tells that
    nothing was ever committed.
    """

    def __init__(
        self, git: Git, start: str, raw: bytes, untracked: Iterable[str] = (), read_disk: ReadFromDisk | None = None
    ) -> None:
        self.git = git
        self.start = start
        self._raw = raw
        self._untracked = tuple(untracked)
        self._read_disk = read_disk
        self.is_first = False

    def without_merged(self, tip: str) -> Self:
        """The change set without the files that a commit of the base has made the same since: a merge changes nothing there.

        What somebody else's merged pull request brought is none of this one's, also if it was merged as another commit.
        """
        if tip == self.start or self.is_first or not self._raw:
            return self
        theirs = parse_entries(self.git.run("diff-tree", "-r", "--no-renames", *DIFF_FORM, self.start, tip))
        raw = without_entries(self._raw, {entry.path: entry.new for entry in theirs})
        return type(self)(self.git, self.start, raw, self._untracked, self._read_disk)

    @cached_property
    def changed(self) -> tuple[ChangedPath, ...]:
        """The paths that changed, sorted, a rename as a deletion and an addition; then the untracked files."""
        tracked = sorted(parse_changed_paths(self._raw), key=lambda change: change.path)
        return (*tracked, *(ChangedPath("A", path) for path in self._untracked))

    @cached_property
    def renames(self) -> dict[str, str]:
        """The renames that git finds: from the old path to the new one."""
        return {row.old_path: row.path for row in parse_rows(self._raw) if row.status == "R"}

    @cached_property
    def before(self) -> dict[str, TreeFile]:
        """The changed files as `start` has them, by path."""
        return {old_path: old for old_path, _, old, _ in parse_entries(self._raw) if old is not None}

    @cached_property
    def after(self) -> dict[str, TreeFile]:
        """The changed and the untracked files as the new side has them, by path."""
        tracked = {path: new for _, path, _, new in parse_entries(self._raw) if new is not None}
        return tracked | {path: TreeFile("100644", "") for path in self._untracked}

    def read_change_set(self, blobs: BlobReader) -> ChangeSet:
        """The changed files with their contents on both sides, without untracked ones. Unknown if git lacks a content."""
        return read_contents(parse_rows(self._raw), blobs)

    def apply_to(self, before: Mapping[str, TreeFile]) -> dict[str, TreeFile]:
        """The files of the new side, given those that `start` has. Only changed paths below its folders may be of interest."""
        return {path: file for path, file in before.items() if path not in self.before} | self.after

    def read_files(self, files: Mapping[str, TreeFile]) -> list[FragmentFile]:
        """The contents of files, of any side, sorted by path. Unknown if git lacks a content."""
        on_disk = [path for path, file in files.items() if not file.blob and file.mode not in _PROBLEMS]
        if self._read_disk is None or not on_disk:
            return read_stored_files(self.git, files)
        stored = read_stored_files(self.git, {path: file for path, file in files.items() if path not in on_disk})
        return sorted([*stored, *self._read_disk(on_disk)])


def read_stored_files(git: Git, files: Mapping[str, TreeFile]) -> list[FragmentFile]:
    """The contents of files that git has stored, sorted by path; of a link or the like, why it has none.

    Unknown if git lacks a content.
    """
    contents = read_blobs(git, (file.blob for file in files.values() if file.mode not in _PROBLEMS))
    return [
        FragmentFile(path, b"", _PROBLEMS[file.mode]) if file.mode in _PROBLEMS else FragmentFile(path, contents[file.blob])
        for path, file in sorted(files.items())
    ]


def list_files(git: Git, commit: str, folders: tuple[Folder, ...]) -> dict[str, TreeFile]:
    """All files below the folders in a commit, by path. GitFailed if the tree cannot be read."""
    return parse_files(list_tree(git, commit, folders))


def parse_files(listing: bytes) -> dict[str, TreeFile]:
    """The files in an answer of `git ls-tree -r -z`, by path: lines `MODE TYPE BLOB<tab>PATH`."""
    lines = (line.partition("\t") for line in os.fsdecode(listing).split("\0") if line)
    return {path: TreeFile(about[:6], about[about.rfind(" ") + 1 :]) for about, _, path in lines}


def diff_commits(git: Git, start: str, head: str) -> GitChanges:
    """The change set from one commit to another."""
    return GitChanges(git, start, git.run("diff-tree", "-r", *DIFF_FORM, start, head))


def diff_index(git: Git) -> GitChanges:
    """What the next commit would change; all of the index where it would be the first, with the empty tree as its start."""
    git.run("rev-parse", "--git-dir")  # elsewhere, `git diff` compares files
    head = git.find("rev-parse", "--verify", "--quiet", "HEAD")
    start = head or git.run("hash-object", "-t", "tree", "--stdin", stdin=b"").decode("ascii").strip()
    changes = GitChanges(git, start, git.run("diff", "--cached", *DIFF_FORM, start))
    changes.is_first = head is None
    return changes
