"""`relbot deploy import-record`: publishes a record that was kept in a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from relbot.app.deploys.break_glass import import_records
from relbot.cli.deploy.options import with_session
from relbot.cli.exits import Exit
from relbot.cli.output import print_confirmation

if TYPE_CHECKING:
    from relbot.app.deploys.session import Session


@click.command(name="import-record", short_help="Publishes a record that was kept in a file.")
@with_session("file")
def command(session: Session, file: str) -> int:
    """Records what `relbot deploy gate --unverified --record FILE` has kept in FILE, with who it was and when.

    A second time it records nothing.
    """
    deeds = import_records(session, Path(file))
    if deeds:
        print_confirmation(f"Recorded for {session.environment}: {len(deeds)}.")
    else:
        print_confirmation(f"Everything in {file} is recorded for {session.environment} already.")
    return Exit.FINE
