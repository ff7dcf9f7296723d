"""`relbot deploy run`: walks through the steps of a deploy."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING, assert_never

import click

from relbot.app.deploys.begin import begin_deploy, obstacles_refused, runs_already
from relbot.app.deploys.conflicts import find_conflicts, find_direction, require_lock_free
from relbot.app.deploys.evaluate import evaluate_deploy
from relbot.app.deploys.finish import finish_deploy
from relbot.app.deploys.resolve_range import resolve_range
from relbot.app.deploys.show import make_status
from relbot.cli.deploy.options import consent_options, with_session
from relbot.cli.deploy.walkthrough import Outcome, Walkthrough
from relbot.cli.exits import Exit, answer_exit
from relbot.cli.output import ask_confirmation, ask_text, print_line
from relbot.deploy.log.record import Direction
from relbot.errors import UsageError
from relbot.render.deploys.run_screen import run_header
from relbot.render.deploys.text import left_line, stray_sentence

if TYPE_CHECKING:
    from relbot.app.deploys.conflicts import Consent
    from relbot.app.deploys.resolve_range import DeployRange
    from relbot.app.deploys.session import Session
    from relbot.deploy.log.state import EnvironmentState


@click.command(name="run", short_help="Walks through the steps on the terminal, and records each.")
@click.option("--to", "target", metavar="REV", help="The target revision. Default: that of the deploy under way.")
@with_session()
@consent_options
def command(session: Session, target: str | None, consent: Consent) -> int:
    """Walks through the steps of a deploy, one at a time: you do each, relbot records it. It never runs a step itself.

    Stop whenever you like, and go on here or in any other clone with the same command. Exit code 1 if it is not done,
    130 after Ctrl-C.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        example = f"relbot deploy tick {session.environment} STEP"
        tip = "In a script, use `gate` and `tick`."
        raise UsageError("`relbot deploy run` asks, so it needs a terminal.", tip=tip, example=example)
    try:
        return _run(session, target, consent)
    except (click.Abort, KeyboardInterrupt):
        again = ["relbot", "deploy", "run", session.environment, *(("--to", target) if target else ())]
        print_line("\nInterrupted. Your records are kept. relbot asks for the open steps again.")
        print_line("To continue, here or in another clone:")
        print_line(f"    {shlex.join(again)}")
        return Exit.INTERRUPTED


def _run(session: Session, target: str | None, consent: Consent) -> int:
    now = session.state()
    require_lock_free(session, now)
    of = resolve_range(session, now, target)
    if runs_already(now, of):
        return _show_that_it_runs(session, now, of)
    consent = _ask_for_consent(session, now, of, consent)
    evaluation = evaluate_deploy(session, now, of)
    if evaluation.obstacles:
        raise obstacles_refused(session, evaluation)
    begin_deploy(session, of.target.commit, consent)
    walkthrough = Walkthrough(session, of)
    state = session.state()
    assert state.deploy is not None
    notices = state.notices_at(session.now())
    print_line(run_header(session.environment, state.deploy, evaluation.progress, notices, session.now()))
    match outcome := walkthrough.walk():
        case Outcome.SETTLED:
            return _finish(session, walkthrough)
        case Outcome.STOPPED:
            print_line("\nStopped. Your records are kept. To continue, here or in another clone:")
            print_line(f"    relbot deploy run {session.environment}")
            return walkthrough.code(Exit.OPEN)
        case _:
            assert_never(outcome)


def _show_that_it_runs(session: Session, now: EnvironmentState, of: DeployRange) -> int:
    """Says that there is nothing to walk through, what earlier deploys left open, and what belongs to none."""
    status = make_status(session, now)
    print_line(f"{session.environment} runs {of.target.commit[:12]} already.")
    for each in status.left:
        print_line(left_line(each))
        print_line(f"    To record it: relbot deploy tick {session.environment} '{each.id}'")
    for record in now.open_stray:
        print_line(stray_sentence(record))
    for remark in status.remarks:
        print_line(remark)
    return answer_exit(is_open=not status.settled, unclear=status.unclear)


def _ask_for_consent(session: Session, now: EnvironmentState, of: DeployRange, consent: Consent) -> Consent:
    """The consent with what somebody agrees to on the terminal. Refused if they do not."""
    for refused in find_conflicts(session, now, of, consent):
        print_line(refused.what)
        if now.deploy and consent.replaces is None:
            if not ask_confirmation("Replace that deploy with this one?", default=False):
                raise refused
            why = consent.reason or ask_text("Why")
            return consent._replace(replaces=now.deploy.target, reason=why, rollback=True)
        if not ask_confirmation("Deploy it all the same?", default=False):
            raise refused
        back = find_direction(session.project.git, *of.commits) is Direction.ROLLBACK
        consent = consent._replace(rollback=consent.rollback or back, diverged=consent.diverged or not back)
    return consent


def _finish(session: Session, walkthrough: Walkthrough) -> int:
    of = walkthrough.of
    print_line("\nEvery step before the phase `later` is settled.")
    if not ask_confirmation(f"Does {of.target.name} run on {session.environment} now?", default=True):
        print_line(f"Not recorded as done. When it runs: relbot deploy done {session.environment}")
        return walkthrough.code(Exit.OPEN)
    walkthrough.refresh()
    deed = walkthrough.attempt(lambda: finish_deploy(session, of.target.commit))
    for step in deed.deferred if deed else ():
        again = f"relbot deploy tick {session.environment} '{step}'"
        print_line(f"Left for later: {step}. When it is done: {again}")
    return walkthrough.code(Exit.FINE)
