"""`relbot deploy done`: the target runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from relbot.app.deploys.finish import finish_deploy
from relbot.cli.deploy.options import consent_options, with_session
from relbot.cli.exits import Exit
from relbot.cli.output import print_confirmation, print_line, print_text
from relbot.render.deploys.commands import tick_command
from relbot.render.deploys.record_lines import inert_lines, overruled_line

if TYPE_CHECKING:
    from relbot.app.deploys.conflicts import Consent
    from relbot.app.deploys.session import Session


@click.command(name="done", short_help="Records that a deploy is done.")
@click.option("--to", "target", metavar="REV", help="The revision that runs now. Default: the target of the deploy under way.")
@click.option(
    "--anyway",
    metavar="REASON",
    default="",
    help="End the deploy although steps are open or something is held. The value is the reason.",
)
@with_session(otherwise="")
@consent_options
def command(session: Session, target: str | None, anyway: str, consent: Consent) -> int:
    """Records that the deploy under way is done: from now on its target is what runs.

    Refuses (exit code 1) while a step before the phase `later` is open. With --anyway open steps are left for later, and
    everybody sees them. A second time it records nothing.
    """
    deed = finish_deploy(session, target, anyway, consent)
    if deed is None:
        print_confirmation(f"{session.environment} already runs it. Nothing was recorded.")
        return Exit.FINE
    print_confirmation(f"{session.environment} runs {deed.target[:12]}.")
    ended = session.state().ended
    for record in ended.overruled.values() if ended else ():
        print_text(inert_lines([overruled_line(record)]))
    for step in deed.deferred:
        again = tick_command(session.environment, step)
        print_line(f"Left for later: {step}. When it is done: {again}")
    return Exit.FINE
