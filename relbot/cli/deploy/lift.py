"""`relbot deploy lift`: a revision that was rolled back may be deployed again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from relbot.app.deploys.write_down import lift_hold
from relbot.cli.deploy.options import with_session
from relbot.cli.exits import Exit
from relbot.cli.output import print_confirmation

if TYPE_CHECKING:
    from relbot.app.deploys.session import Session


@click.command(name="lift", short_help="Allows the deploy of a revision that was rolled back.")
@click.option("--reason", required=True, metavar="TEXT", help="The reason. All who deploy see it.")
@with_session("revision")
def command(session: Session, revision: str, reason: str) -> int:
    """Allows a revision again. A rollback holds the revision that it left, and whatever contains it, until it is reverted.

    Refuses (exit code 1) if REVISION is not held.
    """
    deed = lift_hold(session, revision, reason)
    print_confirmation(f"{deed.what[:12]} may be deployed to {session.environment} again.")
    return Exit.FINE
