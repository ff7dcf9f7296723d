"""What the ledger of an environment says, for commands that only read it."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

from relbot.cli.deploy.opened import now
from relbot.ledger.ref import Ledger, Surroundings
from relbot.ledger.remote import find_remote
from relbot.ledger.who import who
from relbot.record.state import state

if TYPE_CHECKING:
    from relbot.cli.project import Project
    from relbot.record.state import State


def recorded(project: Project, environment: str, *, local: bool = False) -> State:
    """Where an environment stands, as everybody knows it, or with `local` as this clone does. Unknown if it cannot be read."""
    around = Surroundings(who(project.git), now, time.sleep, random.SystemRandom().random)
    ledger = Ledger(project.git, environment, None if local else find_remote(project.git, None), around)
    return state(ledger.entries() if local else ledger.synced())
