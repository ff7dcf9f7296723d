"""A git that relbot waits for, and not for ever: whatever reads what it prints has the same deadline."""

from __future__ import annotations

import io
import os
import select
import subprocess
from pathlib import Path
from shlex import quote
from typing import IO, Any, NoReturn, cast

from relbot.errors import Unknown
from relbot.git.own_files import find_waiting_object

PATIENCE = 3
"""Seconds without a word of git after which relbot looks for what git could wait for in vain."""
DEADLINE = 600
"""Seconds without a word of git, or without its end, after which it is ended. A partial clone fetches objects meanwhile."""


class SilentGit(Unknown):
    """A git did not answer in time, and was ended."""


class WaitingGit(subprocess.Popen[bytes]):
    """A git process whose output comes within DEADLINE, in whatever way it is read. SilentGit if it does not."""

    def __init__(self, words: tuple[str, ...], **options: Any) -> None:
        super().__init__(words, **options)
        self._root = Path(options["cwd"])
        stdout = cast("IO[bytes]", self.stdout)
        self.stdout = io.BufferedReader(cast("io.RawIOBase", _PatientPipe(stdout, self)))

    def __exit__(self, kind: type[BaseException] | None, *of: object) -> None:
        """As that of the standard library. Where one git waits in vain, others may do so, and are ended."""
        if kind is not None and issubclass(kind, SilentGit):
            self.terminate()
        super().__exit__(kind, *of)  # type: ignore[arg-type]  # as it came

    def communicate(self, input: bytes | None = None, timeout: float | None = None) -> tuple[bytes, bytes]:  # noqa: A002  # its name there
        """As that of the standard library."""
        if timeout is not None:
            return super().communicate(input, timeout)
        try:
            return super().communicate(input, PATIENCE)
        except subprocess.TimeoutExpired:
            self.look_around()
        try:
            return super().communicate(timeout=DEADLINE)
        except subprocess.TimeoutExpired:
            self.give_up()

    def wait(self, timeout: float | None = None) -> int:  # `communicate` gives one
        """As that of the standard library, which would sleep between looks: what has closed its output is about to end."""
        return super().wait()

    def look_around(self) -> None:
        """Ends git and raises SilentGit if there is a loose object for which it waits, or may come to wait."""
        if waiting := find_waiting_object(self._root):
            self.terminate()  # git removes its locks
            what = f"git would wait for ever for `{waiting}`, which is not a regular file."
            raise SilentGit(what, tip="Remove it, then fetch, or clone the repository again:", example=f"rm {quote(waiting)}")

    def give_up(self) -> NoReturn:
        """Ends git and raises SilentGit."""
        self.terminate()  # git removes its locks
        line = " ".join(("git", *cast("tuple[str, ...]", self.args)[5:11]))
        what = f"`{line}` said nothing for {DEADLINE} s, and was ended."
        raise SilentGit(what, tip="Try the command yourself. Perhaps a disk or the network does not answer.")


class _PatientPipe(io.RawIOBase):
    """What a git prints. Each read waits for it no longer than the git may take."""

    def __init__(self, pipe: IO[bytes], git: WaitingGit) -> None:
        self._pipe, self._git = pipe, git
        self._poll = select.poll()
        self._poll.register(pipe, select.POLLIN)

    def readable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._pipe.fileno()

    def readinto(self, buffer: Any) -> int:
        if not self._poll.poll(PATIENCE * 1_000):
            self._git.look_around()
            if not self._poll.poll(DEADLINE * 1_000):
                self._git.give_up()
        return os.readv(self.fileno(), [buffer])

    def close(self) -> None:
        self._pipe.close()
        super().close()
