"""`relbot deploy log`: everything that was recorded."""

from __future__ import annotations

import click

from relbot.cli.deploy.options import Session, with_ledger
from relbot.cli.exits import Exit
from relbot.cli.output import print_text
from relbot.render.deploys import DEPLOY_FORMATS
from relbot.render.deploys.as_json import log_json
from relbot.render.deploys.text import log_text


@click.command(name="log", short_help="Lists everything that was recorded.")
@click.option("--format", "form", type=click.Choice(DEPLOY_FORMATS), default="text", show_default=True)
@with_ledger
def command(opened: Session, form: str) -> int:
    """Lists who recorded what of an environment, the earliest first."""
    entries = opened.history()
    print_text(log_json(opened.environment, entries) if form == "json" else log_text(entries))
    return Exit.FINE
