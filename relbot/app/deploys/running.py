"""Learns which revision an environment runs, for use cases that need nothing else of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.app.deploys.resolve_range import resolve_start
from relbot.app.deploys.session import SessionRequest, open_session

if TYPE_CHECKING:
    from relbot.app.project import Project
    from relbot.ledger.store import Surroundings


def running_commit(project: Project, environment: str, around: Surroundings) -> str:
    """The full id of the commit that runs in the environment of that name. Unknown if it cannot be learned."""
    session = open_session(project, SessionRequest(environment), around)
    return resolve_start(session, session.state())[0]
