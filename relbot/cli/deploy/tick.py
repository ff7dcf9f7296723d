"""`relbot deploy tick`: records one step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from relbot.app.deploys.begin import start_deploy
from relbot.cli.deploy.options import Session, with_ledger
from relbot.cli.deploy.pair import pair, plan_of
from relbot.cli.exits import Exit
from relbot.cli.output import print_line
from relbot.deploy.log.progress import recordable_steps, step_digest
from relbot.deploy.log.record import Deed, DeedKind
from relbot.errors import Unknown, UsageError
from relbot.schema.faults import nearest_word

if TYPE_CHECKING:
    from relbot.cli.deploy.pair import Pair
    from relbot.deploy.log.state import EnvironmentState
    from relbot.deploy.plan.model import PlannedStep


@click.command(name="tick", short_help="Records one step, from a script.")
@click.option("--skip", metavar="REASON", help="It was not done, and need not be.")
@click.option("--failed", metavar="REASON", help="It went wrong.")
@click.option("--undone", is_flag=True, help="It was done, and has been taken back.")
@click.option("--to", "target", metavar="REV", help="Begin the deploy to this revision, if it is not under way.")
@click.option("--from", "start", metavar="REV", help="With --to: what runs. Default: what was done last.")
@with_ledger
@click.argument("step")  # here, so that it comes after ENV
def command(
    opened: Session,
    step: str,
    skip: str | None,
    failed: str | None,
    undone: bool,
    target: str | None,
    start: str | None,
) -> int:
    """Records that STEP of the deploy under way was done, or skipped, or failed.

    `relbot deploy status ENV` lists the ids of its steps. A step that was left for later is ticked like any other.
    """
    result, reason = (DeedKind.UNDONE, "") if undone else judged(skip, failed)
    now = opened.state()
    if target is None and (left := now.deferred.get(step)) and not (now.deploy and _in_deploy(opened, now, step)):
        deed = Deed(result, left.deed.start, left.deed.target, step=step, reason=reason)
    else:
        of = pair(opened, now, start, target)
        found = _step(opened, now, of, step)
        if target is not None:
            start_deploy(opened, of, None)
        hashed = step_digest(found, of.target) if found else ""
        deed = Deed(result, of.start, of.target, step=step, digest=hashed, reason=reason)
    opened.ledger.record(deed)
    print_line(f"{step}: {result}")
    return Exit.FINE


def judged(skip: str | None, failed: str | None) -> tuple[DeedKind, str]:
    """The result that the options name, and the reason. UsageError if they contradict each other or say nothing."""
    if skip is not None and failed is not None:
        raise UsageError("A step was either skipped or failed.", tip="Use one of --skip and --failed.")
    reason = skip if skip is not None else failed
    if reason is None:
        return DeedKind.DONE, ""
    if not reason.strip():
        raise UsageError("The reason is empty.", tip="Say in a few words why; whoever deploys next reads it.")
    return (DeedKind.SKIPPED if skip is not None else DeedKind.FAILED), reason.strip()


def _in_deploy(opened: Session, now: EnvironmentState, step: str) -> bool:
    return any(each.id == step for each in recordable_steps(plan_of(opened, now, pair(opened, now, None, None))))


def _step(opened: Session, now: EnvironmentState, of: Pair, step: str) -> PlannedStep | None:
    """The step of that id; None for one that was done and is not in the plan any more.

    UsageError if there never was one, Unknown if it may be of a fragment that cannot be read.
    """
    plan = plan_of(opened, now, of)
    there = {each.id: each for each in recordable_steps(plan)}
    if step in there:
        return there[step]
    if now.deploy and now.deploy.start == of.start and step in now.deploy.ticks:
        return None
    if step.partition("#")[0] in plan.unreadable:
        what = f"Whether this deploy of {opened.environment} has a step `{step}` is unknown: its fragment has faults."
        example = f"relbot checklist {opened.environment} --from {of.start_name} --to {of.target_name}"
        raise Unknown(what, tip="To see them:", example=example)
    near = nearest_word(step, there)
    tip = f"Did you mean `{near}`?" if near else f"There are: {', '.join(there) or 'none'}."
    raise UsageError(f"This deploy of {opened.environment} has no step `{step}`.", tip=tip)
