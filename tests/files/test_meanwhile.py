"""What a second process finds meanwhile, and what becomes of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from relbot.files.meanwhile import Meanwhile

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A runner of tests may have threads of its own, that hold nothing."""
    monkeypatch.setattr(threading, "active_count", lambda: 1)


@pytest.fixture(autouse=True)
def _no_child_is_left() -> Iterator[None]:
    yield
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


@pytest.mark.parametrize("paths", [[], ["a"], ["a", "b/\udcff", "\n"], [f"{number:0>100}" for number in range(5_000)]])
def test_what_is_found_is_told(paths: list[str]) -> None:
    with Meanwhile(lambda: paths) as found:
        assert found.found() == frozenset(paths)


def test_it_is_found_by_another_process_that_changes_nothing_here() -> None:
    here = [str(os.getpid())]

    def find() -> list[str]:
        here.append(str(os.getpid()))
        return here[1:]

    with Meanwhile(find) as found:
        there = found.found()
    assert there is not None
    assert here == [str(os.getpid())]
    assert there.isdisjoint(here)


def test_what_came_to_no_end_found_nothing() -> None:
    def killed() -> Iterator[str]:
        yield "a"
        os.kill(os.getpid(), signal.SIGKILL)

    def crashed() -> list[str]:
        raise MemoryError

    for find in (killed, crashed):
        with Meanwhile(find) as found:
            assert found.found() is None


def test_it_is_ended_when_nobody_waits_for_it() -> None:
    def wait() -> list[str]:
        signal.pause()
        return []

    with pytest.raises(ZeroDivisionError), Meanwhile(wait):
        raise ZeroDivisionError


def test_it_is_ended_once_by_whoever_needs_it_no_more() -> None:
    def wait() -> list[str]:
        signal.pause()
        return []

    with Meanwhile(wait) as found:
        found.end()
        assert found.found() is None


def test_it_does_not_outlive_the_one_who_was_to_read() -> None:
    """It holds the other's output open: that has an end only when both are gone."""
    code = """
import os
from relbot.files.meanwhile import Meanwhile
with Meanwhile(lambda: [f"{number:0>100}" for number in range(5_000)]):
    os._exit(0)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, timeout=30)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_it_is_not_interrupted_with_the_one_who_waits() -> None:
    def interrupted() -> list[str]:
        os.kill(os.getpid(), signal.SIGINT)
        return ["a"]

    with Meanwhile(interrupted) as found:
        assert found.found() == frozenset("a")


def test_nothing_is_found_beside_other_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """One of them may hold a lock, which the copy would wait for without end."""
    monkeypatch.setattr(threading, "active_count", lambda: 2)
    with Meanwhile(lambda: ["a"]) as found:
        assert found.found() is None


def test_nothing_is_found_where_there_is_no_room_for_another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise BlockingIOError

    open_files = sorted(Path("/proc/self/fd").iterdir())
    monkeypatch.setattr(os, "fork", refuse)
    with Meanwhile(lambda: ["a"]) as found:
        assert found.found() is None
    assert sorted(Path("/proc/self/fd").iterdir()) == open_files
