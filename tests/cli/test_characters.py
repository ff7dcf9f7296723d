"""relbot where the output has other characters than the fragments."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.cli.fragments import fragment
from tests.commandline import ROOT

if TYPE_CHECKING:
    from tests.repository import Repo


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_an_output_that_lacks_characters_shows_everything_else_and_says_so(repo: Repo, form: str) -> None:
    repo.write("relbot.toml", "")
    repo.commit("Begin")
    repo.write("changes/greet.md", fragment("fixed", "Grüße – und ⛔.", "deploy:", "  - phase: later", "    run: echo ✓"))
    repo.commit("Greet")
    said = subprocess.run(
        [sys.executable, "-m", "relbot", "checklist", "--from", "HEAD~1", "--format", form],
        cwd=repo.path,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"},
        capture_output=True,
        check=False,
    )
    assert said.returncode == 0, "a step for later keeps no deploy open"
    assert b"echo \\u2713" in said.stdout
    assert "Grüße".encode("latin-1") in said.stdout
    assert b"U+2713" in said.stderr
    assert b"PYTHONUTF8=1" in said.stderr
