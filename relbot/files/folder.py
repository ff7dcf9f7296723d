"""Reads the files below the folders of fragments."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from relbot.errors import Unknown
from relbot.fragment.location import RECORD, RELEASED
from relbot.fragment.parse import LARGEST, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from relbot.fragment.location import Folder


def read_sources(root: Path, folders: Iterable[Folder]) -> list[Source]:
    """All files below `folders`, sorted by path, each once. Links are not followed. Unknown if a folder cannot be read."""
    return [_read(root, path, regular) for path, regular in _listed(root, folders, released=True)]


def read_unreleased(root: Path, folders: Iterable[Folder]) -> list[Source]:
    """The same without what was released."""
    return [_read(root, path, regular) for path, regular in _listed(root, folders, released=False)]


def list_paths(root: Path, folders: Iterable[Folder]) -> list[str]:
    """The paths that `read_sources` reads."""
    return [path for path, _ in _listed(root, folders, released=True)]


def read_folder(root: Path, folder: str) -> list[Source]:
    """The files of one folder, not of those below it, sorted by name; without a release's record."""
    files = ((entry.name, entry.is_file(follow_symlinks=False)) for entry in _entries(root, folder))
    return [_read(root, f"{folder}/{name}", regular) for name, regular in sorted(files) if name != RECORD]


def _listed(root: Path, folders: Iterable[Folder], *, released: bool) -> list[tuple[str, bool]]:
    """Paths, and whether each is a regular file, sorted by path."""
    found: dict[str, bool] = {}
    roots = [folder.path for folder in folders]
    left_out = set() if released else {f"{path}/{RELEASED}" for path in roots}
    for path in roots:
        for name, regular in _below(root, path, left_out):
            found[name] = regular
    return sorted(found.items())


def _below(root: Path, folder: str, left_out: set[str]) -> Iterator[tuple[str, bool]]:
    for entry in _entries(root, folder):
        path = f"{folder}/{entry.name}"
        if entry.is_dir(follow_symlinks=False) and not entry.name.endswith(".md"):
            if path not in left_out and not entry.name.startswith("."):
                yield from _below(root, path, left_out)
        else:
            yield path, entry.is_file(follow_symlinks=False)


def _entries(root: Path, folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(os.path.join(root, folder)) as entries:
            return list(entries)
    except FileNotFoundError:
        return []
    except OSError as error:
        tip = "See who may read it; it is not known what lies there."
        raise Unknown(f"The folder {folder} cannot be read: {error.strerror}.", tip=tip) from error


def _read(root: Path, path: str, regular: bool) -> Source:
    full = os.path.join(root, path)
    try:
        if not regular:
            return Source(path, b"", f"This is not a file, but {_kind(os.lstat(full).st_mode)}.")
        handle = os.open(full, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        try:
            content = os.read(handle, LARGEST + 1)
            while len(content) <= LARGEST and (more := os.read(handle, LARGEST + 1 - len(content))):
                content += more
        finally:
            os.close(handle)
    except OSError as error:
        return Source(path, b"", f"This file cannot be read: {error.strerror}.")
    return Source(path, content)


def _kind(mode: int) -> str:
    if stat.S_ISLNK(mode):
        return "a symbolic link"
    return "a folder" if stat.S_ISDIR(mode) else "something special (a pipe, a socket or a device)"
