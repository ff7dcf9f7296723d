"""How long a command waits for what somebody else does, and how often it asks again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from relbot.ledger.store import Surroundings

_PAUSE = 5.0
"""Seconds between two questions."""


class Deadline:
    """The end of a wait of `seconds`, in pauses of five seconds, by the clock of a ledger."""

    def __init__(self, around: Surroundings, seconds: float) -> None:
        self._around = around
        self._end = around.now() + timedelta(seconds=seconds)
        self._left = seconds

    def pause(self) -> bool:
        """Waits until it is time to ask again, and gives True; without a wait False if the time is over."""
        if self._left <= 0:
            return False
        self._around.pause(min(_PAUSE, self._left))
        # A clock that is set back does not make it longer.
        self._left = min(self._left - _PAUSE, (self._end - self._around.now()).total_seconds())
        return True
