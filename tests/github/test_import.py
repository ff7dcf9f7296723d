"""PyGithub and requests take longer to import than most commands take to run."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from relbot.cli.commands import SUMMARIES
from tests.commandline import ROOT

if TYPE_CHECKING:
    from pathlib import Path

CODE = """
import sys
from relbot.cli import main
for line in sys.stdin:
    try:
        main(line.split())
    except SystemExit:
        pass
    if "requests" in sys.modules or "github" in sys.modules:
        sys.exit(line)
"""


def test_no_command_imports_them_before_it_asks_the_net(tmp_path: Path) -> None:
    lines = ["check", "list", "check --base HEAD", "deploy log x", *(f"{name} --help" for name in SUMMARIES)]
    done = subprocess.run(
        [sys.executable, "-c", CODE],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        input="\n".join(lines),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
