"""Reads the fragments of the working tree: all files below their folders, no link followed.

What cannot be read is told: a file that is none becomes a source with a problem, a folder that cannot be listed is Unknown.
"""

from __future__ import annotations

import os
import stat
from operator import itemgetter
from typing import TYPE_CHECKING

from relbot.errors import Unknown
from relbot.fragment.file import LARGEST, FragmentFile
from relbot.fragment.location import RELEASED, Folder

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


def read_sources(root: Path, folders: tuple[Folder, ...]) -> list[FragmentFile]:
    """All files below the fragments' folders, by path, each once. Names that begin with `.` are no fragments and left out.

    Of a file longer than any fragment, one byte more than is allowed. A missing folder holds nothing. Unknown if a folder
    cannot be listed, or is none.
    """
    return _read_below(str(root), folders, frozenset())


def read_unreleased(root: Path, folders: tuple[Folder, ...]) -> list[FragmentFile]:
    """The same without those released, of which not even the folders are looked at."""
    return _read_below(str(root), folders, frozenset(f"{folder.path}/{RELEASED}" for folder in folders))


def read_folder(root: Path, folder: str) -> list[FragmentFile]:
    """The files of one folder and those below it, as `read_sources` has them."""
    return _read_below(str(root), (Folder(folder),), frozenset())


def read_files(root: Path, paths: Iterable[str]) -> list[FragmentFile]:
    """These files, whose folders are known to be folders."""
    return [_read_source(os.path.join(root, path), path) for path in paths]


def read_namesakes(root: Path, sources: Iterable[FragmentFile], others: Iterable[str]) -> list[FragmentFile]:
    """Those of the files at the paths `others` that have the name of one of `sources`."""
    names = {source.path.rpartition("/")[2] for source in sources}
    return read_files(root, [path for path in others if path.rpartition("/")[2] in names])


def list_paths(root: Path, folders: tuple[Folder, ...]) -> list[str]:
    """The paths of all files below the fragments' folders, sorted; names that begin with `.` are left out.

    A missing folder holds nothing. Unknown if a folder cannot be listed, or is none: a link to one is not followed.
    """
    found = []
    for folder in _outermost_folders(folders):
        there = _is_there(str(root), folder)
        for place, _, names in os.walk(root / folder, onerror=_raise_error) if there else ():
            below = os.path.relpath(place, root).replace(os.sep, "/")
            found += [f"{below}/{name}" for name in names if name[0] != "."]
    return sorted(found)


def list_released(root: Path, folders: tuple[Folder, ...]) -> list[str]:
    """The paths of those files that were released, sorted."""
    return list_paths(root, tuple(Folder(f"{folder.path}/{RELEASED}") for folder in folders))


def _raise_error(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise _unlisted_folder(str(error.filename), error) from error


def _read_below(root: str, folders: tuple[Folder, ...], left_out: frozenset[str]) -> list[FragmentFile]:
    sources: list[FragmentFile] = []
    for folder in _outermost_folders(folders):
        if _is_there(root, folder):
            sources += _walk_sources(root, folder, left_out)
    sources.sort(key=itemgetter(0))
    return sources


def _outermost_folders(folders: tuple[Folder, ...]) -> list[str]:
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
            raise _unlisted_folder(folder, error) from error
        if not stat.S_ISDIR(mode):
            tip = "Put a folder there, or name another in the configuration (`directory`)."
            raise Unknown(f"`{path}` is {_kind_of_mode(mode)}, so the fragments in `{folder}` cannot be read.", tip=tip)
    return True


def _walk_sources(root: str, folder: str, left_out: frozenset[str]) -> Iterator[FragmentFile]:
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
                            yield _read_source(f"{full}/{name}", path)
                    elif entry.is_dir(follow_symlinks=False) and not name.endswith(_ENDING):
                        if path not in left_out:
                            waiting.append(path)
                    elif name[0] != ".":
                        yield FragmentFile(path, b"", f"This is {_kind_at(entry)}, so it is not read.")
        except OSError as error:
            raise _unlisted_folder(folder, error) from error


def _read_source(full: str, path: str) -> FragmentFile:
    try:
        handle = os.open(full, _READ)
        try:
            content = os.read(handle, _CHUNK)
            if len(content) == _CHUNK:
                content = _read_rest(handle, content)
        finally:
            os.close(handle)
    except OSError as error:
        return FragmentFile(path, b"", f"relbot cannot read this: {error.strerror or error}.")
    return FragmentFile(path, content)


def _read_rest(handle: int, begin: bytes) -> bytes:
    parts, left = [begin], LARGEST + 1 - len(begin)
    while left > 0 and (part := os.read(handle, min(left, 1 << 18))):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _kind_at(entry: os.DirEntry[str]) -> str:
    try:
        return _kind_of_mode(entry.stat(follow_symlinks=False).st_mode)
    except OSError:
        return "no longer a file"


def _kind_of_mode(mode: int) -> str:
    kinds = (
        (stat.S_ISLNK, "a symbolic link"),
        (stat.S_ISDIR, "a folder"),
        (stat.S_ISREG, "a file"),
        (stat.S_ISFIFO, "a named pipe"),
        (stat.S_ISSOCK, "a socket"),
    )
    return next((kind for is_kind, kind in kinds if is_kind(mode)), "a device")


def _unlisted_folder(folder: str, error: OSError) -> Unknown:
    tip = "Make it readable for yourself, and run it again: what is in it may matter."
    return Unknown(f"The folder `{folder}` cannot be listed: {error.strerror or error}.", tip=tip, example=f"ls -la '{folder}'")
