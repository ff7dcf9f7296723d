"""`relbot deploy adopt`: which revision runs, before relbot knows anything or after somebody deployed without it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from relbot.app.deploys.finish import adopt_revision
from relbot.cli.deploy.options import with_session
from relbot.cli.exits import Exit
from relbot.cli.output import print_confirmation

if TYPE_CHECKING:
    from relbot.app.deploys.session import Session


@click.command(name="adopt", short_help="Records which revision runs.")
@click.option("--at", "revision", required=True, metavar="REV", help="What runs.")
@click.option("--reason", metavar="TEXT", default="", help="The reason. All who deploy see it.")
@with_session(otherwise="")
def command(session: Session, revision: str, reason: str) -> int:
    """Records that REV runs: the first record of an environment, or after a deploy that passed by relbot.

    Every step up to REV counts as done. Refuses (exit code 1) while a deploy is under way.
    """
    deed = adopt_revision(session, revision, reason)
    left = ", ".join(session.state().deferred)
    but = f", except what was left open: {left}" if left else ""
    print_confirmation(f"{session.environment} runs {deed.target[:12]}. Every step up to it counts as done{but}.")
    return Exit.FINE
