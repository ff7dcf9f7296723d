"""Each command that writes, killed or refused at each write, rename, fsync and start of a process: nothing is half done.

Builds, pull requests and ledgers on GitHub have suites of their own: test_build_crash, test_pr_under_fire and
test_deploy_github_under_fire.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
from contextlib import chdir
from typing import TYPE_CHECKING, NamedTuple

import pytest

from relbot.cli.exits import run
from tests.cli.fragments import ADDED, BREAKING, DAY, FIXED, tree
from tests.cli.test_import import TOWNCRIER
from tests.files.mishaps import events, in_child, killing, refusing, watch
from tests.repository import Repo
from tests.tiers import sample

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.commandline import Run

pytestmark = pytest.mark.slow
LEDGER = '[environments.production]\ndeployed = "ledger"\n'
STEPS = """---
type: changed
deploy:
  - phase: before-restart
    run: rake a
  - phase: after-restart
    run: rake b
---

B.
"""
KEPT = (
    (
        "CHANGELOG.md",
        "# Changes\n\n[0.9.0]: https://x.example/v0.8.0...v0.9.0\n\n## Unreleased\n\n- By hand.\n\n## [0.9.0]\n\n- Old.\n",
    ),
    ("package.json", '{"version": "0.9.0"}\n'),
    ("relbot.toml", '[versions]\nmanifests = ["package.json"]\n[environments.production]\ndeployed = "ledger"\n'),
)
DEBIAN = (
    "obs-api (0.9.0-1) UNRELEASED; urgency=low\n\n  * Hand.\n\n -- Jane Doe <j@example.org>  Wed, 15 Aug 2018 00:00:00 +0000\n"
)
TOML_OF_DEBIAN = (
    "relbot.toml",
    'changelog = "debian/changelog"\n[package]\nname = "obs-api"\nmaintainer = "Jane Doe <j@example.org>"\n',
)
ADOPT = ("deploy", "adopt", "production", "--at", "HEAD~1")
BEGIN = ("deploy", "begin", "production", "--to", "HEAD")
FIRST = ("deploy", "tick", "production", "steps#1", "--to", "HEAD")
SECOND = ("deploy", "tick", "production", "steps#2")


class Case(NamedTuple):
    """A command, what was done before it, and the files that are there."""

    args: tuple[str, ...]
    before: tuple[tuple[str, ...], ...] = ()
    files: tuple[tuple[str, str], ...] = ()


CASES = {
    "init": Case(("init", "--yes")),
    "new": Case(("new", "login", "--type", "fixed", "--message", "A.")),
    "new with steps": Case(("new", "login", "-t", "fixed", "-m", "A.", "--run", "rake x", "--phase", "later")),
    "import": Case(("import", "towncrier"), files=tuple(TOWNCRIER.items())),
    "check --fix": Case(
        ("check", "--base", "HEAD~1", "--fix"),
        files=(
            (
                "db/migrate/20180815_drop.rb",
                "class Drop < ActiveRecord::Migration[5.2]\n  def up\n    drop_table :sessions\n  end\nend\n",
            ),
        ),
    ),
    "build of several": Case(
        ("build", "1.0.0", *DAY), files=(("changes/a.md", FIXED), ("changes/b.md", BREAKING), ("changes/c.md", ADDED))
    ),
    "undo": Case(("build", "--undo", "1.0.0"), (("build", "1.0.0", *DAY),), (*KEPT, ("changes/a.md", FIXED))),
    "refresh": Case(
        ("build", "--refresh", "1.0.0"),
        (("build", "1.0.0", *DAY), ("spoil",)),
        (*KEPT, ("changes/a.md", FIXED)),
    ),
    "debian": Case(("build", "1.0.0", *DAY), files=(("debian/changelog", DEBIAN), ("changes/a.md", FIXED), TOML_OF_DEBIAN)),
    "adopt": Case(ADOPT),
    "begin": Case(BEGIN, (ADOPT,)),
    "a first tick": Case(FIRST, (ADOPT,)),
    "a tick": Case(SECOND, (ADOPT, FIRST)),
    "a failure": Case((*SECOND, "--failed", "disk"), (ADOPT, FIRST)),
    "done": Case(("deploy", "done", "production"), (ADOPT, FIRST, SECOND)),
    "abort": Case(("deploy", "abort", "production", "--reason", "x"), (ADOPT, BEGIN)),
    "a gate": Case(("deploy", "gate", "production", "--before", "install", "--to", "HEAD"), (ADOPT,)),
    "lock": Case(("deploy", "lock", "production", "--for", "1h", "--reason", "x"), (ADOPT,)),
    "overrule": Case(("deploy", "overrule", "production", "step:steps#2", "--reason", "x"), (ADOPT, FIRST)),
    "note": Case(("deploy", "note", "production", "patched", "--until", "2199-01-01"), (ADOPT,)),
    "motd --save": Case(("motd", "production", "--save", "motd.json"), (ADOPT,)),
}


SHORT = ("init", "new", "undo", "a tick", "motd --save")
"""Those that `make test` tries at a point or two."""


class Copies:
    """As many copies of a planted repository as there are points, and what the undisturbed command makes of one."""

    def __init__(self, folder: Path, case: Case) -> None:
        self._folder, self._made, self.case = folder, 0, case
        repo = Repo(folder / "planted")
        repo.write("README.md", "Here.\n")
        if case.before or "deploy" in case.args:
            repo.write("relbot.toml", LEDGER)
        repo.commit("One")
        repo.write("README.md", "Here we are.\n")
        if case.before or "deploy" in case.args:
            repo.write("changes/steps.md", STEPS)
        for path, text in case.files:
            repo.write(path, text)
        repo.commit("Two")
        self.planted = repo
        for args in case.before:
            if args == ("spoil",):
                repo.write("CHANGELOG.md", KEPT[0][1])
                continue
            assert self.do(repo, args) in (0, 1), args
        self.before = self.state(repo)
        counted, whole = self.copy(), self.copy()
        self.points = events(lambda: self.do(counted), processes=True)
        self.code = self.do(whole)
        self.after = self.state(whole)

    def copy(self) -> Repo:
        self._made += 1
        path = self._folder / str(self._made)
        shutil.copytree(self.planted.path, path)
        return Repo(path)

    def do(self, repo: Repo, args: tuple[str, ...] = ()) -> int:
        with chdir(repo.path):
            return int(run(list(args or self.case.args)))

    def struck(self, repo: Repo, strike: Callable[[int], None]) -> Callable[[], int]:
        def work() -> int:
            watch(strike, processes=True)
            return self.do(repo)

        return work

    def state(self, repo: Repo) -> object:
        """The files, what git would commit, and the records of the ledger without their times."""
        records = []
        for name in repo.git("ls-tree", "-r", "--name-only", "refs/relbot/production").split() if self._has_ledger(repo) else ():
            record = json.loads(repo.git("show", f"refs/relbot/production:{name}"))
            records.append([record[key] for key in ("kind", "step", "target", "reason", "what")])
        return _without_times(tree(repo)), repo.git("status", "--porcelain"), records

    @staticmethod
    def _has_ledger(repo: Repo) -> bool:
        return bool(repo.git("for-each-ref", "refs/relbot/production"))


def _without_times(files: dict[str, bytes]) -> dict[str, bytes]:
    """The message of the day that is saved says when."""
    return {path: b"" if path == "motd.json" else content for path, content in files.items()}


@pytest.mark.parametrize("name", [name if name in SHORT else pytest.param(name, marks=pytest.mark.long) for name in CASES])
def test_killed_and_refused_at_each_point(tmp_path: Path, relbot: Run, name: str, capfd: pytest.CaptureFixture[str]) -> None:
    copies = Copies(tmp_path, CASES[name])
    assert copies.points >= 3
    assert copies.after != copies.before
    turn = list(CASES).index(name)
    for at in sample(range(1, copies.points + 1), 1, 3 * turn):
        repo = copies.copy()
        assert in_child(copies.struck(repo, killing(at))).signal == signal.SIGKILL
        _finish(copies, repo, relbot, f"killed at {at}")
    for at in sample(range(1, copies.points + 1), 1, 5 * turn):
        repo = copies.copy()
        capfd.readouterr()
        outcome = in_child(copies.struck(repo, refusing(errno.ENOSPC, at)))
        err = " ".join("".join(capfd.readouterr()).split())
        assert outcome.value in (copies.code, 3), (at, err)
        if outcome.value == 3:
            assert os.strerror(errno.ENOSPC).lower() in err.lower(), (at, err)
            assert copies.state(repo) in (copies.before, copies.after), (at, err)
        _finish(copies, repo, relbot, f"refused at {at}")


def _finish(copies: Copies, repo: Repo, relbot: Run, where: str) -> None:
    """The next run of the same command makes whole what is not."""
    if copies.state(repo) != copies.after:
        if copies.case.args[0] in ("init", "import"):  # each file is whole; which are there, it says, and goes no further
            repo.git("clean", "--quiet", "--force", "-d")
        again = relbot(*copies.case.args, cwd=repo.path)
        assert again.code == copies.code, (where, again)
        assert copies.state(repo) == copies.after, where
    assert not [path for path in tree(repo) if ".relbot-" in path], where
