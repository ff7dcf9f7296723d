"""`relbot deploy unlock`: takes the lock away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from relbot.app.deploys.write_down import unlock_environment
from relbot.cli.deploy.options import with_session
from relbot.cli.exits import Exit

if TYPE_CHECKING:
    from relbot.app.deploys.session import Session


@click.command(name="unlock", short_help="Removes the lock.")
@click.option("--force", is_flag=True, help="Even if another person holds it. relbot records that you did.")
@with_session(otherwise="")
def command(session: Session, force: bool) -> int:
    """Unlocks an environment. Says nothing if it is not locked; refuses (exit code 1) if another person holds the lock."""
    unlock_environment(session, force=force)
    return Exit.FINE
