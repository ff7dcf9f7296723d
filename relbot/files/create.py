"""Creates files, each of them in full or not at all, and leaves nothing else behind when it is killed."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from relbot.files.disk import draft_of, make_folders, open_folder, remove_file, sync_folder, write_all, write_draft
from relbot.files.lock import lock_tree
from relbot.files.os_errors import report_os_errors
from relbot.files.preflight import check_operations
from relbot.release.operations import Operations, split_path

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from relbot.release.operations import Write


def create_files(root: Path, writes: Sequence[Write]) -> None:
    """Writes files that are not there yet, in this order, and the folders that they need.

    No journal is kept: a killed run leaves the files that it had finished, and the next one adds the others. CannotWrite if one
    is there already, and then none is written; or if the file system refuses one, and then those before it stay.
    """
    top = str(root)
    with lock_tree(top):
        work = check_operations(top, Operations("create", (), tuple(writes)))
        make_folders(top, work.folders, [])
        for write in writes:
            with report_os_errors(write.path, "written"):
                _create_file(top, write)
            with suppress(OSError):  # the file is there; only a power cut could lose its name
                sync_folder(os.path.join(top, split_path(write.path)[0]))


def _create_file(root: str, write: Write) -> None:
    path = os.path.join(root, write.path)
    if _create_unnamed(path, write.content):
        return
    draft = os.path.join(root, draft_of(write.path))
    try:
        write_draft(draft, write.content, None)
        os.rename(draft, path)
    finally:
        remove_file(draft)


def _create_unnamed(path: str, content: bytes) -> bool:
    """Writes a file that has no name until it is complete (open(2), O_TMPFILE). False where the system has none such."""
    flag = getattr(os, "O_TMPFILE", 0)
    if not flag:
        return False
    folder, name = os.path.split(path)
    with open_folder(folder) as at:
        try:
            handle = os.open(folder, flag | os.O_WRONLY, 0o666)
        except OSError:  # this file system has none
            return False
        try:
            write_all(handle, content)
            os.fsync(handle)
            os.link(f"/proc/self/fd/{handle}", name, dst_dir_fd=at)  # with a folder, os.link follows the link to the handle
        except FileNotFoundError:  # no /proc
            return False
        finally:
            os.close(handle)
    return True
