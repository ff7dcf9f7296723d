"""Single writes to the disk, each of them there in full after a power cut, or not at all."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import contextmanager, suppress
from hashlib import sha256
from typing import TYPE_CHECKING

from relbot.files.os_errors import report_os_errors
from relbot.release.operations import join_path, split_path
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_SYNCLESS = (errno.EINVAL, errno.ENOTSUP, errno.EBADF)
_MANY, _AT_ONCE = 32, 32
FOLDER = getattr(os, "O_DIRECTORY", 0)
FOLDERS_OPEN = os.rename in os.supports_dir_fd
"""Whether a folder can be opened, to rename in it and to sync it. Not so on Windows."""


class Draft(NamedTuple):
    """The coming content of the file at `path`, and where it is prepared. `like` has the mode and owner that it gets."""

    path: str
    draft: str
    content: bytes
    like: os.stat_result | None


def draft_of(path: str) -> str:
    """Where the coming content of `path` is prepared: in its folder, under a name of fixed length that is always the same."""
    folder, name = split_path(path)
    return join_path(folder, f".relbot-{sha256(name.encode('utf-8', 'surrogateescape')).hexdigest()[:16]}.tmp")


def write_draft(draft: str, content: bytes, like: os.stat_result | None) -> None:
    """Writes `content` to the file `draft`, as a new file and down to the disk.

    It gets the mode, and where possible the owner, of `like`. OSError: the draft may be there, in part.
    """
    with _new_draft(draft, content, like) as handle:
        os.fsync(handle)


def write_drafts(root: str, drafts: Sequence[Draft]) -> None:
    """Writes the drafts of files, and brings them down to the disk. CannotWrite that names the file: some may be there, in part.

    A disk takes milliseconds for each that it is asked for alone, and as long for many that it is asked for at once.
    """
    if len(drafts) < _MANY:
        for each in drafts:
            with report_os_errors(each.path, "written"):
                write_draft(os.path.join(root, each.draft), each.content, each.like)
        return
    from concurrent.futures import ThreadPoolExecutor  # what writes few files, which is most commands, needs none

    for each in drafts:
        with report_os_errors(each.path, "written"), _new_draft(os.path.join(root, each.draft), each.content, each.like):
            pass

    def sync(each: Draft) -> None:
        with report_os_errors(each.path, "written"):
            handle = os.open(os.path.join(root, each.draft), os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

    with ThreadPoolExecutor(_AT_ONCE) as threads:
        for _ in threads.map(sync, drafts):
            pass


@contextmanager
def _new_draft(draft: str, content: bytes, like: os.stat_result | None) -> Iterator[int]:
    remove_file(draft)
    handle = os.open(draft, _NEW, 0o666)
    try:
        write_all(handle, content)
        if like is not None:
            _copy_attributes(handle, draft, like)
        yield handle
    finally:
        os.close(handle)


def write_all(handle: int, content: bytes) -> None:
    """Writes the whole content to an open file."""
    left = memoryview(content)
    while left:
        left = left[os.write(handle, left) :]


def _copy_attributes(handle: int, draft: str, like: os.stat_result) -> None:
    mine = os.fstat(handle)
    if (mine.st_uid, mine.st_gid) != (like.st_uid, like.st_gid):
        with suppress(PermissionError):
            os.chown(handle, like.st_uid, like.st_gid)
    if mine.st_mode != like.st_mode:
        os.chmod(handle if os.chmod in os.supports_fd else draft, stat.S_IMODE(like.st_mode))


def remove_file(path: str) -> None:
    """Removes a file if it is there."""
    with suppress(FileNotFoundError):
        os.remove(path)


def make_folders(root: str, folders: Iterable[str], made: list[str]) -> None:
    """Makes the folders that are missing, and adds them to `made`, outer ones first. CannotWrite."""
    for folder in dict.fromkeys(folders):
        parts = folder.split("/") if folder else []
        for depth in range(1, len(parts) + 1):
            path = "/".join(parts[:depth])
            full = os.path.join(root, path)
            if not os.path.isdir(full):
                made.append(path)
                with report_os_errors(path, "made"):
                    os.mkdir(full)


@contextmanager
def open_folder(folder: str) -> Iterator[int | None]:
    """A handle of a folder; None where there is no such thing."""
    if not FOLDERS_OPEN:
        yield None
        return
    handle = os.open(folder, os.O_RDONLY | FOLDER)
    try:
        yield handle
    finally:
        os.close(handle)


def sync_folder(folder: str) -> None:
    """Brings what was made, renamed and removed in a folder down to the disk, where the system can."""
    with open_folder(folder) as handle:
        if handle is None:
            return
        try:
            os.fsync(handle)
        except OSError as error:
            if error.errno not in _SYNCLESS:
                raise
