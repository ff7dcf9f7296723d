"""Files of trees, read from git's objects. Nothing is checked out."""

from __future__ import annotations

import os
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
    below = sorted({folder.path for folder in folders})
    top = [path for path in below if not any(path.startswith(other + "/") for other in below)]
    return frozenset(git.run("ls-tree", "-r", "-z", commit, "--", *top).split(b"\0")) - {b""}


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
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return {}
    answer = git.run("cat-file", "--batch", stdin="".join(f"{blob}\n" for blob in wanted).encode("ascii"))
    contents: dict[str, bytes] = {}
    at = 0
    for blob in wanted:
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
