"""A git that fails is no git that finds nothing: the answer is the same as without the failure, or exit code 3."""

from __future__ import annotations

import shutil
import subprocess
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.fragments import DAY, FIXED
from tests.commandline import run_here
from tests.files.mishaps import failing_program, in_child, programs

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.repository import Repo

SAID = "fatal: unable to write: No space left on device"
ORIGIN = ("config", "--get", "remote.origin.url")
FAILURES = (
    (("notes", "1.0.0"), ORIGIN),
    (("build", "--draft", "1.1.0"), ("rev-parse", "--is-shallow-repository")),
    (("build", "--draft", "1.1.0"), ("ls-tree", "-r", "-z", "--name-only", "HEAD")),
    (("new", "--type", "fixed", "--message", "A."), ("symbolic-ref", "--quiet")),
    (("import", "towncrier", "--dry-run"), ("ls-files", "-z", "--cached")),
    (("init", "--yes"), ("for-each-ref", "--sort=-creatordate")),
    (("list", "--contracts"), ("rev-parse", "--verify", "--quiet", "HEAD")),
    (("check", "--staged"), ("rev-parse", "--verify", "--quiet", "HEAD")),
    (("checklist", "--from", "v1.0.0", "--to", "HEAD"), ("ls-files", "-z", "--others")),
)
"""Commands, and how the words of the git begin that fails."""


@pytest.fixture
def project(repo: Repo) -> Repo:
    """A release, and a branch with a change that is not released."""
    repo.write("relbot.toml", "")
    repo.write("towncrier.toml", '[tool.towncrier]\ndirectory = "news"\n')
    repo.write("news/1.bugfix.md", "B.\n")
    repo.write("changes/early.md", FIXED)
    repo.commit("One (#1)")
    assert run_here(("build", "1.0.0", *DAY), repo.path, "").code == 0
    repo.commit("Release")
    repo.tag("v1.0.0")
    repo.git("checkout", "--quiet", "-b", "feature")
    repo.git("config", "remote.origin.url", "https://github.com/acme/x")
    repo.write("changes/late.md", FIXED)
    repo.commit("Two (#2)")
    return repo


def test_a_git_that_fails_is_told(project: Repo) -> None:
    for args, words in FAILURES:
        code, err = in_child(_with_failing(project, args, words)).value
        assert (code, SAID in err) == (3, True), (args, words, err)


def _with_failing(project: Repo, args: tuple[str, ...], words: tuple[str, ...]) -> Callable[[], tuple[int, str]]:
    def work() -> tuple[int, str]:
        begin = subprocess.Popen.__init__

        def begin_or_fail(self: Any, command: Any, *more: Any, **options: Any) -> None:
            fails = tuple(command[5 : 5 + len(words)]) == words
            begin(self, ["sh", "-c", f"echo '{SAID}' >&2; exit 128"] if fails else command, *more, **options)

        subprocess.Popen.__init__ = begin_or_fail  # type: ignore[assignment,method-assign]  # in a child that ends with it
        done = run_here(args, project.path, "")
        return done.code, done.err

    return work


COMMANDS = (
    *dict.fromkeys(args for args, _ in FAILURES),
    ("show", "early"),
    ("check", "--base", "HEAD~1"),
    ("check", "--base", "main", "--format", "json"),
    ("detect", "HEAD~1"),
    ("upgrade", "1.0.0", "HEAD"),
    ("build", "1.1.0", *DAY),
    ("new", "another", "--type", "fixed", "--message", "A."),
    ("backtest",),
)


@pytest.mark.long
@pytest.mark.parametrize("args", COMMANDS, ids=" ".join)
def test_each_git_of_a_command_fails_once(project: Repo, tmp_path: Path, args: tuple[str, ...]) -> None:
    def copy(name: str) -> Path:
        shutil.copytree(project.path, tmp_path / name)
        return tmp_path / name

    def run(at: int) -> tuple[int, str]:
        folder = copy(str(at))

        def work() -> tuple[int, str]:
            time.sleep = lambda seconds: None  # in a child that ends with it
            failing_program(at, SAID)
            done = run_here(args, folder, "")
            return done.code, done.out

        value: tuple[int, str] = in_child(work).value
        return value

    right, counted = run(0), copy("counted")
    assert right[0] in (0, 1)
    for at in range(1, programs(lambda: run_here(args, counted, "")) + 1):
        assert (answer := run(at)) == right or answer[0] == 3, (at, answer)
