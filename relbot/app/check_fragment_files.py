"""Checks the fragments of a work tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.files.folder import read_sources
from relbot.review.check import check_fragments

if TYPE_CHECKING:
    from pathlib import Path

    from relbot.config.model import Config
    from relbot.finding import Finding


def check_fragment_files(root: Path, config: Config) -> tuple[Finding, ...]:
    """Everything that is wrong with the fragments below the folder `root`, in reading order.

    Unknown if one of their folders cannot be listed.
    """
    return check_fragments(read_sources(root, config.folders), config).findings
