"""Stages what a build changed, in one git process whatever its size."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from relbot.git.process import paths

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relbot.git.process import Git


def tracked(git: Git, folders: Iterable[str]) -> set[str]:
    """The paths below `folders` that are in the index."""
    return set(paths(git.run("ls-files", "-z", "--cached", "--", *(f":(literal){folder}" for folder in folders))))


def entries(git: Git, changed: Iterable[str]) -> bytes:
    """These paths as they stand in the index, for `restore`; those that it does not hold as well."""
    wanted = {os.fsencode(path) for path in changed}
    folders = {path.rpartition("/")[0] for path in map(os.fsdecode, wanted)}
    below = [] if "" in folders else [f":(literal){folder}" for folder in sorted(folders)]
    rows = git.run("ls-files", "-z", "--stage", "--", *below).split(b"\0")
    held = [row for row in rows if row.partition(b"\t")[2] in wanted]
    gone = [b"0 " + b"0" * 40 + b"\t" + path for path in wanted]
    return b"".join(row + b"\0" for row in (*gone, *held))


def restore(git: Git, known: bytes) -> None:
    """Brings paths of the index back to what `entries` told of them."""
    git.run("update-index", "-z", "--index-info", stdin=known)


def stage(git: Git, changed: Iterable[str]) -> None:
    """Brings these paths of the index to the state of the work tree: added, modified or gone."""
    listing = b"".join(os.fsencode(path) + b"\0" for path in changed)
    git.run("update-index", "--add", "--remove", "-z", "--stdin", stdin=listing)
