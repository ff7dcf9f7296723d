"""Opens what is read from the file system: regular files only, without waiting, and no more of them than fits.

A link may lead to /proc/self/environ or to a device, and a pipe never ends: what a contributor can put into a work tree must
neither be read from elsewhere nor stop relbot.
"""

from __future__ import annotations

import os
import stat
from errno import ELOOP
from typing import TYPE_CHECKING

from relbot.errors import RelbotError

if TYPE_CHECKING:
    from pathlib import Path

LARGEST_FILE = 4_194_304
"""Bytes of a file that has no limit of its own."""


class CannotOpen(RelbotError):
    """A file cannot be read. `what` follows its name: "is not a regular file"."""


def read_regular_file(path: Path, largest: int = LARGEST_FILE, *, within: Path | None = None) -> bytes:
    """Returns the content of a regular file of at most `largest` bytes.

    `within` is the folder that a link on the way must not lead out of, nor into git's own; None follows links anywhere.
    CannotOpen if there is no such file, it is something else, it is larger, or it cannot be read.
    """
    try:
        if within is not None:
            _require_within(path, within)
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    except FileNotFoundError:
        raise CannotOpen("is not there") from None
    except (OSError, ValueError, RuntimeError) as error:  # ValueError for a NUL, RuntimeError for links in a circle
        looped = isinstance(error, RuntimeError) or getattr(error, "errno", 0) == ELOOP
        why = "its links lead in a circle" if looped else getattr(error, "strerror", None) or str(error)
        raise CannotOpen(f"cannot be read: {why}") from error
    try:
        about = os.fstat(descriptor)
        if not stat.S_ISREG(about.st_mode):
            raise CannotOpen("is not a regular file")
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            # Python reserves what is asked for, whatever is there. A file that grows, or one of /proc, has more than its size.
            content = file.read(min(about.st_size, largest) + 1)
            if len(content) > about.st_size:
                content += file.read(largest + 1 - len(content))
    except OSError as error:
        raise CannotOpen(f"cannot be read: {error.strerror}") from error
    finally:
        os.close(descriptor)
    if len(content) > largest:
        size = f"{largest // 1_048_576} MiB" if largest % 1_048_576 == 0 else f"{largest} bytes"
        raise CannotOpen(f"has more than {size}")
    return content


def _require_within(path: Path, within: Path) -> None:
    """CannotOpen if links lead out of the folder, or into that of git, where a runner leaves its token."""
    real, root = path.resolve(), within.resolve()
    if not real.is_relative_to(root):
        raise CannotOpen(f"is a link that leads out of {within}, where relbot does not follow")
    if any(part.lower() == ".git" for part in real.relative_to(root).parts):
        raise CannotOpen("is a link that leads into git's own folder, where relbot does not follow")
