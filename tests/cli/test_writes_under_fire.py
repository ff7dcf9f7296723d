"""Each command that writes, killed or refused at each write, rename, fsync and start of a program: nothing is half done.

Builds, pull requests and ledgers on GitHub have suites of their own: test_build_crash, test_pr_under_fire and
test_deploy_github_under_fire. test_commands_that_write holds that no command is left out.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import time
from contextlib import chdir
from typing import TYPE_CHECKING

import pytest

from relbot.cli.exits import run
from tests.cli.commands_under_fire import (
    CASES,
    CODES,
    FULL,
    KEPT,
    LEDGER,
    ORIGIN,
    PUBLISH,
    STEPS,
    UNVERIFIED,
    Case,
)
from tests.cli.fragments import tree
from tests.commandline import run_here
from tests.files.mishaps import events, failing_program, in_child, killing, programs, refusing, watch
from tests.repository import Repo
from tests.tiers import note_points, sample

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.commandline import Run
    from tests.files.mishaps import Outcome

pytestmark = pytest.mark.slow
SHORT = ("init", "new", "undo", "a tick", "motd --save")
"""Those that `make test` tries at a point or two."""


class Copies:
    """As many copies of a planted repository as there are points, and what the undisturbed command makes of one."""

    def __init__(self, folder: Path, case: Case) -> None:
        self._folder, self._made, self.case, self.args = folder, 0, case, case.args
        repo = Repo(folder / "planted")
        repo.write("README.md", "Here.\n")
        if case.before or "deploy" in case.args:
            repo.write("relbot.toml", LEDGER)
        repo.commit("One")
        repo.write("README.md", "Here we are.\n")
        if case.before or "deploy" in case.args:
            repo.write("changes/steps.md", STEPS)
        for path, text in case.files:
            if path.startswith(".git/"):
                repo.git("remote", "add", "origin", path)
            else:
                repo.write(path, text)
        repo.commit("Two")
        if ORIGIN in case.files:
            repo.git("clone", "--quiet", "--bare", ".", ORIGIN[0])
        self.planted = repo
        for args in case.before:
            if len(args) == 1:
                self._prepare(repo, args[0])
            else:
                assert self.do(repo, args) in (0, 1), args
        self.before = self.state(repo)
        counted, whole, third = self.copy(), self.copy(), self.copy()
        self.points = events(lambda: self.do(counted), processes=True)
        self.programs = programs(lambda: self.do(third))
        self.code = self.do(whole)
        self.after = self.state(whole)
        self.whole = [self.before, self.after]
        if case.first:
            begun = self.copy()
            assert self.do(begun, case.first) == 0
            self.whole.append(self.state(begun))

    def _prepare(self, repo: Repo, what: str) -> None:
        """Does before the command what no command does."""
        match what:
            case "spoil":
                repo.write("CHANGELOG.md", KEPT[0][1])
            case "lose":
                repo.git("--git-dir", ORIGIN[0], "update-ref", "refs/relbot/production", "refs/relbot/production~1")
                gap = re.findall("--vouch ([0-9a-f]{64})", str(run_here(("deploy", "verify", "production"), repo.path, "")))[0]
                self.args = tuple(gap if word == "{gap}" else word for word in self.args)
            case "part":
                repo.git("remote", "add", "origin", "nowhere")
            case "keep":
                self._prepare(repo, "part")
                assert self.do(repo, UNVERIFIED) == 0
                repo.git("remote", "remove", "origin")

    def copy(self) -> Repo:
        self._made += 1
        path = self._folder / str(self._made)
        shutil.copytree(self.planted.path, path)
        return Repo(path)

    def do(self, repo: Repo, args: tuple[str, ...] = ()) -> int:
        with chdir(repo.path):
            return int(run(list(args or self.args)))

    def struck(self, repo: Repo, strike: Callable[[int], None]) -> Callable[[], int]:
        def work() -> int:
            watch(strike, processes=True)
            return self.do(repo)

        return work

    def with_failing_program(self, repo: Repo, at: int) -> Callable[[], int]:
        def work() -> int:
            time.sleep = lambda seconds: None  # in a child that ends with it: relbot may wait and try again
            failing_program(at, FULL)
            return self.do(repo)

        return work

    def state(self, repo: Repo) -> object:
        """The files, what git would commit, and the records of the ledger without their times."""
        records = []
        place = ("--git-dir", ORIGIN[0]) if ORIGIN in self.case.files else ()  # where all look
        names = repo.git(*place, "for-each-ref", "refs/relbot/production")
        for name in repo.git(*place, "ls-tree", "-r", "--name-only", "refs/relbot/production").split() if names else ():
            record = json.loads(repo.git(*place, "show", f"refs/relbot/production:{name}"))
            told = [record[key] for key in ("kind", "step", "target", "reason", "what")]
            records += [told] if told not in records and PUBLISH not in told else []  # a step may be told twice
        return _without_times(tree(repo)), repo.git("status", "--porcelain"), records


def _without_times(files: dict[str, bytes]) -> dict[str, bytes]:
    """The message of the day that is saved says when, and so does a record in a file."""
    return {path: b"" if path in ("motd.json", "kept.json") else content for path, content in files.items()}


@pytest.mark.parametrize("name", [name if name in SHORT else pytest.param(name, marks=pytest.mark.long) for name in CASES])
def test_killed_and_refused_at_each_point(
    tmp_path: Path, relbot: Run, name: str, capfd: pytest.CaptureFixture[str], record_property: Callable[[str, object], None]
) -> None:
    copies = Copies(tmp_path, CASES[name])
    assert copies.points >= 3
    assert copies.after != copies.before
    turn = list(CASES).index(name)
    half = 0
    for at in sample(range(1, copies.points + 1), 1, 3 * turn):
        repo = copies.copy()
        assert in_child(copies.struck(repo, killing(at))).signal == signal.SIGKILL
        half += copies.state(repo) not in copies.whole
        _finish(copies, repo, relbot, f"killed at {at}")
    for at in sample(range(1, copies.points + 1), 1, 5 * turn):
        repo, code = copies.copy(), CODES[(at + turn) % len(CODES)]
        capfd.readouterr()
        outcome = in_child(copies.struck(repo, refusing(code, at)))
        _judge_refusal(copies, repo, outcome, capfd, os.strerror(code), f"refused at {at}")
        _finish(copies, repo, relbot, f"refused at {at}")
    for at in sample(range(1, copies.programs + 1), 1, 7 * turn):
        repo = copies.copy()
        capfd.readouterr()
        outcome = in_child(copies.with_failing_program(repo, at))
        _judge_refusal(copies, repo, outcome, capfd, "relbot", f"program {at} failed")
        _finish(copies, repo, relbot, f"program {at} failed")
    note_points(record_property, name, killed=copies.points, refused=copies.points, programs=copies.programs, finished=half)


def _judge_refusal(
    copies: Copies, repo: Repo, outcome: Outcome, capfd: pytest.CaptureFixture[str], reason: str, where: str
) -> None:
    """What the system refuses is told, and the command has done all or nothing; or it can do without."""
    err = " ".join("".join(capfd.readouterr()).split())
    assert outcome.value in (copies.code, 3), (where, outcome, err)
    if outcome.value == 3:
        assert reason.lower() in err.lower(), (where, err)
        assert copies.state(repo) in copies.whole, (where, err)
    else:
        assert copies.state(repo) == copies.after, (where, err)


def _finish(copies: Copies, repo: Repo, relbot: Run, where: str) -> None:
    """The next run of the same command makes whole what is not."""
    if copies.state(repo) != copies.after:
        if copies.args[0] in ("init", "import"):  # each file is whole; which are there, it says, and goes no further
            repo.git("clean", "--quiet", "--force", "-d")
        again = relbot(*copies.args, cwd=repo.path)
        if copies.args[1] == "verify" and again.code == 2:
            assert "Its gaps are: none." in again.err  # somebody vouched here, and publishes it with the next record
            again = relbot("deploy", "note", "production", PUBLISH, cwd=repo.path)
        assert again.code == copies.code, (where, again)
        assert copies.state(repo) == copies.after, where
    assert not [path for path in tree(repo) if ".relbot-" in path], where
