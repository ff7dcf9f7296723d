"""`relbot deploy lock`: keeps others from deploying for a while."""

from __future__ import annotations

from datetime import timedelta

import click

from relbot.cli.deploy.options import Session, with_ledger
from relbot.cli.exits import Exit
from relbot.cli.output import print_line
from relbot.deploy.log.record import Deed, DeedKind, Record
from relbot.deploy.log.state import replay_records
from relbot.errors import UsageError
from relbot.fragment.steps import parse_duration
from relbot.render.common.units import format_time


@click.command(name="lock", short_help="Keeps others from deploying for a while.")
@click.option("--reason", required=True, metavar="TEXT", help="Why; others are told.")
@click.option(
    "--for", "length", required=True, metavar="DURATION", help="For how long, such as 30m or 2h. Then it ends by itself."
)
@with_ledger
def command(opened: Session, reason: str, length: str) -> int:
    """Locks an environment: `run` and `gate` refuse to go on for anybody else.

    Refuses (exit code 1) if somebody else holds the lock; if you do, its end and reason are set anew.
    """
    if not reason.strip():
        raise UsageError("The reason is empty.", tip="Say in a few words why; whoever wants to deploy reads it.")
    if opened.cut_off:
        raise UsageError("A lock that nobody else sees locks nothing.", tip="Leave --local away.")
    end = opened.ledger.around.now() + timedelta(seconds=_seconds(length))

    def decide(entries: tuple[Record, ...]) -> Deed:
        opened.respect(replay_records(entries))
        return Deed(DeedKind.LOCKED, reason=reason.strip(), until=end)

    opened.ledger.claim(decide)
    print_line(f"{opened.environment} is locked until {format_time(end)}.")
    return Exit.FINE


def _seconds(length: str) -> int:
    try:
        found = parse_duration(length)
        timedelta(seconds=found)
    except (ValueError, OverflowError):
        found = 0
    if not 0 < found <= 366 * 86400:
        raise UsageError(f"`{length}` is no time for a lock.", tip="Allowed: up to a year.", example="--for 2h")
    return found
