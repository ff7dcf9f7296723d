"""The deed that ends a deploy: what it leaves, what it never did, and what earlier deploys left that it makes moot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.deploy.log.deeds import inverse_id, is_undo
from relbot.deploy.log.progress import StepState
from relbot.deploy.log.record import Deed, DeedKind, Direction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.deploy.log.progress import Progress
    from relbot.deploy.log.state import EnvironmentState

_NEVER = (StepState.SKIPPED, StepState.OVERRULED)


def ended_deed(progress: Progress, now: EnvironmentState, reason: str = "", direction: Direction = Direction.NONE) -> Deed:
    """The deed that ends the deploy of `progress` in the environment that stands like `now`. It refuses nothing.

    Whatever is not settled is deferred, of whatever phase.
    """
    plan = progress.plan
    return Deed(
        DeedKind.ENDED,
        plan.start.commit,
        plan.target.commit,
        reason=reason,
        direction=direction,
        deferred=tuple(each.step.id for each in progress.unsettled(None)),
        not_done=tuple(each.step.id for each in progress.statuses if each.mark in _NEVER and not each.step.service),
        moot=tuple(dict.fromkeys(moot_steps(progress, now))),
        renamed=plan.renamed,
    )


def moot_steps(progress: Progress, now: EnvironmentState) -> Iterator[str]:
    """What earlier deploys left and need not be done any more, by the ids of the steps.

    The steps of changes that this deploy takes away, and what this deploy settles itself or does the opposite of: who
    brings a change again need not take it back any more. Of a change that is gone it does not matter either what was never
    done; what comes with a change is not compared.
    """
    taken_back = {change.identity for change in progress.plan.undo}
    brought = {change.identity for change in progress.plan.do}
    settled = {each.step.id for each in progress.statuses if each.mark.settled}
    for step in now.not_done:
        identity, amended = step.partition("#")[0].removesuffix(":amended"), step.endswith(":amended")
        if not is_undo(step) and (identity in taken_back or (amended and identity in brought)):
            yield step
    for step in now.deferred:
        identity = step.partition("#")[0]
        undo = step.endswith(":undo")
        if (identity in brought if undo else identity in taken_back) or step in settled or inverse_id(step) in settled:
            yield step
