"""A terminal for relbot: a real one as far as the process can tell, whose screen a test can read."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
from pathlib import Path

import pyte

from tests.commandline import ROOT

RELBOT = (sys.executable, "-m", "relbot")
PATIENCE = 30
"""Seconds to wait for words that do not come."""


class Terminal:
    """`python -m relbot ARGS`, or another program, on a terminal, of 80 columns and 40 lines unless told otherwise."""

    def __init__(
        self, args: tuple[str, ...], cwd: Path, lines: int = 40, columns: int = 80, program: tuple[str, ...] = RELBOT
    ) -> None:
        self._screen = pyte.HistoryScreen(columns, lines, history=500)
        self._stream = pyte.ByteStream(self._screen)
        self._master, slave = pty.openpty()
        self._process = subprocess.Popen(
            [*program, *args],
            cwd=cwd,
            env=os.environ | {"PYTHONPATH": str(ROOT), "LINES": str(lines), "COLUMNS": str(columns)},
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        )
        os.close(slave)

    @property
    def screen(self) -> str:
        """What can be read now, without the blanks at the ends of lines."""
        return "\n".join(line.rstrip() for line in self._screen.display).rstrip("\n")

    def until(self, words: str) -> str:
        """The screen once these words are the last on it."""
        while not self.screen.endswith(words):
            assert self._more(), f"It ended without {words!r}:\n{self.screen}"
        return self.screen

    def until_any(self, words: tuple[str, ...]) -> str:
        """Which of these words are the last on the screen, as soon as one is; "" if it ends before."""
        while not self.screen.endswith(words):
            if not self._more():
                return ""
        return next(each for each in words if self.screen.endswith(each))

    def until_shown(self, *words: str) -> str:
        """The screen once all these words stand on it, wherever."""
        while not all(each in self.screen for each in words):
            assert self._more(), f"It ended without {words!r}:\n{self.screen}"
        return self.screen

    def type(self, text: str) -> None:
        """Types something and waits for it to show; `\\n` is the enter key, `\\x04` is Ctrl-D."""
        before = self.screen
        os.write(self._master, text.encode())
        while self.screen == before and self._more():
            pass

    def interrupt(self) -> None:
        """What a terminal does at Ctrl-C: it interrupts relbot and all that it has started.

        Not before it waits: Python overlooks what comes between its prompt and its reading, until there is something to read.
        """
        while self._is_busy():
            pass
        os.killpg(self._process.pid, signal.SIGINT)

    def _is_busy(self) -> bool:
        state = Path(f"/proc/{self._process.pid}/stat")
        return state.exists() and state.read_text().rpartition(")")[2].split()[0] == "R"

    def kill(self) -> None:
        """The window is gone, and so is the process."""
        self._process.kill()
        self._process.wait()
        os.close(self._master)

    def end(self) -> int:
        """Waits until it ends, and gives its exit code."""
        while self._more():
            pass
        os.close(self._master)
        return self._process.wait()

    def _more(self) -> bool:
        ready, _, _ = select.select([self._master], [], [], PATIENCE)
        assert ready, f"Nothing came for {PATIENCE} seconds:\n{self.screen}"
        try:
            data = os.read(self._master, 65536)
        except OSError:  # Linux's way to say that the other side is closed
            return False
        self._stream.feed(data)
        return bool(data)
