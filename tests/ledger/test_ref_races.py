"""Two that write to a ledger at once, and those that are killed while they do: nothing is lost, and nothing looks lost."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from relbot.git.process import Git
from relbot.ledger.git_ref.remote import find_remote
from relbot.ledger.git_ref.store import GitRefLedger
from relbot.ledger.store import Surroundings
from tests.commandline import ROOT
from tests.ledger.clones import ADA, BOB, Clock, ledger_in, steps, tick
from tests.tiers import examples

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from relbot.deploy.log.record import Deed, Record
    from tests.repository import Repo


def write(repo: Repo, name: str, ticks: int, calls: int = -1) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", "tests.ledger.writer", str(repo.path), name, str(ticks), str(calls)]
    return subprocess.Popen(words, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)})


def test_a_rival_that_never_pauses_does_not_keep_others_out(clones: tuple[Repo, Repo]) -> None:
    """It ticks as often as it can while the other one waits; and once more, before that waits for the first time."""
    ada, bob = clones
    pauses: list[float] = []
    rival = ledger_in(bob, BOB)

    def meanwhile(seconds: float) -> None:
        pauses.append(seconds)
        for _ in range(3):
            rival.record(tick(f"bob#{len(pauses)}"))

    git = OvertakenGit(ada.path, lambda: rival.record(tick("bob#0")), "push", 2)
    mine = GitRefLedger(git, "production", find_remote(git, None), Surroundings(lambda: ADA, Clock(), meanwhile, lambda: 1.0))
    mine.record(tick("ada#1"))
    assert not mine.unpublished()
    assert len(pauses) <= 2
    assert "ada#1" in steps(ledger_in(bob, BOB).synced())


def test_another_process_that_sees_more_in_the_meantime_makes_nothing_missing(clones: tuple[Repo, Repo]) -> None:
    """It sees and publishes after the remote answered this one, and before this one compares."""
    ada, bob = clones
    ledger_in(bob, BOB).record(tick("bob#1"))
    git = OvertakenGit(ada.path, lambda: ledger_in(ada).record(tick("other#1")), "fetch", 1)
    around = Surroundings(lambda: ADA, Clock(), lambda _: None, lambda: 1.0)
    mine = GitRefLedger(git, "production", find_remote(git, None), around)
    assert steps(mine.synced()) == ["bob#1", "other#1"]


class OvertakenGit(Git):
    """Somebody else is faster at the first calls of a command."""

    def __init__(self, root: Path, overtake: Callable[[], None], command: str, times: int) -> None:
        super().__init__(root)
        self._overtake, self._command, self._times = overtake, command, times

    def start(self, *words: str, stdin: bool = False) -> subprocess.Popen[bytes]:
        if self._command in words and self._times:
            self._times -= 1
            self._overtake()
        return super().start(*words, stdin=stdin)


@pytest.mark.slow
def test_two_writers_at_once_lose_no_tick(clones: tuple[Repo, Repo]) -> None:
    ticks = examples(20, 100)
    ada, bob = clones
    writers = [write(ada, "ada", ticks), write(bob, "bob", ticks)]
    assert [writer.wait() for writer in writers] == [0, 0]
    expected = sorted(f"{name}#{n}" for name in ("ada", "bob") for n in range(ticks))
    assert steps(ledger_in(ada).synced()) == steps(ledger_in(bob).synced()) == expected


@pytest.mark.slow
def test_two_processes_of_one_clone_lose_no_tick(clones: tuple[Repo, Repo]) -> None:
    ada, bob = clones
    ticks = examples(12, 40)
    writers = [write(ada, "one", ticks), write(ada, "two", ticks)]
    assert [writer.wait() for writer in writers] == [0, 0]
    assert steps(ledger_in(bob).synced()) == sorted(f"{name}#{n}" for name in ("one", "two") for n in range(ticks))


@pytest.mark.slow
def test_killed_at_any_call_of_git_the_ledger_has_the_entry_or_not(clones: tuple[Repo, Repo]) -> None:
    ada, bob = clones
    ledger_in(bob, BOB).record(tick("bob"))  # so that the first push is refused, and there is something to unite
    there: set[int] = set()
    for calls in range(60):
        code = write(ada, f"at{calls}", 1, calls).wait()
        assert code in (0, 9)
        here = steps(ledger_in(ada).entries())
        assert set(here) <= {"bob", *(f"at{n}#0" for n in range(calls + 1))}
        there |= {calls} & {int(step[2:-2]) for step in here if step != "bob"}
        assert ada.git("fsck", "--strict", "--no-dangling", "--no-progress") == ""
        ledger_in(bob, BOB).record(tick("bob"))
        if code == 0:
            break
    else:
        pytest.fail("it never came to an end")
    ledger_in(ada).record(tick("last"))
    kept = {step for step in steps(ledger_in(bob, BOB).synced()) if step.startswith("at")}
    assert kept == {f"at{n}#0" for n in there}
    assert 0 < len(there) < calls + 1, "it was killed before and after the entry was recorded"


def test_who_saw_that_there_is_nothing_looks_again_before_it_claims_once_more(clones: tuple[Repo, Repo]) -> None:
    ada, bob = clones
    mine = ledger_in(ada)
    mine.take_fetched("refs/none")
    ledger_in(bob, BOB).record(tick("bob#1"))
    seen: list[int] = []

    def decide(known: tuple[Record, ...]) -> Deed:
        seen.append(len(known))
        return tick("ada#1")

    mine.claim(decide)
    assert seen == [0, 1]
    assert steps(ledger_in(bob, BOB).synced()) == ["ada#1", "bob#1"]
