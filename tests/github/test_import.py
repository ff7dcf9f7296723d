"""PyGithub and requests take longer to import than most commands take to run."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from relbot.cli.commands import SUMMARIES
from tests.commandline import ROOT

if TYPE_CHECKING:
    from pathlib import Path

CODE = """
import sys
from relbot.cli import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
sys.exit("requests" in sys.modules or "github" in sys.modules)
"""


@pytest.mark.parametrize(
    "words",
    [["check"], ["list"], ["check", "--base", "HEAD"], ["deploy", "log", "x"], *([name, "--help"] for name in SUMMARIES)],
    ids=" ".join,
)
def test_no_command_imports_them_before_it_asks_the_net(words: list[str], tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CODE, *words], cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
