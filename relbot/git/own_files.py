"""Looks at git's own files where git itself would wait for ever, or believe what is damaged."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from relbot.files.opener import CannotOpen, read_regular_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_READ_BY_ALL = ("HEAD", "config", "index", "packed-refs", "shallow", "info/exclude", "info/grafts", "objects/info/alternates")
_MOST_REFS = 10_000
"""Files below refs/ that are looked at: with more of them git itself is slow, and packs them."""
_MOST_OBJECTS = 1_000_000
"""Files below objects/ that are looked at."""


def find_waiting_file(root: Path) -> str:
    """Finds a file of the repository around `root` that is a named pipe, socket or device, "" without one.

    git opens such a file like any other, and waits until somebody writes to it.
    """
    for folder in _own_folders(root):
        if waiting := _first_waiting((*(folder / name for name in _READ_BY_ALL), *_odd_files(folder / "refs", _MOST_REFS))):
            return waiting
    return ""


def find_waiting_object(root: Path) -> str:
    """As `find_waiting_file` for an object or a pack. It takes longer: for when git takes long, too."""
    for folder in _own_folders(root):
        if waiting := _first_waiting(_odd_files(folder / "objects", _MOST_OBJECTS)):
            return waiting
    return ""


def _first_waiting(paths: Iterable[Path]) -> str:
    for path in paths:
        try:
            mode = path.stat().st_mode  # git follows a link
        except OSError:
            continue
        if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
            return str(path)
    return ""


def is_index_damaged(root: Path) -> bool:
    """Whether the index around `root` was cut off or changed since git wrote it: its last bytes are a hash of all others.

    git does not compare them, and takes what is left of a cut index for the whole (index-format in git's documentation).
    """
    import hashlib  # few commands read the index

    folder = next(iter(_own_folders(root)), None)
    if folder is None:
        return False
    index = folder / "index"
    try:
        content = read_regular_file(index, index.stat().st_size)
    except (OSError, CannotOpen):
        return False
    if content[-20:] == bytes(20):  # git was told to write no hash: `index.skipHash`
        return False
    hashes = ((hashlib.sha1, 20), (hashlib.sha256, 32))
    return all(make(content[:-size], usedforsecurity=False).digest() != content[-size:] for make, size in hashes)


def _own_folders(root: Path) -> list[Path]:
    """Lists git's own folders for the work tree around `root`: that of the work tree, then the one that all work trees share."""
    for folder in (root, *root.parents):
        place = folder / ".git"
        if place.is_dir():
            return [place]
        if place.is_file():
            own = _named_folder(place, "gitdir: ")
            shared = _named_folder(own / "commondir", "") if own else None
            return [each for each in (own, shared) if each]
    return []


def _named_folder(path: Path, before: str) -> Path | None:
    """The folder that a file of one line names, None if it names none."""
    try:
        line = os.fsdecode(read_regular_file(path, 4_096)).strip()
    except CannotOpen:
        return None
    return path.parent / line.removeprefix(before) if line.startswith(before) and line else None


def _odd_files(folder: Path, most: int) -> Iterator[Path]:
    """What is below a folder and no regular file, of the first files there."""
    seen, left = 0, [folder]
    while left and seen < most:
        try:
            with os.scandir(left.pop()) as entries:
                for entry in entries:
                    seen += 1
                    if entry.is_dir(follow_symlinks=False):
                        left.append(Path(entry.path))
                    elif not entry.is_file(follow_symlinks=False):
                        yield Path(entry.path)
        except OSError:
            continue
