"""`relbot deploy gate`: whether a deploy may go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from relbot.app.deploys.break_glass import ask_unverified
from relbot.app.deploys.gate import POINTS, GateRequest, wait_for_gate
from relbot.cli.deploy.options import WAIT, consent_options, with_session
from relbot.cli.exits import Exit
from relbot.cli.output import print_rendered
from relbot.errors import UsageError
from relbot.fragment.model import PHASES
from relbot.render.deploys.formats import GATE_FORMATS

if TYPE_CHECKING:
    from relbot.app.deploys.conflicts import Consent
    from relbot.app.deploys.session import Session


@click.command(name="gate", short_help="Tells a script whether a deploy may continue.")
@click.option("--before", "point", type=click.Choice(tuple(POINTS)), help="What the deploy does next. Default: done.")
@click.option("--phase", type=click.Choice([phase.value for phase in PHASES]), help="The phase that begins next.")
@click.option("--to", "target", metavar="REV", help="The target revision. Default: that of the deploy under way.")
@click.option("--look", is_flag=True, help="Record nothing. Exit code 3 where it would be 0.")
@click.option("--wait", type=WAIT, default=0, metavar="SECONDS", help="How long to wait for an open gate.")
@click.option(
    "--unverified", is_flag=True, default=None, help="Continue although relbot cannot reach the ledger. Needs --reason."
)
@click.option("--record", "record_file", metavar="FILE", help="With --unverified: keep the record in FILE.")
@click.option("--format", "form", type=click.Choice(GATE_FORMATS.names), default="text", show_default=True)
@with_session(otherwise="If you have to deploy all the same, `--unverified --reason WHY` opens the gate, in writing.")
@consent_options
def command(
    session: Session,
    point: str | None,
    phase: str | None,
    target: str | None,
    look: bool,
    wait: int,
    unverified: bool | None,
    record_file: str | None,
    form: str,
    consent: Consent,
) -> int:
    """Exit code 0 only if every step before that point is done or skipped, and nothing is held or faulty. 1 if not, 3 if unknown.

    A deploy script calls it with `--before install`, with `--before restart`, and with `--before done`. The first is the same
    as `--phase before-restart`, whose steps are done once the new code is on disk; the second asks for all that comes before
    the restarts, `--phase after-restart` for the restarts, too. With exit code 0 the deploy is begun, unless it was: everybody
    else who asks for another revision gets 1.

    Break glass: with --unverified the gate is open if the ledger cannot be reached. That is recorded in this clone, or in FILE
    (see `relbot deploy import-record`), and shown to everybody from the next record on.
    """
    if point and phase:
        raise UsageError("`--before` and `--phase` exclude each other.", tip="Use one of them.")
    request = GateRequest(point or phase or "done", target, consent, look)
    gate = ask_unverified(session, request, record_file) if unverified else wait_for_gate(session, request, wait)
    print_rendered(GATE_FORMATS.render(gate, form))
    if not gate.may_go_on:
        return Exit.OPEN
    return Exit.UNKNOWN if gate.looked else Exit.FINE
