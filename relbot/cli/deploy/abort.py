"""`relbot deploy abort`: a deploy is given up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from relbot.app.deploys.finish import abort_deploy
from relbot.cli.deploy.options import with_session
from relbot.cli.exits import Exit
from relbot.cli.output import print_confirmation

if TYPE_CHECKING:
    from relbot.app.deploys.session import Session


@click.command(name="abort", short_help="Aborts a deploy.")
@click.option("--reason", metavar="TEXT", default="", help="The reason. All who deploy see it.")
@with_session(otherwise="")
def command(session: Session, reason: str) -> int:
    """Records that the deploy under way is given up: what ran before goes on running.

    Refuses (exit code 1) while a step that was done is neither undone nor overruled. `relbot checklist ENV --to REV` with the
    revision that ran before shows how to undo what was done.
    """
    deed = abort_deploy(session, reason)
    print_confirmation(f"The deploy of {session.environment} to {deed.target[:12]} is aborted. {deed.start[:12]} runs.")
    return Exit.FINE
