"""One relbot at a time changes a working tree."""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from relbot.errors import CannotWrite
from relbot.files.os_errors import report_os_errors

try:
    import fcntl
except ImportError:  # Windows, where a folder cannot be locked; the journal still tells an unfinished run
    CAN_LOCK = False
else:
    CAN_LOCK = True

if TYPE_CHECKING:
    from collections.abc import Iterator

_HELD = (errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES)


@contextmanager
def lock_tree(root: str) -> Iterator[None]:
    """Holds the tree at `root` during the block; the lock is on the folder itself, so nothing is left of it.

    CannotWrite if another relbot holds it. A file system without locks is used without.
    """
    if not CAN_LOCK:
        yield
        return
    with report_os_errors(root, "opened"):
        handle = os.open(root, os.O_RDONLY)
    try:
        _acquire_lock(handle)
        yield
    finally:
        os.close(handle)


def _acquire_lock(handle: int) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _HELD:
            tip = "Wait until it ends, then run the command again."
            raise CannotWrite("Another relbot build is running in this working tree.", tip=tip) from error
