"""What changed between two states, and the contents of files as they stand in the index."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from relbot.errors import Unknown
from relbot.fragment.file import FragmentFile
from relbot.git.process import split_paths
from relbot.review.changed_paths import ChangedPath

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relbot.git.process import Git


def list_changed_paths(git: Git, start: str, end: str) -> list[ChangedPath]:
    """What changed from one commit to another, renames as a deletion and an addition."""
    return _parse_listing(git.run("diff-tree", "-r", "-z", "--no-ext-diff", "--no-renames", "--name-status", start, end))


def list_staged_paths(git: Git) -> list[ChangedPath]:
    """What the next commit would change. All of the index if there is no commit yet."""
    code, _, _ = git.answer("rev-parse", "--verify", "--quiet", "HEAD")
    if code != 0:
        return [ChangedPath("A", path) for path in split_paths(git.run("ls-files", "-z", "--cached"))]
    return _parse_listing(
        git.run("diff", "--cached", "--no-ext-diff", "--relative", "--no-renames", "-z", "--name-status", "HEAD")
    )


def _parse_listing(listing: bytes) -> list[ChangedPath]:
    words = listing.split(b"\0")
    return [
        ChangedPath(status.decode("ascii")[:1], os.fsdecode(path)) for status, path in zip(words[::2], words[1::2], strict=False)
    ]


def read_index_sources(git: Git, folders: Iterable[str]) -> list[FragmentFile]:
    """The files below `folders` as they stand in the index, as sources in path order."""
    below = [f":(literal){folder}" for folder in folders]
    rows = []
    for row in git.run("ls-files", "-z", "--stage", "--", *below).split(b"\0"):
        if row:
            about, _, name = row.partition(b"\t")
            mode, blob, stage = about.split(b" ")
            rows.append((mode, blob, stage, os.fsdecode(name)))
    contents = iter(read_index_blobs(git, [blob for mode, blob, stage, _ in rows if mode.startswith(b"100") and stage == b"0"]))
    sources = []
    for mode, _, stage, path in rows:
        if stage != b"0":
            sources.append(FragmentFile(path, b"", "It has a merge conflict that is not resolved."))
        elif not mode.startswith(b"100"):
            sources.append(FragmentFile(path, b"", "It is a symbolic link." if mode == b"120000" else "It is a submodule."))
        else:
            sources.append(FragmentFile(path, next(contents)))
    return sources


def read_index_blobs(git: Git, ids: list[bytes]) -> list[bytes]:
    """The contents of blobs, in the order asked for, read by one git process. Unknown if one is missing."""
    if not ids:
        return []
    answer = git.run("cat-file", "--batch", stdin=b"\n".join(ids) + b"\n")
    contents, at = [], 0
    for blob in ids:
        end = answer.index(b"\n", at)
        header = answer[at:end].split(b" ")
        if header[1:2] != [b"blob"]:
            tip = "The clone is partial or damaged."
            raise Unknown(f"git has no content for {blob.decode('ascii')}.", tip=tip, example="git fsck")
        size = int(header[2])
        contents.append(answer[end + 1 : end + 1 + size])
        at = end + size + 2
    return contents
