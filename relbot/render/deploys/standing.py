"""What `deploy status` and `deploy gate` show, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from relbot.deploy.log.entry import Entry
    from relbot.deploy.log.progress import Left, Progress, Standing
    from relbot.deploy.log.state import State


@dataclass(frozen=True, slots=True)
class Status:
    """An environment: its state, how far the deploy under way is, what is left of earlier ones, the lock that holds.

    `unpublished` tells that this clone knows something that others do not.
    """

    environment: str
    state: State
    progress: Progress | None
    left: tuple[Left, ...]
    lock: Entry | None
    unpublished: bool


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether a deploy may go on: `obstacles` speak against all of it, `unsettled` and `astray` against this point."""

    environment: str
    start: str
    target: str
    before: str
    obstacles: tuple[str, ...]
    unsettled: tuple[Standing, ...]
    astray: tuple[Entry, ...]
    lock: Entry | None

    @property
    def may_go_on(self) -> bool:
        """Whether nothing at all speaks against it."""
        return not (self.obstacles or self.unsettled or self.astray or self.lock)
