"""Files of trees, read from git's objects. Nothing is checked out."""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING

from relbot.errors import Unknown
from relbot.git.object_reader import FULL_ID, TreeEntry
from relbot.git.process import split_paths

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relbot.fragment.location import Folder
    from relbot.git.object_reader import GitObject
    from relbot.git.process import Git


FOLDER = "040000"
"""The mode of a folder in a tree."""
_FEW = 300
"""Blobs that the reader that stays gives sooner than a process that reads ahead."""


def list_entries(git: Git, commit: str, paths: Iterable[str]) -> dict[str, TreeEntry]:
    """The files and folders that a commit has at these paths, by path; without those that it lacks.

    GitFailed if the tree cannot be read.
    """
    try:
        found = {path: _find_entry(git, commit, git.place.prefix + path) for path in paths}
    except KeyError:  # git says what is wrong
        lines = git.run("ls-tree", "-z", commit, "--", *paths).split(b"\0")
        return {file.path: file for file in map(parse_entry, filter(None, lines))}
    return {path: entry._replace(path=path) for path, entry in found.items() if entry is not None}


def _find_entry(git: Git, commit: str, path: str) -> TreeEntry | None:
    """What a commit has at a path from the top, None if nothing.

    KeyError if a folder on the way cannot be read, or if the commit is not given by its full id.
    """
    if not FULL_ID.fullmatch(commit):
        raise KeyError(commit)
    *above, name = path.split("/")
    tree = f"{commit}^{{tree}}"
    for folder in above:
        entry = _entries_of(git, tree).get(folder)
        if entry is None or entry.mode != FOLDER:
            return None
        tree = entry.blob
    return _entries_of(git, tree).get(name)


def _entries_of(git: Git, tree: str) -> dict[str, TreeEntry]:
    entries = git.objects.read_trees((tree,))[0]
    if entries is None:
        raise KeyError(tree)
    return entries


def list_tree(git: Git, commit: str, folders: tuple[Folder, ...]) -> bytes:
    """All files below the folders in a commit, as `git ls-tree -z` writes them, for `split_lines`.

    A folder that is not there has no files. GitFailed if the tree cannot be read.
    """
    return git.run("ls-tree", "-r", "-z", commit, "--", *_outermost_paths(folders))


def list_tree_paths(git: Git, commit: str, folders: tuple[Folder, ...]) -> list[str]:
    """The paths of all files below the folders in a commit. GitFailed if the tree cannot be read."""
    return split_paths(git.run("ls-tree", "-r", "-z", "--name-only", commit, "--", *_outermost_paths(folders)))


class TreeComparison:
    """What the listings of two commits have alone, as lines, and what both have. To be closed.

    git looks into no folder that is the same in both, and goes on naming the files of the second while the caller does else.
    What is in those that both have is listed when it is asked for. All but `close` raise GitFailed if a tree cannot be read.
    """

    def __init__(self, git: Git, start: str, end: str, folders: tuple[Folder, ...]) -> None:
        top = _outermost_paths(folders)
        form = ("-r", "-z", "--raw", "--no-abbrev", "--relative", "--no-renames", "--no-ext-diff", "--ignore-submodules=none")
        self._git, self._end, self._folders = git, end, folders
        self._names = git.begin("ls-tree", "-r", "-z", "--name-only", end, "--", *top, stdin=b"")
        try:
            rows = git.run("diff-tree", *form, start, end, "--", *(f":(literal){path}" for path in top))
        except BaseException:
            self.close()
            raise
        self.before, self.after = _split_sides(rows)

    def close(self) -> None:
        """Ends what git still does."""
        self._names.end()

    @cached_property
    def shared(self) -> frozenset[bytes]:
        """The lines that both listings have."""
        return split_lines(list_tree(self._git, self._end, self._folders)) - self.after

    def shared_stems(self) -> frozenset[str]:
        """The stems of the Markdown files that both listings have."""
        stems = split_stems(self._names.result())
        if len(different := frozenset(stems)) == len(stems):  # each stands for one file
            return different.difference(_stems_of_lines(self.after))
        return frozenset(_stems_of_lines(self.shared))


class DisjointTrees:
    """The same of two commits that have their fragments in different folders: no file is where the other commit has one."""

    shared: frozenset[bytes] = frozenset()

    def __init__(self, git: Git, start: str, end: str, folders: tuple[tuple[Folder, ...], tuple[Folder, ...]]) -> None:
        self.before, self.after = (
            split_lines(list_tree(git, commit, of)) for commit, of in zip((start, end), folders, strict=True)
        )

    def shared_stems(self) -> frozenset[str]:
        """The stems of none."""
        return frozenset()

    def close(self) -> None:
        """Nothing is under way."""


def _split_sides(rows: bytes) -> tuple[frozenset[bytes], frozenset[bytes]]:
    """The rows of `git diff-tree --raw -z` as lines of two listings."""
    fields = rows.split(b"\0")
    before, after = set[bytes](), set[bytes]()
    for about, path in zip(fields[::2], fields[1::2], strict=False):
        modes_and_blobs = about[1:].split(b" ")
        for side, mode, blob in zip((before, after), modes_and_blobs, modes_and_blobs[2:4], strict=False):
            if mode != b"000000":
                side.add(b"%s %s %s\t%s" % (mode, b"commit" if mode == b"160000" else b"blob", blob, path))
    return frozenset(before), frozenset(after)


def _outermost_paths(folders: tuple[Folder, ...]) -> list[str]:
    below = sorted({folder.path for folder in folders})
    return [path for path in below if not any(path.startswith(other + "/") for other in below)]


def split_lines(listing: bytes) -> frozenset[bytes]:
    """The raw lines of a listing: two trees are compared before any is parsed."""
    return frozenset(listing.removesuffix(b"\0").split(b"\0")) - {b""}


def _stems_of_lines(lines: Iterable[bytes]) -> list[str]:
    return split_stems(b"\0".join([line.partition(b"\t")[2] for line in lines]))


def parse_entry(line: bytes) -> TreeEntry:
    """A line of a listing, `MODE TYPE BLOB<tab>PATH`, as values."""
    about, _, path = line.partition(b"\t")
    mode, _, blob = about.decode("ascii").split(" ")
    return TreeEntry(os.fsdecode(path), mode, blob)


def list_stems(git: Git, commit: str, folders: tuple[Folder, ...]) -> frozenset[str]:
    """The stems of the Markdown files below the folders in a commit. GitFailed if the tree cannot be read."""
    return frozenset(split_stems(git.run("ls-tree", "-r", "-z", "--name-only", commit, "--", *_outermost_paths(folders))))


def split_stems(names: bytes) -> list[str]:
    """The stem of each Markdown file among paths that NULs end, as `git ls-tree -z --name-only` writes them."""
    return [path.rpartition("/")[2][:-3] for path in os.fsdecode(names).split("\0") if path.endswith(".md")]


def read_blobs(git: Git, ids: Iterable[str]) -> dict[str, bytes]:
    """The content of blobs, by id, read by one process. Unknown if one is missing, as in a partial clone without its remote."""
    return BlobReading(git, ids).contents()


class BlobReading:
    """The contents of blobs. Many are being read since this was made: git works meanwhile. To be asked once, then closed."""

    def __init__(self, git: Git, ids: Iterable[str]) -> None:
        self._git = git
        self._wanted = list(dict.fromkeys(ids))
        said = "".join(f"{blob}\n" for blob in self._wanted).encode("ascii")
        self._begun = git.begin("cat-file", "--batch", stdin=said) if len(self._wanted) > _FEW else None

    def close(self) -> None:
        """Ends what git still does, where the contents were not asked for."""
        if self._begun is not None:
            self._begun.end()

    def contents(self) -> dict[str, bytes]:
        """The contents, by id. Unknown if one is missing, as in a partial clone without its remote."""
        if self._begun is None:
            found = self._git.objects.read_all(self._wanted)
            return {blob: require_blob(blob, each) for blob, each in zip(self._wanted, found, strict=True)}
        answer = self._begun.result()
        contents: dict[str, bytes] = {}
        at = 0
        for blob in self._wanted:
            end = answer.find(b"\n", at)
            head = answer[at:end].split(b" ")
            if end < 0 or len(head) != 3 or head[1] != b"blob" or not head[2].isdigit():
                raise _unreadable_blob(blob)
            size = int(head[2])
            contents[blob] = answer[end + 1 : end + 1 + size]
            at = end + size + 2
        return contents


def require_blob(blob: str, found: GitObject | None) -> bytes:
    """The content of a blob that was asked for. Unknown if git found none."""
    if found is None or found.kind != "blob":
        raise _unreadable_blob(blob)
    return found.content


def _unreadable_blob(blob: str) -> Unknown:
    tip = "Fetch again, or run `git fsck` to check the repository."
    return Unknown(f"git cannot read the blob {blob}: it is not in this clone, or damaged.", tip=tip)


class CommitTree:
    """The regular files of a commit, read when they are asked for. GitFailed if there is no such commit."""

    def __init__(self, git: Git, commit: str) -> None:
        self._git = git
        self._commit = commit

    def paths(self) -> list[str]:
        """The paths of all of them."""
        return list(self._blobs)

    def contents(self, paths: Iterable[str]) -> dict[str, bytes]:
        """What is in these, by path. Unknown if git lacks a content."""
        wanted = {path: self._blobs[path] for path in paths}
        read = read_blobs(self._git, wanted.values())
        return {path: read[blob] for path, blob in wanted.items()}

    @cached_property
    def _blobs(self) -> dict[str, str]:
        lines = self._git.run("ls-tree", "-r", "-z", self._commit).split(b"\0")
        return {file.path: file.blob for file in map(parse_entry, filter(None, lines)) if file.mode.startswith("100")}
