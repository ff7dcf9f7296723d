"""A plan with what two trees cannot tell and the ledger does: what was done on the way elsewhere, and what never was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.deploy.log.progress import TOUCHED, inverse_id
from relbot.deploy.log.record import Result
from relbot.deploy.plan.changelog import Revision
from relbot.deploy.plan.model import StepKind
from relbot.deploy.plan.step_order import sum_stated, way_back
from relbot.fragment.model import PHASES, Phase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from relbot.deploy.log.progress import DeferredStep
    from relbot.deploy.log.record import Record
    from relbot.deploy.plan.model import Change, Plan, PlannedStep


def reconcile_plan(
    plan: Plan, ticks: Mapping[str, Record], left: Iterable[DeferredStep], plan_from: Callable[[str], Plan | None]
) -> Plan:
    """What is to be done by somebody who knows the ledger.

    Whoever turns back in the middle of a deploy, or takes another target, takes back what was done for the first one:
    `ticks` are those of the deploy under way, `plan_from` gives the plan from a commit to this plan's target, None if the
    commit is not there. And nobody takes back what nobody did: steps that finished deploys `left` for later.
    """
    return _with_taken_back(_without_never_done(plan, left), ticks, plan_from)


def _without_never_done(plan: Plan, left: Iterable[DeferredStep]) -> Plan:
    never = {each.id: each.step.run or each.step.do for each in left if each.step and not each.failed}
    spared = tuple(
        s for s in plan.steps if s.kind is StepKind.UNDO and s.takes_back and never.get(inverse_id(s.id)) == s.takes_back
    )
    if not spared:
        return plan
    rest = [step for step in plan.steps if step not in spared]
    return _renumber_steps(plan._replace(not_done=tuple(inverse_id(step.id) for step in spared)), rest)


def _with_taken_back(plan: Plan, ticks: Mapping[str, Record], plan_from: Callable[[str], Plan | None]) -> Plan:
    for target, touched in done_elsewhere(plan, ticks).items():
        if other := plan_from(target):
            plan = _join_way_back(plan, other, touched)
    return plan


def done_elsewhere(plan: Plan, ticks: Mapping[str, Record]) -> dict[str, dict[str, Record]]:
    """What was done or tried for other targets and is no step of the plan: by target, the latest first, then by step."""
    known = {step.id for step in plan.steps}
    touched = [entry for step, entry in ticks.items() if step not in known and entry.deed.result in TOUCHED]
    found: dict[str, dict[str, Record]] = {}
    for entry in sorted(touched, key=lambda entry: -entry.order):
        if entry.deed.target != plan.target.commit:
            found.setdefault(entry.deed.target, {})[entry.deed.step] = entry
    return found


def _join_way_back(plan: Plan, other: Plan, touched: Mapping[str, Record]) -> Plan:
    """The plan, and of the `other` one what takes back the steps that were touched, with its restarts."""
    known = {step.id for step in plan.steps}
    back = [
        _after_failure(step, touched[inverse_id(step.id)])
        for step in other.steps
        if inverse_id(step.id) in touched and step.id not in known
    ]
    identities = {identity for step in back for identity in step.changes}
    restarts = [
        step
        for step in other.steps
        if step.kind is StepKind.RESTART and (step.id in touched or identities.intersection(step.changes))
    ]
    if not (back or restarts):
        return plan
    plan = plan._replace(
        do=(*_only_new(other.do, identities, plan.do), *plan.do),
        undo=(*_only_new(other.undo, identities, plan.undo), *plan.undo),
        abandoned=(*plan.abandoned, Revision(other.start.name, other.start.commit)),
    )
    return _renumber_steps(
        plan, [*back, *_unite_restarts(restarts, plan.steps), *(s for s in plan.steps if s.kind is not StepKind.RESTART)]
    )


def _after_failure(step: PlannedStep, entry: Record) -> PlannedStep:
    """A step that takes back what was recorded; what failed is looked at first."""
    if entry.deed.result is not Result.FAILED:
        return step
    warning = f"It failed ({entry.deed.reason}), says {entry.who}: see first how far it came."
    return step._replace(note="\n\n".join(filter(None, (warning, step.note))))


def _only_new(changes: tuple[Change, ...], identities: set[str], known: tuple[Change, ...]) -> Iterable[Change]:
    there = {change.identity for change in known}
    return (change for change in changes if change.identity in identities - there)


def _unite_restarts(restarts: list[PlannedStep], steps: Iterable[PlannedStep]) -> list[PlannedStep]:
    """Each service once: those restarts, and the ones among the steps."""
    found = {step.id: step for step in restarts}
    for step in steps:
        if step.kind is StepKind.RESTART:
            first = found.get(step.id, step)
            found[step.id] = step._replace(
                changes=tuple(dict.fromkeys((*first.changes, *step.changes))),
                on=tuple(sorted({*first.on, *step.on})),
                check="\n".join(dict.fromkeys(filter(None, (first.check, step.check)))) or None,
            )
    return list(found.values())


def _renumber_steps(plan: Plan, steps: Iterable[PlannedStep]) -> Plan:
    """The plan with these steps instead: by phase, in it what is taken back first, the restarts at its end."""
    ordered = sorted(steps, key=_step_key)
    numbered = tuple(step._replace(number=number) for number, step in enumerate(ordered, 1))
    return plan._replace(
        steps=numbered,
        rollback=way_back(numbered, StepKind.DO, plan.unreadable),
        undoing=way_back(numbered, StepKind.UNDO, plan.unreadable),
        duration=sum_stated(numbered, "duration"),
        downtime=sum_stated(numbered, "downtime"),
    )


def _step_key(step: PlannedStep) -> tuple[int, int]:
    assert step.kind is not StepKind.RESTART or step.phase is Phase.BEFORE_RESTART
    return PHASES.index(step.phase), (StepKind.UNDO, StepKind.DO, StepKind.RESTART).index(step.kind)
