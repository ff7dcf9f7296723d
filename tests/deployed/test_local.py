"""What runs, as commands, files, packages and the ledger tell it."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from relbot.config.model import Component, Config
from relbot.sources.commit import find_commit_in_version
from relbot.sources.model import SourceUnavailable

if TYPE_CHECKING:
    from pathlib import Path

    from tests.deployed.conftest import Ask
    from tests.repository import Repo


def python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


def test_a_command(ask: Ask, commit: str) -> None:
    assert ask("command", command=("git", "rev-parse", "--short", "HEAD~1")) == commit
    assert ask("command", command=python(f'print(\'{{"a": "{commit}"}}\')'), pointer="/a") == commit


COMMANDS = {
    "fails": (python("import sys; sys.exit('no\\x1broute')"), "failed with exit code 1 and printed “no\\x1broute”"),
    "fails with an answer": (python("print('1234567'); raise SystemExit(2)"), "failed with exit code 2 and printed “1234567”"),
    "is silent": (python(""), "answered with nothing"),
    "fails silently": (python("raise SystemExit(1)"), "failed with exit code 1 and printed nothing"),
    "is killed": (python("import os; os.kill(os.getpid(), 9)"), "was killed by signal 9"),
    "hangs": (python("input; import threading; threading.Event().wait(30)"), "did not end within 1 s"),
    "says too much": (python("print('a' * 3_000_000)"), "printed more than 1048576 bytes"),
    "complains too much": (python("import sys; sys.stderr.write('e' * 3_000_000)"), "printed more than 1048576 bytes"),
    "is not there": (("no-such-command",), "the command “no-such-command” could not be started: No such file"),
    "has a NUL": (("a\0b",), "could not be started: embedded null byte"),
    "warns": (python("print('warning: x'); print('1234567')"), "names no commit: “warning: x 1234567”"),
}


@pytest.mark.parametrize("case", COMMANDS)
def test_a_command_that_does_not_tell(refused: Ask, commit: str, case: str) -> None:
    command, told = COMMANDS[case]
    assert told in refused("command", command=command, timeout=1)


def test_what_a_command_left_running_does_not_keep_relbot_waiting(refused: Ask, commit: str, tmp_path: Path) -> None:
    child = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import threading; threading.Event().wait(30)'])"
    assert "did not end within 1 s" in refused("command", command=python(child), timeout=1)


def test_a_password_in_a_command_is_not_shown(refused: Ask, commit: str) -> None:
    said = refused("command", command=("no-such-curl", "https://me:secret@example.org/rev"))
    assert "secret" not in said


def test_a_file(repo: Repo, ask: Ask, commit: str, tmp_path: Path) -> None:
    repo.write("REVISION", f"\ufeff{commit[:8]}\r\n")
    assert ask("file", file="REVISION") == commit
    assert ask("file", file=str(repo.path / "REVISION")) == commit


def test_a_file_that_holds_a_version(repo: Repo, ask: Ask, commit: str) -> None:
    repo.tag("v2.10", commit)
    repo.tag("api-v2.10", "main")
    repo.write("VERSION", "2.10")
    config = Config(components=(Component("api", "API", changelog="api.md"),))
    assert ask("file", file="VERSION") == commit
    assert ask("file", file="VERSION", config=config, component="api") == repo.head


def test_a_file_that_does_not_tell(repo: Repo, refused: Ask, commit: str) -> None:
    assert "the file “REVISION” is not there" in refused("file", file="REVISION")
    repo.write("REVISION", "")
    assert "answered with nothing" in refused("file", file="REVISION")
    repo.write("REVISION", "a" * 2_000_000)
    assert "has more than 1 MiB" in refused("file", file="REVISION")
    assert "is not a regular file" in refused("file", file=".git")
    os.mkfifo(repo.path / "pipe")
    assert "is not a regular file" in refused("file", file="pipe")


def test_the_ledger(ask: Ask, refused: Ask, commit: str) -> None:
    assert ask("ledger", ledger=lambda name: commit if name == "production" else "") == commit
    assert "the ledger holds no deploy that was done" in refused("ledger", ledger=lambda _: "")
    assert "the ledger cannot be asked here" in refused("ledger")


@pytest.mark.parametrize(
    ("version", "commit"),
    [
        ("2.10~git1533.0abc123", "0abc123"),
        ("2.10+git20180815.0abc123-1.1", "0abc123"),
        ("1.2.3-5-g0abc123", "0abc123"),
        ("1:2.10~git1234567-1", "1234567"),
        ("2.10.0123456789abcdef0123456789abcdef01234567-lp150.1", "0123456789abcdef0123456789abcdef01234567"),
    ],
)
def test_the_commit_in_a_version(version: str, commit: str) -> None:
    assert find_commit_in_version(version) == commit


@pytest.mark.parametrize("version", ["2.10-1", "2.10~abc123", "1.0abc1234x", "", "2.10.abc1234.def5678", "2018081512.1234567"])
def test_a_version_without_a_commit_or_with_several(version: str) -> None:
    with pytest.raises(SourceUnavailable):
        find_commit_in_version(version)


@pytest.fixture
def packaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on the PATH for package managers of the test's own."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return folder


def manager(folder: Path, name: str, script: str) -> None:
    file = folder / name
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)


def test_packages(packaged: Path, ask: Ask, commit: str) -> None:
    short = commit[:7]
    manager(packaged, "rpm", f'test "$5" = obs-api && echo "installed 2.10~git15.{short}-1.1"')
    assert ask("rpm", package="obs-api") == commit
    manager(packaged, "dpkg-query", f'test "$5" = obs-api && echo "installed 1:2.10+{short}-1"')
    assert ask("debian", package="obs-api") == commit
    assert ask("debian", package="obs-api", regex=r"\+([^-]+)-") == commit


def test_packages_that_do_not_tell(packaged: Path, refused: Ask, commit: str) -> None:
    manager(packaged, "rpm", 'echo "package obs-api is not installed"; exit 1')
    assert "failed with exit code 1 and printed “package obs-api is not installed”" in refused("rpm", package="obs-api")
    manager(packaged, "rpm", 'echo "installed 1-1"; echo "installed 2-1"')
    assert "several versions: “1-1”, “2-1”" in refused("rpm", package="kernel")
    manager(packaged, "dpkg-query", 'echo "config-files 2.10+abc1234-1"')
    assert "the package “obs-api” answered that it is not installed" in refused("debian", package="obs-api")
    manager(packaged, "dpkg-query", 'echo "installed 2.10-1"')
    assert "has no commit of 7 digits or more in it: “2.10-1”" in refused("debian", package="obs-api")
