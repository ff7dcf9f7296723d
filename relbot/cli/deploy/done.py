"""`relbot deploy done`: the target runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from relbot.cli.deploy.options import Session, with_ledger
from relbot.cli.deploy.pair import pair, progress_of
from relbot.cli.exits import Exit
from relbot.cli.output import print_line
from relbot.deploy.log.closing import ended_deed
from relbot.deploy.log.obstacles import list_obstacles
from relbot.deploy.log.record import Deed, DeedKind
from relbot.errors import Refused
from relbot.fragment.model import Phase
from relbot.git.revisions import resolve_revision
from relbot.render.common.units import format_commit

if TYPE_CHECKING:
    from relbot.deploy.log.progress import Progress
    from relbot.deploy.log.state import EnvironmentState


@click.command(name="done", short_help="Records that a deploy is done.")
@click.option("--to", "target", metavar="REV", help="What runs now. Default: the target of the deploy under way.")
@click.option("--from", "start", metavar="REV", help="What ran before. Default: what was done last.")
@click.option("--anyway", metavar="REASON", help="Although steps are open or something is held; they are left for later.")
@with_ledger
def command(opened: Session, target: str | None, start: str | None, anyway: str | None) -> int:
    """Records that a deploy is done: from now on its target is what runs.

    Refuses (exit code 1) while a step before the phase `later` is open. Where nothing but the ledger tells what runs, and there
    is none yet, --to begins one.
    """
    now = opened.state()
    if target is not None and start is None and _begins(opened, now):
        commit = resolve_revision(opened.project.git, target)
        opened.ledger.record(Deed(DeedKind.ENDED, target=commit, reason=anyway or ""))
    else:
        of = pair(opened, now, start, target)
        how_far = progress_of(opened, now, of)
        finish(opened, how_far, now, anyway)
        commit = of.target
    print_line(f"{opened.environment} runs {format_commit(commit)}.")
    return Exit.FINE


def _begins(opened: Session, now: EnvironmentState) -> bool:
    """Whether nothing can tell what ran before: only then is nothing compared."""
    elsewhere = opened.configured is not None and opened.configured.deployed != "ledger"
    return not (now.deploy or now.running or elsewhere)


def finish(opened: Session, how_far: Progress, now: EnvironmentState, anyway: str | None = None) -> tuple[str, ...]:
    """Records that a deploy is done, and gives the ids of the steps that it leaves for later. Refused while others are open."""
    open_ones = [f"{each.step.id} is {each.mark}" for each in how_far.unsettled(Phase.LATER)]
    astray = [f"{each.deed.step} was done and has to be taken back" for each in how_far.orphaned_ticks]
    against = [*list_obstacles(how_far.plan, now), *astray, *open_ones]
    if against and not (anyway and anyway.strip()):
        what = f"The deploy of {opened.environment} is not done:\n  " + "\n  ".join(against)
        tip = "Do what is open, tick it, and try again. If it runs all the same:"
        raise Refused(what, tip=tip, example=f'relbot deploy done {opened.environment} --anyway "why"')
    deed = ended_deed(how_far, now, (anyway or "").strip())
    opened.ledger.record(deed)
    return deed.deferred
