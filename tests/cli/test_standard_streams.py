"""Standard streams that are full, closed or read by nobody: an answer that was not written is unknown."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.fragments import tree
from tests.commandline import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.repository import Repo

COMMANDS = [
    ("list",),
    ("check", "--format", "json"),
    ("show", "login"),
    ("build", "--draft"),
    ("build", "1.0"),
    ("explain",),
    ("schema", "config"),
    ("--help",),
    ("--version",),
]


def process(
    repo: Repo, args: tuple[str, ...], out: int | None, before: Callable[[], None] | None = None
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "relbot", *args],
        cwd=repo.path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        stdout=out,
        stderr=subprocess.PIPE,
        preexec_fn=before,
        check=False,
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="There is no /dev/full here.")
@pytest.mark.parametrize("args", COMMANDS)
def test_an_answer_that_cannot_be_written_is_unknown(fixed: Repo, args: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = process(fixed, args, full.fileno())
    assert (done.returncode, done.stderr) == (
        3,
        b"relbot: The operating system reports an error: No space left on device. Correct that, and run the command again.\n",
    )


@pytest.mark.parametrize("args", COMMANDS)
def test_a_closed_standard_output_is_unknown(fixed: Repo, args: tuple[str, ...]) -> None:
    before = tree(fixed)
    done = process(fixed, args, None, lambda: os.close(1))
    assert (done.returncode, b"Traceback" in done.stderr) == (3, False), done.stderr
    assert tree(fixed) == before


@pytest.mark.parametrize("args", COMMANDS)
def test_a_pipe_that_nobody_reads_is_unknown(fixed: Repo, args: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = process(fixed, args, writing)
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (3, b"")


def test_closed_standard_streams_leave_the_exit_code(fixed: Repo) -> None:
    done = process(fixed, ("check",), subprocess.DEVNULL, lambda: os.close(2))
    assert done.returncode == 0
    fixed.write("changes/bad.md", "Bad.\n")
    assert process(fixed, ("check",), subprocess.DEVNULL, lambda: os.close(2)).returncode == 1
