"""Files of trees, read from git's objects. Nothing is checked out."""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from relbot.errors import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relbot.fragment.location import Folder
    from relbot.git.process import Git


class Entry(NamedTuple):
    """A file of a tree: its path, its mode (`100644`, or what else git writes) and its blob."""

    path: str
    mode: str
    blob: str


def listing(git: Git, commit: str, folders: tuple[Folder, ...]) -> frozenset[bytes]:
    """All files below the folders in a commit, as raw lines of `git ls-tree`: two trees are compared before any is parsed.

    A folder that is not there has no files. GitFailed if the tree cannot be read.
    """
    return _lines(git.run("ls-tree", "-r", "-z", commit, "--", *_outermost(folders)))


class Compared(NamedTuple):
    """The lines of the listings of two trees: those of one of them alone, and those of both."""

    before: frozenset[bytes]
    after: frozenset[bytes]
    shared: frozenset[bytes]


def compared(git: Git, start: str, end: str, folders: tuple[Folder, ...]) -> Compared:
    """What `listing` tells of two commits. git looks into no folder that is the same in both, and lists one while it compares."""
    top = _outermost(folders)
    form = ("-r", "-z", "--raw", "--no-abbrev", "--relative", "--no-renames", "--no-ext-diff", "--ignore-submodules=none")
    words = ("diff-tree", *form, start, end, "--", *(f":(literal){path}" for path in top))
    rows, lines = git.run_all(words, ("ls-tree", "-r", "-z", end, "--", *top))
    fields = rows.split(b"\0")
    before, after = set[bytes](), set[bytes]()
    for about, path in zip(fields[::2], fields[1::2], strict=False):
        modes_and_blobs = about[1:].split(b" ")
        for side, mode, blob in zip((before, after), modes_and_blobs, modes_and_blobs[2:4], strict=False):
            if mode != b"000000":
                side.add(b"%s %s %s\t%s" % (mode, b"commit" if mode == b"160000" else b"blob", blob, path))
    return Compared(frozenset(before), frozenset(after), _lines(lines) - after)


def _outermost(folders: tuple[Folder, ...]) -> list[str]:
    below = sorted({folder.path for folder in folders})
    return [path for path in below if not any(path.startswith(other + "/") for other in below)]


def _lines(listing: bytes) -> frozenset[bytes]:
    return frozenset(listing.removesuffix(b"\0").split(b"\0")) - {b""}


def entry(line: bytes) -> Entry:
    """A line of a listing, `MODE TYPE BLOB<tab>PATH`, as values."""
    about, _, path = line.partition(b"\t")
    mode, _, blob = about.decode("ascii").split(" ")
    return Entry(os.fsdecode(path), mode, blob)


def stems(lines: Iterable[bytes]) -> frozenset[str]:
    """The stems of the Markdown files among the lines of a listing."""
    paths = os.fsdecode(b"\0".join(lines)).split("\0")
    return frozenset([path[path.rfind("/") + 1 : -3] for path in paths if path.endswith(".md")])


def blobs(git: Git, ids: Iterable[str]) -> dict[str, bytes]:
    """The content of blobs, by id, read by one process. Unknown if one is missing, as in a partial clone without its remote."""
    return Reading(git, ids).contents()


class Reading:
    """The contents of blobs, being read since this was made: git works meanwhile. To be asked for them once."""

    def __init__(self, git: Git, ids: Iterable[str]) -> None:
        self._wanted = list(dict.fromkeys(ids))
        said = "".join(f"{blob}\n" for blob in self._wanted).encode("ascii")
        self._begun = git.begin("cat-file", "--batch", stdin=said) if self._wanted else None

    def contents(self) -> dict[str, bytes]:
        """The contents, by id. Unknown if one is missing, as in a partial clone without its remote."""
        answer = self._begun.result() if self._begun is not None else b""
        contents: dict[str, bytes] = {}
        at = 0
        for blob in self._wanted:
            end = answer.find(b"\n", at)
            head = answer[at:end].split(b" ")
            if end < 0 or len(head) != 3 or head[1] != b"blob" or not head[2].isdigit():
                said = answer[at : max(end, at)].decode("utf-8", "replace") or "nothing"
                tip = "Fetch again, or see what `git fsck` says."
                raise Unknown(f"git cannot read the blob {blob}: it says {said}.", tip=tip)
            size = int(head[2])
            contents[blob] = answer[end + 1 : end + 1 + size]
            at = end + size + 2
        return contents


class Tree:
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
        read = blobs(self._git, wanted.values())
        return {path: read[blob] for path, blob in wanted.items()}

    @cached_property
    def _blobs(self) -> dict[str, str]:
        lines = self._git.run("ls-tree", "-r", "-z", self._commit).split(b"\0")
        return {file.path: file.blob for file in map(entry, filter(None, lines)) if file.mode.startswith("100")}
