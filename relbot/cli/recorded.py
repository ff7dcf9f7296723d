"""What the ledger of an environment says, for commands that only read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.cli.deploy.opened import open_ledger
from relbot.record.state import state

if TYPE_CHECKING:
    from relbot.cli.project import Project
    from relbot.record.state import State


def recorded(project: Project, environment: str, *, local: bool = False) -> State:
    """Where an environment stands, as everybody knows it, or with `local` as this clone does. Unknown if it cannot be read."""
    ledger = open_ledger(project.git, environment, local=local)
    return state(ledger.entries() if local else ledger.synced())


def running(now: State) -> str:
    """The commit that runs: where the deploy under way began, else what was done last; "" if neither was ever recorded."""
    if now.deploy:
        return now.deploy.start
    return now.running.deed.target if now.running else ""
