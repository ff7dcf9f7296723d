"""Stages what a build changed, in one git process whatever its size."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from relbot.git.process import paths

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relbot.git.process import Git


def tracked(git: Git, folders: Iterable[str]) -> set[str]:
    """The paths below `folders` that are in the index."""
    return set(paths(git.run("ls-files", "-z", "--cached", "--", *(f":(literal){folder}" for folder in folders))))


def stage(git: Git, changed: Iterable[str]) -> None:
    """Brings these paths of the index to the state of the work tree: added, modified or gone."""
    listing = b"".join(os.fsencode(path) + b"\0" for path in changed)
    git.run("update-index", "--add", "--remove", "-z", "--stdin", stdin=listing)
