"""`relbot deploy log`: everything that was recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from relbot.app.deploys.show import list_records
from relbot.cli.deploy.options import with_session
from relbot.cli.exits import Exit
from relbot.cli.output import print_rendered
from relbot.deploy.answers import RecordedLog
from relbot.render.deploys.formats import LOG_FORMATS

if TYPE_CHECKING:
    from relbot.app.deploys.session import Session


@click.command(name="log", short_help="Lists everything that was recorded.")
@click.option("--format", "form", type=click.Choice(LOG_FORMATS.names), default="text", show_default=True)
@with_session()
def command(session: Session, form: str) -> int:
    """Lists who recorded what of an environment, the earliest first."""
    records = list_records(session)
    print_rendered(LOG_FORMATS.render(RecordedLog(session.environment, tuple(records)), form))
    return Exit.FINE
