"""`relbot deploy tick`: records one step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from relbot.app.deploys.record_step import StepRequest, record_step
from relbot.cli.deploy.options import consent_options, with_session
from relbot.cli.exits import Exit
from relbot.cli.output import print_confirmation, print_line
from relbot.deploy.log.record import DeedKind
from relbot.errors import UsageError
from relbot.render.deploys.commands import tick_command

if TYPE_CHECKING:
    from relbot.app.deploys.conflicts import Consent
    from relbot.app.deploys.session import Session


@click.command(name="tick", short_help="Records one step, from a script.")
@click.option("--skip", metavar="REASON", help="Record it as skipped: it need not be done.")
@click.option("--failed", metavar="REASON", help="Record it as failed.")
@click.option("--undone", is_flag=True, help="Record that it was undone.")
@click.option("--mistaken", metavar="REASON", help="Take back the last record of it, which was a mistake.")
@click.option("--started", is_flag=True, help="Record that you have started it. The step stays open.")
@click.option("--host", metavar="NAME", default="", help="The host, if the step runs on several.")
@click.option("--to", "target", metavar="REV", help="Begin the deploy to this revision if none is under way.")
@with_session("step")
@consent_options
def command(
    session: Session,
    step: str,
    skip: str | None,
    failed: str | None,
    undone: bool,
    mistaken: str | None,
    started: bool,
    host: str,
    target: str | None,
    consent: Consent,
) -> int:
    """Records that STEP of the deploy under way was done, or skipped, failed, undone, started, or recorded by mistake.

    `relbot deploy status ENV` lists the ids of its steps. A step that was left for later is recorded like any other.
    """
    kind, reason = _parse_result(skip, failed, mistaken, undone=undone, started=started)
    deed = record_step(session, StepRequest(step, kind, reason or consent.reason, host, target, consent))
    where = f" on {host}" if host else ""
    print_confirmation(f"{step}: {kind}{where}")
    for restart in deed.deferred:
        print_line(f"Open again: {restart}. When it is done: {tick_command(session.environment, restart)}")
    return Exit.FINE


def _parse_result(
    skip: str | None, failed: str | None, mistaken: str | None, *, undone: bool, started: bool
) -> tuple[DeedKind, str]:
    """What the options say happened, and why. UsageError if they contradict each other or give an empty reason."""
    reasons = {DeedKind.SKIPPED: skip, DeedKind.FAILED: failed, DeedKind.MISTAKEN: mistaken}
    flags = {DeedKind.UNDONE: undone, DeedKind.STARTED: started}
    said = [*(kind for kind, reason in reasons.items() if reason is not None), *(kind for kind, flag in flags.items() if flag)]
    if len(said) > 1:
        raise UsageError(f"`--{said[0]}` and `--{said[1]}` exclude each other.", tip="Use one of the options.")
    kind = said[0] if said else DeedKind.DONE
    reason = reasons.get(kind)
    if reason is not None and not reason.strip():
        raise UsageError("The reason is empty.", tip="Give the reason in a few words, for the next person who deploys.")
    return kind, (reason or "").strip()
