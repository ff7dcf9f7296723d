"""`relbot deploy verify`: whether the ledger is whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from relbot.app.deploys.verify import verify_ledger, vouch_for_records
from relbot.cli.deploy.options import with_session
from relbot.cli.exits import Exit
from relbot.cli.output import print_rendered
from relbot.errors import UsageError
from relbot.render.deploys.formats import PROOF_FORMATS

if TYPE_CHECKING:
    from relbot.app.deploys.session import Session


@click.command(name="verify", short_help="Checks that no record is missing.")
@click.option("--vouch", "hashes", multiple=True, metavar="HASH", help="Vouch for this gap in writing. Needs --reason.")
@click.option("--reason", metavar="TEXT", help="The reason. All who deploy see it.")
@click.option("--format", "form", type=click.Choice(PROOF_FORMATS.names), default="text", show_default=True)
@with_session()
def command(session: Session, hashes: tuple[str, ...], reason: str | None, form: str) -> int:
    """Checks that every known record is there, is unchanged, and comes from a person who may write.

    Exit code 0 if the ledger is whole, 3 if a record is missing or does not count. Every other command then has exit code 3,
    too, until you vouch for the record: with --vouch and --reason you say in writing that you know its content. If the record is
    there, it counts from then on. If it is missing, relbot continues without it.
    """
    if bool(hashes) != (reason is not None):
        raise UsageError(
            "`--vouch` and `--reason` belong together.", tip="Name the record that you vouch for, and give the reason."
        )
    proof = vouch_for_records(session, hashes, reason or "") if hashes else verify_ledger(session)
    print_rendered(PROOF_FORMATS.render(proof, form))
    return Exit.FINE if proof.whole else Exit.UNKNOWN
