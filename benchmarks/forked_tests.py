"""Tests that `benchmarks/mutants.py` runs in forks of a process that has loaded the libraries, but nothing of relbot."""

from __future__ import annotations

import ast
import importlib
import os
import pickle
import signal
import sys
import time
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from reached_lines import ChosenTests, ReachedLines

if TYPE_CHECKING:
    from collections.abc import Callable

    from code_changes import Change

ROOT = Path(__file__).parents[1]


def load_libraries() -> None:
    """Imports what relbot and its tests import, but nothing of them: each fork has it then."""
    found = set()
    for file in [*(ROOT / "relbot").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            match node:
                case ast.Import(names=names):
                    found |= {name.name for name in names}
                case ast.ImportFrom(module=str(module), level=0):
                    found.add(module)
    for name in sorted(name for name in found if name.partition(".")[0] not in ("relbot", "tests", "docs", "benchmarks")):
        try:
            importlib.import_module(name)
        except ImportError:  # what a test needs only if it is there
            continue


def in_child(folder: Path, do: Callable[[], int], timeout: float) -> int | None:
    """What this gives in a silent child in that folder, as its exit code, None if it takes longer."""
    child = os.fork()
    if child == 0:
        code = 3
        try:
            _settle_in(folder)
            code = do()
        finally:
            os._exit(code)
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def _settle_in(folder: Path) -> None:
    os.setpgid(0, 0)
    os.chdir(folder)
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silence, stream)
    sys.path.insert(0, str(folder))
    os.environ.update(PYTHONPATH=str(folder), CI="true", RELBOT_TEST_TIER="mutants")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False  # compiled once for all changes


def run_tests(tests: list[str], plugin: object) -> int:
    """The exit code of pytest. Only in a child."""
    loaded = "ignore::pytest.PytestAssertRewriteWarning"  # plugins that load_libraries has imported before
    swept = ("-o", "tmp_path_retention_policy=none", "--basetemp=../pytest")  # pytest would sweep up after other runs for minutes
    return int(pytest.main(["-q", "-x", "-p", "no:cacheprovider", "-W", loaded, *swept, *tests], plugins=[plugin]))


class Reached(NamedTuple):
    """Which tests reach which lines of a room, and how long they take."""

    tests_of: dict[tuple[str, int], set[str]]
    seconds: dict[str, float]

    def tests_for(self, change: Change, most: float) -> list[str]:
        """The tests that reach the change, the quick ones first, as many as fit into so many seconds.

        A module without functions is reached when it is loaded: all tests of the room judge it.
        """
        lines, file = change.lines, str(change.file)
        tests = {
            test
            for (path, line), found in self.tests_of.items()
            if path == file and (not lines or line in lines)
            for test in found
        } or (set(self.seconds) if not lines else set())
        ordered = sorted(tests, key=lambda test: (self.seconds[test], test))
        return [
            test for test, spent in zip(ordered, accumulate(map(self.seconds.__getitem__, ordered)), strict=True) if spent <= most
        ]


def reach_lines(folder: Path, tests: list[str], files: list[Path]) -> Reached | None:
    """Runs the tests of a room as they are, None if one fails."""
    told = folder / ".reached"

    def run() -> int:
        plugin = ReachedLines({str(file) for file in files})
        code = run_tests(tests, plugin)
        told.write_bytes(pickle.dumps((dict(plugin.tests_of), plugin.seconds)))
        return code

    if in_child(folder, run, 3600) != 0:
        return None
    return Reached(*pickle.loads(told.read_bytes()))  # noqa: S301  # written above


def chosen_result(folder: Path, tests: list[str], timeout: float) -> int | None:
    """The exit code of these tests, None if they take longer."""
    files = sorted({test.partition("::")[0] for test in tests})
    return in_child(folder, lambda: run_tests(files, ChosenTests(tests)), timeout)
