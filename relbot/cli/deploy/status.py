"""`relbot deploy status`: what runs, what is under way, what is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from relbot.app.deploys.show import show_status
from relbot.cli.deploy.options import with_session
from relbot.cli.exits import answer_exit
from relbot.cli.output import print_rendered
from relbot.render.deploys.formats import STATUS_FORMATS

if TYPE_CHECKING:
    from relbot.app.deploys.session import Session


@click.command(name="status", short_help="Shows what runs, what is under way and what is open.")
@click.option("--format", "form", type=click.Choice(STATUS_FORMATS.names), default="text", show_default=True)
@with_session()
def command(session: Session, form: str) -> int:
    """Shows what runs on an environment and since when, the steps of the deploy under way, and who holds the lock.

    Exit code 1 if a step of the deploy under way is open, if an earlier one left a step open that could not wait, or if
    something is in the way; 3 if that cannot be told.
    """
    status = show_status(session)
    print_rendered(STATUS_FORMATS.render(status, form))
    return answer_exit(is_open=not status.settled, unclear=status.unclear)
