"""The recipes of docs/how-to/gates.md, and where they run: with a gate that answers as told, and tools that remember calls."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs/how-to/gates.md"
GATE = """#!/bin/sh
echo "gate $*" >> "$CALLED"
case "$*" in *"--to $REV --before install" | *"--to $REV --before restart") exit "$(cat "$GATES/${*##* }")";; esac
exit 2
"""
"""What stands in for relbot. It knows one revision, so a recipe that names none is stopped."""
TOOL = '#!/bin/sh\necho "$(basename "$0") $*" >> "$CALLED"\n'
REV = "1" * 40


def recipe(name: str) -> str:
    """The block of the page that is marked as the recipe of that name."""
    found = re.search(rf"<!-- recipe: {re.escape(name)} -->\n\n```\w+\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert found, name
    return found[1]


class Gated:
    """A folder with programs of its own in front of those of the machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rev = REV
        self.bin = folder / "bin"
        self.bin.mkdir()
        self._log = folder / "called"
        self.program("relbot", GATE)
        self.answer(install=0, restart=0)

    def program(self, name: str, text: str = TOOL) -> Path:
        """Writes a program that is found before all others. Without a text it only remembers that it was called."""
        path = self.bin / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o755)
        return path

    def answer(self, *, install: int, restart: int) -> None:
        """Sets the exit codes of the gates."""
        (self.folder / "install").write_text(str(install))
        (self.folder / "restart").write_text(str(restart))

    def run(self, *words: str | Path, cwd: Path | None = None, **environment: str) -> tuple[int, str]:
        """The exit code of a command, and what it printed."""
        mine = {"PATH": f"{self.bin}:{os.environ['PATH']}", **self.told}
        done = subprocess.run(
            words,
            cwd=cwd or self.folder,
            env={**os.environ, "HOME": str(self.folder), **mine, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        return done.returncode, done.stdout

    @property
    def told(self) -> dict[str, str]:
        """The environment variables that the programs read."""
        return {"CALLED": str(self._log), "GATES": str(self.folder), "REV": self.rev}

    def called(self) -> list[str]:
        """What was called since the last time, in order; a gate as `gate install` or `gate restart`."""
        lines = self._log.read_text("utf-8").splitlines() if self._log.exists() else []
        self._log.write_text("")
        return [re.sub(r"^gate .*--before (\w+)$", r"gate \1", line) for line in lines]
