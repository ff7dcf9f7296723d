"""`relbot deploy lift`: a revision that was rolled back may be deployed again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from relbot.app.deploys.write_down import record_lift
from relbot.cli.deploy.options import with_session
from relbot.cli.exits import Exit
from relbot.cli.output import print_confirmation

if TYPE_CHECKING:
    from relbot.app.deploys.session import Session


@click.command(name="lift", short_help="Ends a hold or a notice, or clears a stray record.")
@click.option("--reason", required=True, metavar="TEXT", help="The reason. All who deploy see it.")
@with_session("what")
def command(session: Session, what: str, reason: str) -> int:
    """Ends what keeps others from deploying, or what they are shown. WHAT is a revision, note:HASH or stray:HASH.

    A rollback holds the revision that it left, and whatever contains it, until it is reverted or you lift it. A notice is shown
    until its end. A record that belongs to no deploy closes every gate until you have looked into it. `relbot deploy status`
    names the hash. Refuses (exit code 1) if there is no such thing.
    """
    deed = record_lift(session, what, reason)
    if ":" in deed.what:
        print_confirmation(f"{what} is no longer shown for {session.environment}.")
    else:
        print_confirmation(f"{deed.what[:12]} may be deployed to {session.environment} again.")
    return Exit.FINE
