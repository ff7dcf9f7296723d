"""`relbot deploy gate`: whether a deploy may go on."""

from __future__ import annotations

import click

from relbot.cli.deploy.options import Session, with_ledger
from relbot.cli.deploy.pair import pair, progress_of
from relbot.cli.exits import Exit
from relbot.cli.output import print_text
from relbot.deploy.log.obstacles import list_obstacles
from relbot.deploy.plan.model import StepKind
from relbot.errors import UsageError
from relbot.fragment.model import PHASES, Phase
from relbot.render.deploys import DEPLOY_FORMATS
from relbot.render.deploys.as_json import gate_json
from relbot.render.deploys.deploy_status import GateAnswer
from relbot.render.deploys.text import gate_text

_POINTS = {"install": Phase.BEFORE_RESTART, "restart": Phase.AFTER_RESTART, "done": Phase.LATER}
"""What a deploy script is about to do, and the phase that begins with it."""


@click.command(name="gate", short_help="Says whether a deploy may go on.")
@click.option("--before", "point", type=click.Choice(tuple(_POINTS)), help="What the deploy is about to do. Default: done.")
@click.option("--phase", type=click.Choice([phase.value for phase in PHASES]), help="The phase that it is about to begin.")
@click.option("--to", "target", metavar="REV", help="What shall run. Default: the target of the deploy under way.")
@click.option("--from", "start", metavar="REV", help="What runs. Default: what the ledger tells.")
@click.option("--format", "form", type=click.Choice(DEPLOY_FORMATS), default="text", show_default=True)
@with_ledger
def command(opened: Session, point: str | None, phase: str | None, target: str | None, start: str | None, form: str) -> int:
    """Exit code 0 only if every step before that point is done or skipped, and nothing is held or faulty. 1 if not, 3 if unknown.

    A deploy script calls it with `--before install`, with `--before restart`, and with `--before done`. The first is the same
    as `--phase before-restart`, whose steps are done once the new code is on disk; the second asks for all that comes before
    the restarts, `--phase after-restart` for the restarts, too.
    """
    if point and phase:
        raise UsageError("`--before` and `--phase` say the same in two ways.", tip="Use one of them.")
    reached = Phase(phase) if phase else _POINTS[point or "done"]
    now = opened.state()
    of = pair(opened, now, start, target)
    how_far = progress_of(opened, now, of)
    held = now.holder(opened.ledger.around.now())
    unsettled = how_far.unsettled(reached)
    if point == "restart":
        unsettled = tuple(each for each in unsettled if each.step.kind is not StepKind.RESTART)
    gate = GateAnswer(
        environment=opened.environment,
        start=of.start,
        target=of.target,
        before=point or phase or "done",
        obstacles=tuple(list_obstacles(how_far.plan, now)),
        unsettled=unsettled,
        orphaned_ticks=how_far.orphaned_ticks,
        lock=held if held and held.who.person != opened.who.person else None,
    )
    print_text(gate_json(gate) if form == "json" else gate_text(gate))
    return Exit.FINE if gate.may_go_on else Exit.OPEN
