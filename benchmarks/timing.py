"""Times whole commands against each other, in turns, so that a machine that slows down slows both.

What counts is the time of the processor, of a command and all programs that it starts: on the clock, a busy machine makes a ratio
of what others do. The clock counts where waiting is what is measured, or the work of several cores.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


class Spent(NamedTuple):
    """Seconds on the clock, and seconds of the processor."""

    clock: float
    busy: float


def _busy_seconds() -> float:
    """The time of the processor that all programs took that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime


@dataclass(frozen=True, slots=True)
class Command:
    """A command to be timed in `folder`. `prepare` runs before each run, untimed."""

    words: Sequence[str]
    folder: Path
    prepare: Callable[[], object] = lambda: None
    stdin: bytes = b""
    exits: tuple[int, ...] = (0,)

    def measure(self) -> Spent:
        """What one run takes. RuntimeError if it exits with a code that it should not."""
        self.prepare()
        environment = os.environ | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program is compiled: else each run would do that again
        start, busy = time.perf_counter(), _busy_seconds()
        done = subprocess.run(
            list(self.words), cwd=self.folder, input=self.stdin, capture_output=True, env=environment, check=False
        )
        spent = Spent(time.perf_counter() - start, _busy_seconds() - busy)
        if done.returncode not in self.exits:
            raise RuntimeError(f"{self.words[:4]} exited with {done.returncode}: {done.stderr[-500:]!r}")
        return spent


@dataclass(frozen=True, slots=True)
class Ratio:
    """The time of one command in units of another's: the median over pairs of runs, with both medians in seconds."""

    median: float
    subject: float
    reference: float


def ratio(subject: Command, reference: Sequence[Command], runs: int, *, on_clock: bool = False) -> Ratio:
    """How often `reference` (the sum of its commands) fits into `subject`. One pair of runs is thrown away first."""

    def seconds(command: Command) -> float:
        spent = command.measure()
        return spent.clock if on_clock else spent.busy

    pairs = []
    for run in range(runs + 1):
        pair = seconds(subject), sum(map(seconds, reference))
        if run:
            pairs.append(pair)
    return Ratio(
        statistics.median(mine / theirs for mine, theirs in pairs),
        statistics.median(mine for mine, _ in pairs),
        statistics.median(theirs for _, theirs in pairs),
    )
