"""Times whole commands against each other, in turns, so that a machine that slows down slows both."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Command:
    """A command to be timed in `folder`. `prepare` runs before each run, untimed."""

    words: Sequence[str]
    folder: Path
    prepare: Callable[[], object] = lambda: None
    stdin: bytes = b""
    exits: tuple[int, ...] = (0,)

    def seconds(self) -> float:
        """The wall time of one run. RuntimeError if it exits with a code that it should not."""
        self.prepare()
        environment = os.environ | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program is compiled: else each run would do that again
        start = time.perf_counter()
        done = subprocess.run(
            list(self.words), cwd=self.folder, input=self.stdin, capture_output=True, env=environment, check=False
        )
        spent = time.perf_counter() - start
        if done.returncode not in self.exits:
            raise RuntimeError(f"{self.words[:4]} exited with {done.returncode}: {done.stderr[-500:]!r}")
        return spent


@dataclass(frozen=True, slots=True)
class Ratio:
    """The time of one command in units of another's: the median over pairs of runs, with both medians in seconds."""

    median: float
    subject: float
    reference: float


def ratio(subject: Command, reference: Sequence[Command], runs: int) -> Ratio:
    """How often `reference` (the sum of its commands) fits into `subject`. One pair of runs is thrown away first."""
    pairs = []
    for run in range(runs + 1):
        pair = subject.seconds(), sum(command.seconds() for command in reference)
        if run:
            pairs.append(pair)
    return Ratio(
        statistics.median(mine / theirs for mine, theirs in pairs),
        statistics.median(mine for mine, _ in pairs),
        statistics.median(theirs for _, theirs in pairs),
    )
