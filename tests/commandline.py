"""Runs relbot as its users do, in a process of its own or, faster, in this one. Both answer alike."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from contextlib import chdir, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Result:
    """What a run of relbot said, and its exit code."""

    code: int
    out: str
    err: str


class Run(Protocol):
    """Runs relbot with these arguments in a folder, by default the test's `repo`, with this on its standard input."""

    def __call__(self, *args: str, cwd: Path | None = None, input: str = "") -> Result: ...  # noqa: A002  # as subprocess


def run_apart(args: tuple[str, ...], cwd: Path, stdin: str) -> Result:
    """`python -m relbot` in a process of its own: the whole truth, for some 200 ms more."""
    done = subprocess.run(
        [sys.executable, "-m", "relbot", *args],
        cwd=cwd,
        # The tests are about this work tree, installed or not.
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return Result(done.returncode, done.stdout, done.stderr)


def run_here(args: tuple[str, ...], cwd: Path, stdin: str) -> Result:
    """`relbot.cli.main` in this process. What its child processes print on their own is not caught: use `run_apart`."""
    from relbot.cli import main  # a broken command line must not break every test's import

    with chdir(cwd), _standard_streams(stdin) as (out, err):
        try:
            main(list(args))
        except SystemExit as stop:
            code = _exit_code(stop)
        else:
            code = 0
    return Result(code, _text(out), _text(err))


def _exit_code(stop: SystemExit) -> int:
    """As Python itself does it: a text goes to standard error and counts as 1."""
    if stop.code is None or isinstance(stop.code, int):
        return stop.code or 0
    sys.stderr.write(f"{stop.code}\n")
    return 1


@contextmanager
def _standard_streams(stdin: str) -> Iterator[tuple[io.TextIOWrapper, io.TextIOWrapper]]:
    """Puts streams with a `buffer`, as the real ones have, in place of the standard ones."""
    before = sys.stdin, sys.stdout, sys.stderr
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    sys.stdin, sys.stdout, sys.stderr = io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8"), out, err
    try:
        yield out, err
    finally:
        sys.stdin, sys.stdout, sys.stderr = before


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode()
