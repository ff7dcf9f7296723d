"""What `deploy status` and `deploy gate` show, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from relbot.deploy.log.progress import DeferredStep, Progress, StepStatus
    from relbot.deploy.log.record import Record
    from relbot.deploy.log.state import EnvironmentState


@dataclass(frozen=True, slots=True)
class DeployStatus:
    """An environment: its state, how far the deploy under way is, what is left of earlier ones, the lock that holds.

    `unpublished` tells that this clone knows something that others do not.
    """

    environment: str
    state: EnvironmentState
    progress: Progress | None
    left: tuple[DeferredStep, ...]
    lock: Record | None
    unpublished: bool


@dataclass(frozen=True, slots=True)
class GateAnswer:
    """Whether a deploy may go on: `obstacles` speak against all of it, `unsettled` and `orphaned_ticks` against this point."""

    environment: str
    start: str
    target: str
    before: str
    obstacles: tuple[str, ...]
    unsettled: tuple[StepStatus, ...]
    orphaned_ticks: tuple[Record, ...]
    lock: Record | None

    @property
    def may_go_on(self) -> bool:
        """Whether nothing at all speaks against it."""
        return not (self.obstacles or self.unsettled or self.orphaned_ticks or self.lock)
