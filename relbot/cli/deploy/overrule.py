"""`relbot deploy overrule`: something does not keep a deploy from going on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from relbot.app.deploys.write_down import OVERRULABLE, overrule
from relbot.cli.deploy.options import with_session
from relbot.cli.exits import Exit
from relbot.cli.output import print_confirmation

if TYPE_CHECKING:
    from relbot.app.deploys.session import Session


@click.command(
    name="overrule",
    short_help="Overrules a hold, a split or a step, with a reason.",
    help=f"""Sets WHAT aside for one deploy, in writing. It is shown in log, status, MOTD and checklist.

    WHAT is one of {OVERRULABLE}. A closed gate names it. `phase:ID>PHASE` says when a step is done whose author did not say so.
    """,
)
@click.option("--to", "target", metavar="REV", help="The target of the deploy. Default: that of the deploy under way.")
@click.option("--reason", required=True, metavar="TEXT", help="The reason. All who deploy see it.")
@with_session("what")
def command(session: Session, what: str, target: str | None, reason: str) -> int:
    """Sets something aside for one deploy."""
    deed = overrule(session, what, target, reason)
    print_confirmation(f"Overruled for the deploy of {session.environment} to {deed.target[:12]}: {deed.what}")
    return Exit.FINE
