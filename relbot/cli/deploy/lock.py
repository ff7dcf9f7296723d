"""`relbot deploy lock`: keeps others from deploying for a while."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import click

from relbot.app.deploys.write_down import lock_environment
from relbot.cli.deploy.options import WAIT, with_session
from relbot.cli.exits import Exit
from relbot.cli.output import print_confirmation
from relbot.errors import UsageError
from relbot.fragment.steps import parse_duration
from relbot.render.common.units import format_time

if TYPE_CHECKING:
    from relbot.app.deploys.session import Session


@click.command(name="lock", short_help="Locks an environment for a while.")
@click.option("--reason", required=True, metavar="TEXT", help="The reason. All who deploy see it.")
@click.option("--for", "length", required=True, metavar="DURATION", help="The duration, such as 30m or 2h.")
@click.option("--wait", type=WAIT, default=0, metavar="SECONDS", help="How long to wait for another person's lock.")
@with_session(otherwise="")
def command(session: Session, reason: str, length: str, wait: int) -> int:
    """Locks an environment: every command that records, and every gate, refuses to go on for anybody else.

    Refuses (exit code 1) if another person holds the lock; if you do, its end and reason are set anew.
    """
    deed = lock_environment(session, reason, _parse_length(length), wait)
    assert deed.until is not None
    print_confirmation(f"{session.environment} is locked until {format_time(deed.until)}.")
    return Exit.FINE


def _parse_length(length: str) -> timedelta:
    try:
        found = timedelta(seconds=parse_duration(length))
    except (ValueError, OverflowError):
        found = timedelta()
    if not timedelta() < found <= timedelta(days=366):
        raise UsageError(
            f"`{length}` is not a valid lock duration. Use for example `30m` or `2h`.",
            tip="Allowed: up to a year.",
            example="--for 2h",
        )
    return found
