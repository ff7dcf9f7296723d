"""`relbot deploy note`: a notice for everybody who deploys."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from relbot.app.deploys.write_down import note_for_operators
from relbot.cli.deploy.options import with_session
from relbot.cli.exits import Exit
from relbot.cli.output import print_confirmation
from relbot.errors import UsageError
from relbot.render.common.units import format_time

if TYPE_CHECKING:
    from relbot.app.deploys.session import Session


@click.command(name="note", short_help="Leaves a notice for all who deploy.")
@click.option("--until", metavar="TIME", help="When it ends: YYYY-MM-DD or YYYY-MM-DDTHH:MM, in UTC. Default: never.")
@with_session("text")
def command(session: Session, text: str, until: str | None) -> int:
    """Leaves TEXT in MOTD, status and every checklist of the environment, such as "hot-patched x.rb"."""
    deed = note_for_operators(session, text, _parse_time(until) if until is not None else None)
    end = f" until {format_time(deed.until)}" if deed.until else ""
    print_confirmation(f"The notice is recorded for {session.environment}{end}.")
    return Exit.FINE


def _parse_time(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        tip = "Allowed: YYYY-MM-DD or YYYY-MM-DDTHH:MM, in UTC."
        raise UsageError(f"`{text}` is not a time.", tip=tip, example="--until 2018-08-16T12:00") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
