"""How far a plan has been carried out, and whether a deploy may go on."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from relbot.deploy.log.record import Result
from relbot.deploy.log.state import sort_records
from relbot.deploy.plan.model import PlannedStep, Reversibility, StepKind
from relbot.finding import Level
from relbot.fragment.model import PHASES, Phase

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from relbot.deploy.log.record import Record
    from relbot.deploy.plan.model import Amendment, Plan


TOUCHED = (Result.DONE, Result.FAILED)
"""Results after which something may be different on the hosts: what failed may be half done."""


class StepState(StrEnum):
    """How a step stands. `CHANGED`: it says something else than when it was ticked, so it is open again."""

    OPEN = "open"
    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"
    CHANGED = "changed"

    @property
    def settled(self) -> bool:
        """Whether nothing is left to do."""
        return self in (StepState.DONE, StepState.SKIPPED)


@dataclass(frozen=True, slots=True)
class StepStatus:
    """A step, how it stands, and the entry that says so."""

    step: PlannedStep
    mark: StepState
    entry: Record | None = None


@dataclass(frozen=True, slots=True)
class DeferredStep:
    """The id of a step that a deploy left for later, the done that left it, and the step, None where it is no more known.

    `failed` tells that somebody tried it, and failed.
    """

    id: str
    by: Record
    step: PlannedStep | None
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """Every step of a plan with how it stands, and what was done (`orphaned_ticks`) that the plan does not have any more."""

    plan: Plan
    statuses: tuple[StepStatus, ...]
    orphaned_ticks: tuple[Record, ...]

    def unsettled(self, before: Phase | None) -> tuple[StepStatus, ...]:
        """The steps that are not settled and come before a phase; all of them for None."""
        phases = PHASES[: PHASES.index(before)] if before else PHASES
        return tuple(s for s in self.statuses if not s.mark.settled and s.step.phase in phases)


def step_digest(step: PlannedStep, target: str) -> str:
    """What a tick of the step is about: all that tells somebody what to do.

    Its number, its place and the time it takes may change. A restart belongs to one target: other code, another restart.
    """
    told = [
        step.kind,
        step.phase,
        step.run,
        step.do,
        step.note,
        step.on,
        step.check,
        step.takes_back,
        step.service,
        step.withheld,
    ]
    if step.kind is StepKind.RESTART:
        told += [target, step.changes]
    return hashlib.sha256(json.dumps(told).encode("ascii")).hexdigest()[:16]


def recordable_steps(plan: Plan) -> tuple[PlannedStep, ...]:
    """All that somebody has to tick: the steps of the plan, after one for each change that was amended."""
    return (*(_comparison_step(amendment) for amendment in plan.amended), *plan.steps)


def _comparison_step(amendment: Amendment) -> PlannedStep:
    change = amendment.change
    lines = [f"{label}: {each}" for label, of in (("was", amendment.was), ("now", amendment.now)) for each in _step_lines(of)]
    return PlannedStep(
        number=0,
        id=f"{change.identity}:amended",
        kind=StepKind.DO,
        phase=PHASES[0],
        changes=(change.identity,),
        do="Its steps were changed after it had been deployed. Compare them, and do what is missing.",
        note="\n".join(lines),
        path=change.path,
    )


def _step_lines(of: tuple[PlannedStep, ...]) -> list[str]:
    return [f"{s.phase}: {s.run or s.do or s.note or f'restart {s.service}'}" for s in of] or ["no steps"]


def measure_progress(plan: Plan, ticks: Mapping[str, Record]) -> Progress:
    """The plan against what was ticked. What was taken back after it had been done is not done any more."""
    listed = recordable_steps(plan)
    known = {step.id for step in listed}
    live = {step: entry for step, entry in ticks.items() if not _was_reversed(entry, ticks.get(inverse_id(step)))}
    elsewhere = {step: entry for step, entry in live.items() if not {step, inverse_id(step)} & known}
    leads_back = {step for step in elsewhere if step.endswith(":undo") and inverse_id(step) in ticks}
    orphaned = (e for step, e in elsewhere.items() if e.deed.result in TOUCHED and step not in leads_back)
    return Progress(plan, tuple(_step_status(step, live.get(step.id), plan.target.commit) for step in listed), tuple(orphaned))


def inverse_id(step: str) -> str:
    """The id of the step that takes back the one of that id. What has no such step has an id that no step has."""
    return step.removesuffix(":undo") if step.endswith(":undo") else f"{step}:undo"


def _was_reversed(entry: Record, by: Record | None) -> bool:
    """Whether somebody did the opposite, or tried to, after this was recorded."""
    return by is not None and by.deed.result in TOUCHED and sort_records((entry, by))[1] is by


def _step_status(step: PlannedStep, tick: Record | None, target: str) -> StepStatus:
    if tick is None:
        return StepStatus(step, StepState.OPEN)
    if tick.deed.digest != step_digest(step, target):
        return StepStatus(step, StepState.CHANGED, tick)
    return StepStatus(step, StepState(tick.deed.result.value), tick)


def list_obstacles(plan: Plan) -> Iterator[str]:
    """Why the plan must not be carried out as it stands, whatever was done."""
    for hold in plan.holds:
        yield f"{hold.change} waits for {hold.awaits}, which is not in {plan.target.name}."
    for split in plan.splits:
        stop = f" First deploy {split.stop.commit or split.stop.name}." if split.stop else ""
        needs = " and ".join(split.needs)
        yield f"{split.change} must not go in one deploy with {needs}, which it needs.{stop}"
    for identity in plan.unreadable:
        yield f"What {identity} needs is not known: its fragment has faults."
    if plan.undoing.verdict is Reversibility.IMPOSSIBLE:
        numbers = ", ".join(str(number) for number in plan.undoing.no_return)
        yield f"It goes back over the point of no return: nothing takes back what step {numbers} should."
    for finding in plan.findings:
        if finding.level is Level.ERROR:
            yield f"{finding.place}: {finding.message}"
