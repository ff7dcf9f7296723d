"""The revision that runs, from a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.files.opener import CannotOpen, read_regular_file
from relbot.sources.response import SourceUnavailable

if TYPE_CHECKING:
    from pathlib import Path

LARGEST = 1_048_576
"""Bytes of a file. What tells a revision is shorter."""


def read_source_file(path: Path) -> bytes:
    """What the file holds. Links are followed: deploys switch them. SourceUnavailable if it is no regular file, or too large."""
    try:
        return read_regular_file(path, LARGEST)
    except CannotOpen as error:
        raise SourceUnavailable(error.what) from error
