"""Times whole commands against each other, in turns, so that a machine that slows down slows both.

What counts is the time of the processor, of a command and all programs that it starts: on the clock, a busy machine makes a ratio
of what others do. The clock counts where waiting is what is measured, or the work of several cores.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


class Spent(NamedTuple):
    """Seconds on the clock, seconds of the processor, and the most memory that one of the programs held, in MB.

    The memory is at least that of the Python that measures: the system counts a program from before it is loaded.
    """

    clock: float
    busy: float
    memory: float


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
        with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as said:
            given.write(self.stdin)
            given.seek(0)
            start = time.perf_counter()
            process = subprocess.Popen(
                list(self.words), cwd=self.folder, stdin=given, stdout=subprocess.DEVNULL, stderr=said, env=environment
            )
            _, status, used = os.wait4(process.pid, 0)
            clock = time.perf_counter() - start
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode not in self.exits:
                said.seek(0)
                raise RuntimeError(f"{self.words[:4]} exited with {process.returncode}: {said.read()[-500:]!r}")
        return Spent(clock, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


@dataclass(frozen=True, slots=True)
class Ratio:
    """The time of one command in units of another's: the median over pairs of runs, with both medians in seconds and in MB."""

    median: float
    subject: Spent
    reference: Spent


def ratio(subject: Command, reference: Sequence[Command], runs: int, *, on_clock: bool = False) -> Ratio:
    """How often `reference` (the sum of its commands) fits into `subject`. One pair of runs is thrown away first."""
    pairs = [(subject.measure(), _add_up([command.measure() for command in reference])) for _ in range(runs + 1)][1:]

    def seconds(spent: Spent) -> float:
        return spent.clock if on_clock else spent.busy

    return Ratio(
        statistics.median(seconds(mine) / seconds(theirs) for mine, theirs in pairs),
        _middle([mine for mine, _ in pairs]),
        _middle([theirs for _, theirs in pairs]),
    )


def _add_up(parts: Sequence[Spent]) -> Spent:
    """What commands take one after the other."""
    clock, busy, memory = zip(*parts, strict=True)
    return Spent(sum(clock), sum(busy), max(memory))


def _middle(runs: Sequence[Spent]) -> Spent:
    return Spent(*map(statistics.median, zip(*runs, strict=True)))
