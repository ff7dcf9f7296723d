"""Merges the contents of one file, as `git merge` would. Nothing is written to the repository."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from relbot.git.process import GitFailed

if TYPE_CHECKING:
    from relbot.git.process import Git

_MOST_CONFLICTS = 127
"""What `git merge-file` exits with at most for conflicts; above that it failed."""


def merge_contents(git: Git, start: bytes, ours: bytes, theirs: bytes) -> bytes | None:
    """What a merge of two contents gives that both began as `start`; None if they conflict. GitFailed if git cannot merge."""
    from tempfile import TemporaryDirectory  # few change sets need it

    with TemporaryDirectory(prefix="relbot-merge-") as folder:
        paths = [Path(folder, name) for name in ("ours", "start", "theirs")]
        for path, content in zip(paths, (ours, start, theirs), strict=True):
            path.write_bytes(content)
        words = ("merge-file", "--stdout", "--quiet", *map(str, paths))
        code, out, err = git.answer(*words)
    if not 0 <= code <= _MOST_CONFLICTS:
        raise GitFailed(words, code, out, err)
    return out if code == 0 else None
