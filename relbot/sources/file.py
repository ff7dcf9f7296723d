"""The revision that runs, from a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.sources.response import LARGEST, SourceUnavailable

if TYPE_CHECKING:
    from pathlib import Path


def read_source_file(path: Path) -> bytes:
    """What the file holds. NoAnswer if it is no regular file, cannot be read, or is too large."""
    try:
        if not path.exists():
            raise SourceUnavailable("is not there")
        if not path.is_file():
            raise SourceUnavailable("is not a regular file")
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise SourceUnavailable(f"cannot be read: {error.strerror}") from error
    if len(content) > LARGEST:
        raise SourceUnavailable(f"has more than {LARGEST} bytes")
    return content
