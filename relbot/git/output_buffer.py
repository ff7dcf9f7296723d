"""Where git prints to while nobody reads yet: a file without a name, or a pipe that holds more than usual."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    import subprocess

_PRINTED = 1_048_576
"""Bytes that a pipe may hold for any user of Linux (pipe(7), `pipe-max-size`)."""


def open_nameless_file() -> BinaryIO:
    """A file that is gone when it is closed: in memory, where the system has such files."""
    if sys.platform == "linux":
        with suppress(OSError):
            return os.fdopen(os.memfd_create("relbot"), "w+b")
    from tempfile import TemporaryFile  # few commands need it

    return TemporaryFile()


def widen_pipe(process: subprocess.Popen[bytes]) -> None:
    """Lets a process print a megabyte before anybody reads, where the system can do that: else it would wait, and not work."""
    assert process.stdout is not None
    if sys.platform == "linux":
        import fcntl  # there is none on every system

        with suppress(OSError):  # there is a limit for all pipes of a user
            fcntl.fcntl(process.stdout, fcntl.F_SETPIPE_SZ, _PRINTED)
