"""`relbot deploy unlock`: takes the lock away."""

from __future__ import annotations

import click

from relbot.cli.deploy.options import Session, with_ledger
from relbot.cli.exits import Exit
from relbot.deploy.log.record import Deed, DeedKind, Record
from relbot.deploy.log.state import replay_records
from relbot.errors import UsageError


@click.command(name="unlock", short_help="Takes the lock away.")
@click.option("--force", is_flag=True, help="Although somebody else holds it. It is recorded that you did.")
@with_ledger
def command(opened: Session, force: bool) -> int:
    """Unlocks an environment. Says nothing if it is not locked; refuses (exit code 1) if somebody else holds the lock."""
    if opened.cut_off:
        raise UsageError("Others would go on seeing the lock.", tip="Leave --local away.")

    def decide(entries: tuple[Record, ...]) -> Deed | None:
        now = replay_records(entries)
        if not now.holder(opened.ledger.around.now()):
            return None
        if not force:
            opened.respect(now)
        return Deed(DeedKind.UNLOCKED)

    opened.ledger.claim(decide)
    return Exit.FINE
