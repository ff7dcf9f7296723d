"""What the file system refused, as a sentence and what to do about it."""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from relbot.errors import CannotWrite

if TYPE_CHECKING:
    from collections.abc import Iterator

_FULL = "Free some space, then run it again."
_READ_ONLY = "The file system is mounted read-only. Mount it writable, then run it again."
_DENIED = "Make the file and its folder writable for yourself (`ls -ld` shows whose they are), then run it again."
_TIPS = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: "Your quota is used up. Free some space, then run it again.",
    errno.EFBIG: "The file is larger than the file system or `ulimit -f` allows. Raise the limit, then run it again.",
    errno.EROFS: _READ_ONLY,
    errno.EACCES: _DENIED,
    errno.EPERM: _DENIED,
    errno.ENOTDIR: "Where a folder is needed lies a file. Rename one of the two, then run it again.",
    errno.EXDEV: "The two folders lie on different file systems. Put them on one.",
    errno.ENAMETOOLONG: "The path is longer than the file system allows. Shorten it.",
    errno.EMFILE: "Too many files are open. Raise `ulimit -n`, then run it again.",
    errno.EIO: "The disk could not be read or written. Check it, then run it again.",
}


def cannot_write(error: OSError, path: str, verb: str) -> CannotWrite:
    """The error to raise when `path` could not be `verb` ("written", "moved", …)."""
    reason = os.strerror(error.errno) if error.errno else str(error) or type(error).__name__
    return CannotWrite(
        f"`{path}` could not be {verb}: {reason}.", tip=_TIPS.get(error.errno or 0, "Correct that, then run the command again.")
    )


@contextmanager
def report_os_errors(path: str, verb: str) -> Iterator[None]:
    """Turns an OSError of the block into a CannotWrite that names `path`."""
    try:
        yield
    except OSError as error:
        raise cannot_write(error, path, verb) from error
