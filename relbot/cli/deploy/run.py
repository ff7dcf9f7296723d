"""`relbot deploy run`: walks through the steps of a deploy."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING, assert_never

import click

from relbot.app.deploys.begin import is_same_deploy, other_deploy_under_way, start_deploy
from relbot.cli.deploy.done import finish
from relbot.cli.deploy.options import Session, with_ledger
from relbot.cli.deploy.pair import Pair, pair, progress_of
from relbot.cli.deploy.walkthrough import Outcome, Walk
from relbot.cli.exits import Exit
from relbot.cli.output import ask_confirmation, is_terminal, print_line
from relbot.deploy.log.obstacles import list_obstacles
from relbot.errors import Refused, UsageError
from relbot.render.common.invisible_characters import make_visible

if TYPE_CHECKING:
    from relbot.deploy.log.state import Deploy, EnvironmentState


@click.command(name="run", short_help="Walks through the steps on the terminal, and records each.")
@click.option("--to", "target", metavar="REV", help="What shall run. Default: the target of the deploy under way.")
@click.option("--from", "start", metavar="REV", help="What runs. Default: what the ledger tells.")
@with_ledger
def command(opened: Session, target: str | None, start: str | None) -> int:
    """Walks through the steps of a deploy, one at a time: you do each, relbot records it. It never runs a step itself.

    Stop whenever you like, and go on here or in any other clone with the same command. Exit code 1 if it is not done,
    130 after Ctrl-C.
    """
    if not (sys.stdin.isatty() and is_terminal()):
        tip = "From a script, use `gate` and `tick`."
        raise UsageError(
            "`relbot deploy run` asks, so it needs a terminal.", tip=tip, example=f"relbot deploy tick {opened.environment} STEP"
        )
    try:
        return _run(opened, target, start)
    except (click.Abort, KeyboardInterrupt):
        again = [word for option, given in (("--from", start), ("--to", target)) if given for word in (option, given)]
        print_line("\nInterrupted. What was recorded stays; the rest is asked again.")
        print_line("To go on, here or in another clone:")
        print_line(f"    {make_visible(shlex.join(['relbot', 'deploy', 'run', opened.environment, *again]))}")
        return Exit.INTERRUPTED


def _run(opened: Session, target: str | None, start: str | None) -> int:
    now = opened.state()
    opened.respect(now)
    of = pair(opened, now, start, target)
    how_far = progress_of(opened, now, of)
    if against := list(list_obstacles(how_far.plan, now)):
        what = f"Do not deploy {of.target_name} to {opened.environment}:\n  " + "\n  ".join(against)
        raise Refused(what, tip="The whole checklist:", example=f"relbot checklist {opened.environment} --to {of.target_name}")
    start_deploy(opened, of, _agreed(opened, now, of))
    walk = Walk(opened, of, how_far.plan)
    match outcome := walk.walk():
        case Outcome.SETTLED:
            return _finished(opened, walk)
        case Outcome.STOPPED:
            print_line("\nStopped; what you said is recorded. To go on, here or in another clone:")
            print_line(f"    relbot deploy run {opened.environment}")
            return walk.code(Exit.OPEN)
        case _:
            assert_never(outcome)


def _agreed(opened: Session, now: EnvironmentState, of: Pair) -> Deploy | None:
    """The other deploy that is under way, if its place may be taken. Refused if not."""
    if now.deploy is None or is_same_deploy(now.deploy, of):
        return None
    refused = other_deploy_under_way(opened, now.deploy)
    print_line(refused.what)
    if not ask_confirmation("Deploy this one in its place?", default=False):
        raise refused
    return now.deploy


def _finished(opened: Session, walk: Walk) -> int:
    print_line("\nEvery step before the phase `later` is done or skipped.")
    if not ask_confirmation(f"Does {walk.of.target_name} run on {opened.environment} now?", default=True):
        print_line(f"Not recorded as done. Once it runs: relbot deploy done {opened.environment}")
        return walk.code(Exit.OPEN)
    left = walk.told(lambda: finish(opened, walk.progress(), walk.state))
    for step in left or ():
        print_line(f"Left for later: {step}. Once it is done: relbot deploy tick {opened.environment} '{step}'")
    return walk.code(Exit.FINE)
