"""A process that writes to a ledger: started by tests that race or kill it."""

from __future__ import annotations

import os
import random
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from relbot.git.process import Git
from relbot.ledger.git_ref.remote import find_remote
from relbot.ledger.git_ref.store import GitRefLedger
from relbot.ledger.store import Surroundings
from tests.ledger.clones import ADA, Clock, tick

if TYPE_CHECKING:
    import subprocess


class DyingGit(Git):
    """The power goes when git is started for the nth time."""

    def __init__(self, root: Path, calls: int) -> None:
        super().__init__(root)
        self._left = calls

    def start(self, *words: str, stdin: bool = False) -> subprocess.Popen[bytes]:
        if self._left == 0:
            os._exit(9)
        self._left -= 1
        return super().start(*words, stdin=stdin)


def main(folder: str, name: str, ticks: int, calls: int) -> None:
    git = DyingGit(Path(folder), calls) if calls >= 0 else Git(Path(folder))
    around = Surroundings(lambda: ADA, Clock(), time.sleep, random.Random(name).random)  # noqa: S311  # no secret
    ledger = GitRefLedger(git, "production", find_remote(git, None), around)
    for number in range(ticks):
        ledger.record(tick(f"{name}#{number}"))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
