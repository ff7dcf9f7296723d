"""Looks at many changes, on all cores: what detectors see in each, and nothing of its contents, is kept."""

from __future__ import annotations

import signal
from contextlib import ExitStack
from typing import TYPE_CHECKING, Self

from relbot.app.evaluation_steps import ask_tools_since, make_look_up
from relbot.detect.engine.globs import matches_glob
from relbot.errors import RelbotError, Unknown
from relbot.git.change_set import BlobReader, read_contents
from relbot.git.differences import CommitDifferences
from relbot.git.process import Git
from relbot.git.reverts import find_reverted_commits
from relbot.review.backtest.change_record import make_record, record_as_line, unreadable_record
from relbot.review.backtest.model import ChangeRecord, PastChange
from relbot.review.rules.evaluate import observe_changes
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess
    from pathlib import Path

_AT_A_TIME = 8
"""Changes that one worker is given at a time: few, so that none waits for the last one."""


class ReplaySettings(NamedTuple):
    """How changes are looked at: the repository, the patterns of paths that are masked, those of notes among them, and tools."""

    root: Path
    masked: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()


class ReplayedChange(NamedTuple):
    """The place of a change in the list, what was seen as a line of a file, and whether nothing was unknown."""

    number: int
    line: bytes
    sure: bool


class ChangeReplayer:
    """Looks at changes one by one, with gits that stay."""

    def __init__(self, sight: ReplaySettings) -> None:
        self._sight = sight
        self._git = Git(sight.root)
        self._open = ExitStack()
        self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def _start(self) -> None:
        self._blobs = self._open.enter_context(BlobReader(self._git))
        self._differences = self._open.enter_context(CommitDifferences(self._git))

    def look(self, number: int, change: PastChange) -> ReplayedChange:
        """What is seen in one change. Whatever goes wrong is unknown, and the next one can be looked at."""
        try:
            trace = self._trace(change)
        except Exception as error:  # noqa: BLE001  # unknown, and said
            self._open.close()  # what git was still saying would be taken for its next answer
            self._start()
            said = error.what if isinstance(error, RelbotError) else f"{type(error).__name__}: {error}"
            trace = unreadable_record(said)
        return ReplayedChange(number, record_as_line(trace), not trace.observed.unknown)

    def _trace(self, change: PastChange) -> ChangeRecord:
        self._blobs.require_commits(change.base, change.head)
        sight = self._sight
        every = self._differences.rows(change.base, change.head)
        noted = tuple(row.path for row in every if row.after and any(matches_glob(row.path, glob) for glob in sight.notes))
        answers = {*change.masked}
        rows = [
            row
            for row in every
            if not {row.path, row.old_path} & answers
            and not any(matches_glob(path, glob) for glob in sight.masked for path in {row.path, row.old_path})
        ]
        changes = read_contents(rows, self._blobs)
        told = ask_tools_since(self._git, change.base, changes, sight.tools)
        observed = observe_changes(changes, make_look_up(self._git, change.base), told)
        reverted = find_reverted_commits(self._git, change.base, change.head) if rows else ()
        return make_record(observed, noted, reverted)


def replay_changes(sight: ReplaySettings, changes: Sequence[tuple[int, PastChange]], jobs: int) -> Iterator[ReplayedChange]:
    """What is seen in numbered changes, in any order, by so many processes; by this one if one suffices."""
    jobs = min(jobs, -(-len(changes) // _AT_A_TIME))
    if jobs > 1:
        yield from _replay_in_parallel(sight, changes, jobs)
        return
    with ChangeReplayer(sight) as looker:
        for number, change in changes:
            yield looker.look(number, change)


def _replay_in_parallel(sight: ReplaySettings, changes: Sequence[tuple[int, PastChange]], jobs: int) -> Iterator[ReplayedChange]:
    from multiprocessing import get_context  # only with several jobs
    from multiprocessing.connection import wait

    context = get_context("spawn")  # inherits no pipe: a worker whose parent was killed sees its own one end
    portions = (changes[start : start + _AT_A_TIME] for start in range(0, len(changes), _AT_A_TIME))
    workers: dict[Connection, BaseProcess] = {}
    try:
        for _ in range(jobs):
            ours, theirs = context.Pipe()
            started = context.Process(target=_run_worker, args=(sight, theirs), daemon=True)
            started.start()
            workers[ours] = started
            theirs.close()
        busy = {ours for ours in workers if _hand_out(ours, next(portions, None))}
        while busy:
            ready = wait(list(busy))
            for ours in [one for one in busy if one in ready]:
                found = _receive_answer(ours)
                if not _hand_out(ours, next(portions, None)):
                    busy.discard(ours)
                yield from found
    finally:
        for ours, worker in workers.items():
            ours.close()
            worker.terminate()
            worker.join()


def _hand_out(worker: Connection, portion: Sequence[tuple[int, PastChange]] | None) -> bool:
    if not portion:
        return False
    # Only what is needed travels.
    worker.send([(number, PastChange(change.base, change.head, masked=change.masked)) for number, change in portion])
    return True


def _receive_answer(worker: Connection) -> list[ReplayedChange]:
    try:
        answer: list[ReplayedChange] = worker.recv()
    except (EOFError, OSError):
        tip = "It may have run out of memory. Run the command again with fewer --jobs. It continues from there."
        raise Unknown("A process of relbot ended unexpectedly.", tip=tip) from None
    return answer


def _run_worker(sight: ReplaySettings, parent: Connection) -> None:
    """A worker: looks at what its parent sends, until there is no parent any more, who also is the one to be interrupted."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with ChangeReplayer(sight) as looker:
        try:
            while True:
                parent.send([looker.look(number, change) for number, change in parent.recv()])
        except (EOFError, OSError):
            return
