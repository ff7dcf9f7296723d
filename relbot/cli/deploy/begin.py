"""`relbot deploy begin`: a deploy is under way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from relbot.app.deploys.begin import begin_deploy
from relbot.cli.deploy.options import consent_options, with_session
from relbot.cli.exits import Exit
from relbot.cli.output import print_confirmation

if TYPE_CHECKING:
    from relbot.app.deploys.conflicts import Consent
    from relbot.app.deploys.session import Session


@click.command(name="begin", short_help="Begins a deploy.")
@click.option("--to", "target", metavar="REV", help="The target revision. Default: the configured target.")
@with_session(otherwise="")
@consent_options
def command(session: Session, target: str | None, consent: Consent) -> int:
    """Records that a deploy is under way: from now on every command in every clone speaks of it.

    `gate --before install`, `run` and the first `tick` do that by themselves. Refuses (exit code 1) if another deploy is under
    way, if something is held, or if REV is older than what runs and --rollback is missing.
    """
    of, under_way = begin_deploy(session, target, consent)
    if not under_way:
        print_confirmation(f"{session.environment} runs {of.target.commit[:12]} already. Nothing was recorded.")
        return Exit.FINE
    print_confirmation(f"A deploy of {session.environment} is under way: {of.start.commit[:12]} -> {of.target.commit[:12]}.")
    return Exit.FINE
