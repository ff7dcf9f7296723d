"""A clone of which something is damaged: relbot says what, and what mends it; no answer is a guess."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.commandline import Run
    from tests.repository import Repo

FRAGMENT = "---\ntype: fixed\n---\n\nA.\n"


def _object(repo: Repo, name: str) -> str:
    found = repo.git("rev-parse", name)
    path = f".git/objects/{found[:2]}/{found[2:]}"
    (repo.path / path).chmod(0o644)
    return path


def _break_index(repo: Repo) -> None:
    repo.write(".git/index", b"nothing of an index, and long enough to be one")


def _cut_index(repo: Repo) -> None:
    repo.write(".git/index", (repo.path / ".git/index").read_bytes()[:120])


def _wait_for_shallow(repo: Repo) -> None:
    os.mkfifo(repo.path / ".git/shallow")


def _wait_for_ref(repo: Repo) -> None:
    os.mkfifo(repo.path / ".git/refs/heads/waits")


def _break_head(repo: Repo) -> None:
    repo.write(".git/HEAD", "nothing\n")


def _break_tree(repo: Repo) -> None:
    repo.write(_object(repo, "HEAD^{tree}"), "nothing")


def _lose_tree(repo: Repo) -> None:
    repo.remove(_object(repo, "HEAD^{tree}"))


def _break_blob(repo: Repo) -> None:
    repo.write(_object(repo, "HEAD:changes/2-b.md"), "nothing")


def _lose_blob(repo: Repo) -> None:
    repo.remove(_object(repo, "HEAD:changes/2-b.md"))


def _lock_index(repo: Repo) -> None:
    repo.write(".git/index.lock")


MENDS: dict[object, str] = {
    _break_index: "git reset",
    _cut_index: "git reset",
    _wait_for_shallow: "/.git/shallow",
    _wait_for_ref: "/.git/refs/heads/waits",
    _break_head: "clone the repository anew",
    _break_tree: "git fsck",
    _lose_tree: "git fsck",
    _break_blob: "git fsck",
    _lose_blob: "git fsck",
    _lock_index: ".git/index.lock'",
}
WRITES = ("build", "1.0.0")
LOOKS = ("checklist", "production")


@pytest.mark.parametrize(
    ("damage", "args"),
    [
        (_break_index, WRITES),
        (_cut_index, WRITES),
        (_cut_index, ("check", "--base", "HEAD~1")),
        (_cut_index, ("check", "--staged")),
        (_wait_for_shallow, ("check", "--base", "HEAD~1")),
        (_wait_for_shallow, LOOKS),
        (_wait_for_ref, WRITES),
        (_break_head, WRITES),
        (_lock_index, WRITES),
        (_break_head, LOOKS),
        (_break_tree, LOOKS),
        (_lose_tree, LOOKS),
        (_break_blob, LOOKS),
        (_lose_blob, LOOKS),
        (_break_blob, ("deploy", "gate", "production")),
        (_lose_tree, ("deploy", "tick", "production", "2-b#1", "--to", "HEAD")),
    ],
    ids=lambda value: getattr(value, "__name__", None) or " ".join(value),
)
def test_what_is_damaged_is_unknown_with_what_mends_it(
    repo: Repo, relbot: Run, damage: Callable[[Repo], None], args: tuple[str, ...]
) -> None:
    repo.write("relbot.toml", '[environments.production]\ndeployed = "ledger"\n')
    repo.write("changes/1-a.md", FRAGMENT)
    repo.commit("One")
    assert relbot("deploy", "adopt", "production", "--at", "HEAD").code == 0
    repo.write("changes/2-b.md", FRAGMENT)
    repo.commit("Two")
    damage(repo)
    done = relbot(*args)
    assert (done.code, done.out.replace("This clone has no remote, so relbot uses this clone alone.", "").strip()) == (3, ""), (
        done
    )
    assert MENDS[damage] in done.err, done
    assert (repo.path / "changes/1-a.md").is_file()


def test_a_backtest_says_what_git_cannot_compare(repo: Repo, relbot: Run) -> None:
    repo.write("changes/1-a.md", FRAGMENT)
    repo.commit("One")
    repo.write("a.py", "a = 1\n")
    repo.commit("Two")
    repo.git("update-index", "--split-index")  # git ends at once where the other half is gone
    for half in (repo.path / ".git").glob("sharedindex.*"):
        half.unlink()
    done = relbot("backtest")
    assert done.code == 3
    assert "git cannot compare" in done.out, done


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("HEAD^{tree}", LOOKS),
        ("HEAD", ("check", "--base", "HEAD~1")),
        ("HEAD:changes/2-b.md", ("upgrade", "HEAD~1", "HEAD")),
        ("HEAD^{tree}", WRITES),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0],
)
def test_git_does_not_wait_for_a_pipe_among_its_objects(
    repo: Repo, relbot: Run, monkeypatch: pytest.MonkeyPatch, name: str, args: tuple[str, ...]
) -> None:
    monkeypatch.setattr("relbot.git.waiting.PATIENCE", 0.2)
    repo.write("relbot.toml", '[environments.production]\ndeployed = "ledger"\n')
    repo.write("changes/1-a.md", FRAGMENT)
    repo.commit("One")
    assert relbot("deploy", "adopt", "production", "--at", "HEAD").code == 0
    repo.write("changes/2-b.md", FRAGMENT)
    repo.commit("Two")
    path = _object(repo, name)
    repo.remove(path)
    os.mkfifo(repo.path / path)
    done = relbot(*args)
    assert done.code == 3, done
    assert path in done.err, done
    assert (repo.path / "changes/1-a.md").is_file()


@pytest.mark.parametrize("args", [("check", "--base", "HEAD~1"), ("detect", "HEAD~1"), ("backtest",)], ids=" ".join)
def test_a_git_that_says_nothing_is_ended(
    repo: Repo, relbot: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, args: tuple[str, ...]
) -> None:
    repo.write("changes/1-a.md", FRAGMENT)
    repo.commit("One")
    repo.write("changes/2-b.md", FRAGMENT)
    repo.commit("Two")
    (tmp_path / "bin").mkdir()
    silent = tmp_path / "bin/git"
    silent.write_text("#!/bin/sh\nexec tail -f /dev/null\n")
    silent.chmod(0o755)
    monkeypatch.setenv("PATH", str(silent.parent), prepend=os.pathsep)
    monkeypatch.setattr("relbot.git.waiting.PATIENCE", 0.05)
    monkeypatch.setattr("relbot.git.waiting.DEADLINE", 0.05)
    done = relbot(*args)
    assert (done.code, done.out) == (3, ""), done
    assert "said nothing for 0.05 s" in done.err, done
