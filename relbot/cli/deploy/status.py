"""`relbot deploy status`: what runs, what is under way, what is open."""

from __future__ import annotations

import click

from relbot.app.deploys.environment_state import deferred_steps, deploy_progress
from relbot.cli.deploy.options import Session, with_ledger
from relbot.cli.exits import Exit
from relbot.cli.output import print_text
from relbot.deploy.log.state import replay_records
from relbot.fragment.model import Phase
from relbot.render.deploys import DEPLOY_FORMATS
from relbot.render.deploys.as_json import status_json
from relbot.render.deploys.deploy_status import DeployStatus
from relbot.render.deploys.text import status_text


@click.command(name="status", short_help="Shows what runs, what is under way and what is open.")
@click.option("--format", "form", type=click.Choice(DEPLOY_FORMATS), default="text", show_default=True)
@with_ledger
def command(opened: Session, form: str) -> int:
    """Shows what runs on an environment and since when, the steps of the deploy under way, and who holds the lock.

    Exit code 1 if a step of the deploy under way is open or something is in its way, 3 if the ledger cannot be read.
    """
    now = replay_records(opened.known())
    under_way = deploy_progress(opened.project, opened.environment, now, now.deploy) if now.deploy else None
    later = deferred_steps(opened.project, opened.environment, now)
    lock = now.holder(opened.ledger.around.now())
    status = DeployStatus(opened.environment, now, under_way, later, lock, opened.ledger.unpublished())
    print_text(status_json(status) if form == "json" else status_text(status))
    if under_way and (under_way.plan.blocked or under_way.unsettled(Phase.LATER) or under_way.orphaned_ticks):
        return Exit.OPEN
    return Exit.FINE
