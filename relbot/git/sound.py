"""Remembers which trees of fragments had no fault, so that the same ten thousand are not read for every check.

The memory is a file in git's own folder. It is no source of truth: without it, everything is read.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from relbot._version import __version__
from relbot.review.check import judged_by

if TYPE_CHECKING:
    from relbot.config.model import Config
    from relbot.git.process import Git

_NAME = "relbot-sound"
_MOST = 50


class Sound:
    """What is remembered of the fragments of one commit, judged by one configuration and one version of relbot."""

    def __init__(self, git: Git, commit: str, config: Config) -> None:
        wanted = [f"{commit}:./{folder.path}" for folder in config.folders]
        _, out, _ = git.answer("rev-parse", "--git-path", _NAME, *wanted)
        path, *trees = out.decode("utf-8", "surrogateescape").splitlines()[: 1 + len(wanted)] or [""]
        self._file = git.root / path
        self._key = " ".join((__version__, *trees, repr(judged_by(config)))).replace("\n", " ")

    def known(self) -> bool:
        """Whether these fragments were found to be without fault."""
        return self._key in self._lines()

    def remember(self) -> None:
        """Notes that they are. Where that cannot be written, they are read again the next time."""
        lines = [*(line for line in self._lines() if line != self._key), self._key][-_MOST:]
        draft = self._file.with_name(f"{_NAME}.{os.getpid()}")
        try:
            draft.write_text("\n".join(lines) + "\n", "utf-8", "surrogateescape")
            draft.replace(self._file)
        except OSError:
            return

    def _lines(self) -> list[str]:
        try:
            return self._file.read_text("utf-8", "surrogateescape").splitlines()
        except OSError:
            return []
