"""A build that is killed at any instant is finished by the next; one that is refused changes nothing."""

from __future__ import annotations

import errno
import os
import shutil
import signal
from contextlib import chdir
from typing import TYPE_CHECKING

import pytest

from relbot.cli.exits import run
from tests.cli.fragments import ADDED, BREAKING, DAY, FIXED, fragment, tree
from tests.files.mishaps import events, in_child, killing, refusing, watch
from tests.repository import Repo
from tests.tiers import note_points, sample

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.commandline import Run

pytestmark = pytest.mark.slow
BUILD = ("build", "1.0", *DAY)


def plant(path: Path) -> Repo:
    """A repository in which a build moves, writes, and corrects."""
    repo = Repo(path)
    repo.write("CHANGELOG.md", "# News\n\n## 0.1\n\n- Old.\n")
    repo.write("changes/login.md", FIXED)
    repo.write("changes/options.md", BREAKING)
    repo.commit()
    repo.write("changes/untracked.md", ADDED)
    return repo


def status(repo: Repo) -> str:
    return repo.git("status", "--porcelain")


def build(repo: Repo) -> int:
    with chdir(repo.path):
        return run(list(BUILD))


def after(strike: Callable[[int], None], repo: Repo) -> Callable[[], int]:
    def work() -> int:
        watch(strike)
        return int(build(repo))

    return work


class Copies:
    """As many copies of a planted repository as there are events, and what an undisturbed build makes of one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made = 0
        self.planted = plant(folder / "planted")
        self.before = tree(self.planted)
        counted, undisturbed = self.copy(), self.copy()
        self.events = events(lambda: build(counted))
        assert in_child(lambda: int(build(undisturbed))).value == 0
        self.after = tree(undisturbed)
        self.status = status(undisturbed)

    def copy(self) -> Repo:
        self._made += 1
        path = self._folder / str(self._made)
        shutil.copytree(self.planted.path, path)
        return Repo(path)


@pytest.fixture
def copies(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Copies:
    return Copies(tmp_path)


def test_the_undisturbed_build(copies: Copies) -> None:
    assert copies.events > 20
    assert copies.after != copies.before
    assert "R  changes/login.md -> changes/released/1.0/login.md" in copies.status
    assert not [path for path in copies.after if ".relbot" in path]


def test_killed_at_every_event_and_run_again(copies: Copies, relbot: Run, record_property: Callable[[str, object], None]) -> None:
    finished = 0
    for at in sample(range(1, copies.events + 1), 8):
        repo = copies.copy()
        assert in_child(after(killing(at), repo)).signal == signal.SIGKILL
        again = relbot(*BUILD, cwd=repo.path)
        assert again.code == 0, again.err
        finished += "Finished an interrupted run: build 1.0." in again.err
        assert tree(repo) == copies.after, at
        assert status(repo) == copies.status
    assert 0 < finished < copies.events
    note_points(record_property, "build that appends", killed=copies.events, finished=finished)


def test_killed_and_followed_by_another_command(copies: Copies, relbot: Run) -> None:
    """Whatever is done first in between: no fragment is lost, none is doubled, and the next build says so."""
    for at in sample(range(1, copies.events + 1), 6, 1):
        repo = copies.copy()
        assert in_child(after(killing(at), repo)).signal == signal.SIGKILL
        repo.write("changes/late.md", fragment("fixed", "It came late."))
        assert relbot("build", "1.1", *DAY, cwd=repo.path).code == 0
        names = sorted(name.rpartition("/")[2] for name in tree(repo) if name.startswith("changes/"))
        assert [name for name in names if name.endswith(".md")] == ["late.md", "login.md", "options.md", "untracked.md"]
        text = (repo.path / "CHANGELOG.md").read_text()
        assert [text.count(said) for said in ("It came late.", "remembers you.", "dark theme.", "Options moved.")] == [1] * 4


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS])
def test_refused_at_every_event(
    copies: Copies, code: int, capfd: pytest.CaptureFixture[str], record_property: Callable[[str, object], None]
) -> None:
    refused = 0
    points = sample(range(1, copies.events + 1), 10, code)
    for at in points:
        repo = copies.copy()
        outcome = in_child(after(refusing(code, at), repo))
        err = capfd.readouterr().err
        assert "Traceback" not in err
        if outcome.value == 0:  # the event was that of tidying up, when all was done
            assert tree(repo) == copies.after, at
            continue
        refused += 1
        assert outcome.value == 3, (at, err)
        assert os.strerror(code).lower() in err.lower()
        assert tree(repo) == copies.before, (at, err)
        assert status(repo) == status(copies.planted)
    assert refused > len(points) / 2
    note_points(record_property, "build that appends", refused=copies.events)


def test_a_disk_that_stays_full_is_told_and_the_next_build_makes_it_good(copies: Copies, relbot: Run) -> None:
    for at in sample(range(1, copies.events + 1), 6, 2):
        repo = copies.copy()
        outcome = in_child(after(refusing(errno.ENOSPC, at, copies.events * 9), repo))
        assert outcome.value in {0, 3}
        assert relbot(*BUILD, cwd=repo.path).code == 0
        assert tree(repo) == copies.after, at
        assert status(repo) == copies.status
