"""Reads the fragments of the working tree: all files below their folders, no link followed.

What cannot be read is told: a file that is none becomes a source with a problem, a folder that cannot be listed is Unknown.
"""

from __future__ import annotations

import os
import stat
from operator import itemgetter
from typing import TYPE_CHECKING

from relbot.errors import Unknown
from relbot.fragment.location import RELEASED, Folder
from relbot.fragment.source import LARGEST, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_ENDING = ".md"
_CHUNK = 16_384
_READ = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)  # a pipe put there meanwhile is not waited for
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


def read_sources(root: Path, folders: tuple[Folder, ...]) -> list[Source]:
    """All files below the fragments' folders, by path, each once. Names that begin with `.` are no fragments and left out.

    Of a file longer than any fragment, one byte more than is allowed. A missing folder holds nothing. Unknown if a folder
    cannot be listed, or is none.
    """
    return _read(str(root), folders, frozenset())


def read_unreleased(root: Path, folders: tuple[Folder, ...]) -> list[Source]:
    """The same without those released, of which not even the folders are looked at."""
    return _read(str(root), folders, frozenset(f"{folder.path}/{RELEASED}" for folder in folders))


def read_folder(root: Path, folder: str) -> list[Source]:
    """The files of one folder and those below it, as `read_sources` has them."""
    return _read(str(root), (Folder(folder),), frozenset())


def read_files(root: Path, paths: Iterable[str]) -> list[Source]:
    """These files, whose folders are known to be folders."""
    return [_source(os.path.join(root, path), path) for path in paths]


def list_paths(root: Path, folders: tuple[Folder, ...]) -> list[str]:
    """The paths of all files below the fragments' folders, sorted; names that begin with `.` are left out.

    A missing folder holds nothing. Unknown if a folder cannot be listed, or is none: a link to one is not followed.
    """
    found = []
    for folder in _outermost(folders):
        there = _is_there(str(root), folder)
        for place, _, names in os.walk(root / folder, onerror=_raise) if there else ():
            below = os.path.relpath(place, root).replace(os.sep, "/")
            found += [f"{below}/{name}" for name in names if name[0] != "."]
    return sorted(found)


def list_released(root: Path, folders: tuple[Folder, ...]) -> list[str]:
    """The paths of those files that were released, sorted."""
    return list_paths(root, tuple(Folder(f"{folder.path}/{RELEASED}") for folder in folders))


def _raise(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise _unlisted(str(error.filename), error) from error


def _read(root: str, folders: tuple[Folder, ...], left_out: frozenset[str]) -> list[Source]:
    sources: list[Source] = []
    for folder in _outermost(folders):
        if _is_there(root, folder):
            sources += _below(root, folder, left_out)
    sources.sort(key=itemgetter(0))
    return sources


def _outermost(folders: tuple[Folder, ...]) -> list[str]:
    """The folders that lie in none of the others."""
    paths = {folder.path for folder in folders}
    return sorted(path for path in paths if not any(path.startswith(other + "/") for other in paths))


def _is_there(root: str, folder: str) -> bool:
    """Whether there is such a folder. Unknown if a link or a file lies on the way to it."""
    path = ""
    for part in folder.split("/"):
        path = f"{path}/{part}" if path else part
        try:
            mode = os.lstat(os.path.join(root, path)).st_mode
        except FileNotFoundError:
            return False
        except OSError as error:
            raise _unlisted(folder, error) from error
        if not stat.S_ISDIR(mode):
            tip = "Put a folder there, or name another in the configuration (`directory`)."
            raise Unknown(f"`{path}` is {_kind(mode)}, so the fragments in `{folder}` cannot be read.", tip=tip)
    return True


def _below(root: str, folder: str, left_out: frozenset[str]) -> Iterator[Source]:
    waiting = [folder]
    while waiting:
        folder = waiting.pop()
        full = os.path.join(root, folder)
        try:
            with os.scandir(full) as entries:
                for entry in entries:
                    name, path = entry.name, f"{folder}/{entry.name}"
                    if entry.is_file(follow_symlinks=False):
                        if name[0] != ".":
                            yield _source(f"{full}/{name}", path)
                    elif entry.is_dir(follow_symlinks=False) and not name.endswith(_ENDING):
                        if path not in left_out:
                            waiting.append(path)
                    elif name[0] != ".":
                        yield Source(path, b"", f"This is {_kind_at(entry)}, so it is not read.")
        except OSError as error:
            raise _unlisted(folder, error) from error


def _source(full: str, path: str) -> Source:
    try:
        handle = os.open(full, _READ)
        try:
            content = os.read(handle, _CHUNK)
            if len(content) == _CHUNK:
                content = _rest(handle, content)
        finally:
            os.close(handle)
    except OSError as error:
        return Source(path, b"", f"This cannot be read: {error.strerror or error}.")
    return Source(path, content)


def _rest(handle: int, begin: bytes) -> bytes:
    parts, left = [begin], LARGEST + 1 - len(begin)
    while left > 0 and (part := os.read(handle, min(left, 1 << 18))):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _kind_at(entry: os.DirEntry[str]) -> str:
    try:
        return _kind(entry.stat(follow_symlinks=False).st_mode)
    except OSError:
        return "no file any more"


def _kind(mode: int) -> str:
    kinds = (
        (stat.S_ISLNK, "a symbolic link"),
        (stat.S_ISDIR, "a folder"),
        (stat.S_ISREG, "a file"),
        (stat.S_ISFIFO, "a named pipe"),
        (stat.S_ISSOCK, "a socket"),
    )
    return next((kind for is_kind, kind in kinds if is_kind(mode)), "a device")


def _unlisted(folder: str, error: OSError) -> Unknown:
    tip = "Make it readable for yourself, and run it again: what is in it may matter."
    return Unknown(f"The folder `{folder}` cannot be listed: {error.strerror or error}.", tip=tip, example=f"ls -la '{folder}'")
