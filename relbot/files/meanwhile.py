"""Has a second process find paths, while this one goes on: what the rest of the work does not wait for."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, NoReturn, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_END = b"\0\0"
"""Ends what a process says that came to its end: no path is empty."""


class Meanwhile:
    """The paths that `find` finds in a process of its own, which works since this was entered, and is ended when it is left.

    That process is a copy of this one (`fork`), so it begins at once, and what it changes is not seen here. Where there are no
    such copies, or other threads run that might hold a lock in it for ever, nothing is found.
    """

    def __init__(self, find: Callable[[], Iterable[str]]) -> None:
        self._find = find
        self._process: int | None = None
        self._from = -1

    def __enter__(self) -> Self:
        threading = sys.modules.get("threading")
        if sys.platform == "linux" and (threading is None or threading.active_count() == 1):
            with suppress(OSError):
                self._begin()
        return self

    def _begin(self) -> None:
        self._from, to = os.pipe()
        try:
            self._process = os.fork()
        except OSError:
            os.close(self._from)
            os.close(to)
            raise
        if self._process == 0:
            os.close(self._from)  # whoever holds an end for reading would wait for itself, once the other one is gone
            _say(self._find, to)
        os.close(to)

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        """Ends the process, if it has not ended: nobody needs what it would find."""
        process, self._process = self._process, None
        if process is None:
            return
        os.close(self._from)
        with suppress(OSError):
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)

    def found(self) -> frozenset[str] | None:
        """What it has found, when it has ended; None if it came to no end. To be asked for once."""
        if self._process is None:
            return None
        said = b"".join(iter(lambda: os.read(self._from, 1 << 16), b""))
        if not said.endswith(_END):
            return None
        return frozenset(os.fsdecode(path) for path in said.removesuffix(_END).split(b"\0") if path)


def _say(find: Callable[[], Iterable[str]], to: int) -> NoReturn:
    """What the second process does. It never returns: the rest of the program is not its business."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started it ends it
        said = b"\0".join(map(os.fsencode, find())) + _END
        while said:
            said = said[os.write(to, said) :]
    finally:
        os._exit(0)
