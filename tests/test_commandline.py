"""Both ways to run relbot in a test say what relbot says."""

from __future__ import annotations

import importlib.util
import os
import sys
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.commandline import Run
    from tests.repository import Repo


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command line that repeats what it is given."""

    def main(argv: list[str] | None = None) -> None:
        assert argv is not None
        sys.stdout.write(f"{argv} {os.getcwd()}\n")  # noqa: PTH109  # a text
        sys.stdout.buffer.write("ä".encode())
        sys.stderr.write(sys.stdin.read())
        if argv:
            raise SystemExit(int(argv[0]) if argv[0].isdigit() else argv[0])

    module = ModuleType("relbot.cli")
    module.main = main  # type: ignore[attr-defined]  # a stand-in for a module
    monkeypatch.setitem(sys.modules, "relbot.cli", module)


@pytest.mark.usefixtures("stand_in")
def test_all_that_a_run_says_is_caught(relbot: Run, repo: Repo) -> None:
    before = os.getcwd()  # noqa: PTH109  # what run_here changes
    result = relbot("3", input="yes\n")
    assert (result.code, result.out, result.err) == (3, f"['3'] {repo.path}\nä", "yes\n")
    assert os.getcwd() == before  # noqa: PTH109  # as above


@pytest.mark.usefixtures("stand_in")
def test_exit_codes_are_those_of_python(relbot: Run, tmp_path: Path) -> None:
    assert relbot(cwd=tmp_path).code == 0
    result = relbot("No such thing.", cwd=tmp_path)
    assert (result.code, result.err) == (1, "No such thing.\n")


@pytest.mark.skipif(importlib.util.find_spec("relbot.cli") is None, reason="there is no command line yet")
def test_both_ways_answer_alike(relbot: Run, run_relbot: Run) -> None:
    here = relbot("--version")
    assert here.code == 0
    assert run_relbot("--version") == here
