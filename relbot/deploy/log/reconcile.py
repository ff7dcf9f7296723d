"""A plan with what two trees cannot tell and the ledger does: what was done on the way elsewhere, and what never was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.deploy.log.entry import Result
from relbot.deploy.log.progress import TOUCHED, inverse
from relbot.deploy.plan.arrange import total, way_back
from relbot.deploy.plan.changelog import Revision
from relbot.deploy.plan.model import Kind
from relbot.fragment.model import PHASES, Phase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from relbot.deploy.log.entry import Entry
    from relbot.deploy.log.progress import Left
    from relbot.deploy.plan.model import Change, Plan, PlannedStep


def corrected(plan: Plan, ticks: Mapping[str, Entry], left: Iterable[Left], plan_from: Callable[[str], Plan | None]) -> Plan:
    """What is to be done by somebody who knows the ledger.

    Whoever turns back in the middle of a deploy, or takes another target, takes back what was done for the first one:
    `ticks` are those of the deploy under way, `plan_from` gives the plan from a commit to this plan's target, None if the
    commit is not there. And nobody takes back what nobody did: steps that finished deploys `left` for later.
    """
    return _turned(_spared(plan, left), ticks, plan_from)


def _spared(plan: Plan, left: Iterable[Left]) -> Plan:
    never = {each.id: each.step.run or each.step.do for each in left if each.step and not each.failed}
    spared = tuple(s for s in plan.steps if s.kind is Kind.UNDO and s.takes_back and never.get(inverse(s.id)) == s.takes_back)
    if not spared:
        return plan
    rest = [step for step in plan.steps if step not in spared]
    return _with_steps(plan._replace(not_done=tuple(inverse(step.id) for step in spared)), rest)


def _turned(plan: Plan, ticks: Mapping[str, Entry], plan_from: Callable[[str], Plan | None]) -> Plan:
    for target, touched in done_elsewhere(plan, ticks).items():
        if other := plan_from(target):
            plan = _joined(plan, other, touched)
    return plan


def done_elsewhere(plan: Plan, ticks: Mapping[str, Entry]) -> dict[str, dict[str, Entry]]:
    """What was done or tried for other targets and is no step of the plan: by target, the latest first, then by step."""
    known = {step.id for step in plan.steps}
    touched = [entry for step, entry in ticks.items() if step not in known and entry.deed.result in TOUCHED]
    found: dict[str, dict[str, Entry]] = {}
    for entry in sorted(touched, key=lambda entry: -entry.order):
        if entry.deed.target != plan.target.commit:
            found.setdefault(entry.deed.target, {})[entry.deed.step] = entry
    return found


def _joined(plan: Plan, other: Plan, touched: Mapping[str, Entry]) -> Plan:
    """The plan, and of the `other` one what takes back the steps that were touched, with its restarts."""
    known = {step.id for step in plan.steps}
    back = [
        _after(step, touched[inverse(step.id)]) for step in other.steps if inverse(step.id) in touched and step.id not in known
    ]
    identities = {identity for step in back for identity in step.changes}
    restarts = [
        step
        for step in other.steps
        if step.kind is Kind.RESTART and (step.id in touched or identities.intersection(step.changes))
    ]
    if not (back or restarts):
        return plan
    plan = plan._replace(
        do=(*_only(other.do, identities, plan.do), *plan.do),
        undo=(*_only(other.undo, identities, plan.undo), *plan.undo),
        abandoned=(*plan.abandoned, Revision(other.start.name, other.start.commit)),
    )
    return _with_steps(plan, [*back, *_united(restarts, plan.steps), *(s for s in plan.steps if s.kind is not Kind.RESTART)])


def _after(step: PlannedStep, entry: Entry) -> PlannedStep:
    """A step that takes back what was recorded; what failed is looked at first."""
    if entry.deed.result is not Result.FAILED:
        return step
    warning = f"It failed ({entry.deed.reason}), says {entry.who}: see first how far it came."
    return step._replace(note="\n\n".join(filter(None, (warning, step.note))))


def _only(changes: tuple[Change, ...], identities: set[str], known: tuple[Change, ...]) -> Iterable[Change]:
    there = {change.identity for change in known}
    return (change for change in changes if change.identity in identities - there)


def _united(restarts: list[PlannedStep], steps: Iterable[PlannedStep]) -> list[PlannedStep]:
    """Each service once: those restarts, and the ones among the steps."""
    found = {step.id: step for step in restarts}
    for step in steps:
        if step.kind is Kind.RESTART:
            first = found.get(step.id, step)
            found[step.id] = step._replace(
                changes=tuple(dict.fromkeys((*first.changes, *step.changes))),
                on=tuple(sorted({*first.on, *step.on})),
                check="\n".join(dict.fromkeys(filter(None, (first.check, step.check)))) or None,
            )
    return list(found.values())


def _with_steps(plan: Plan, steps: Iterable[PlannedStep]) -> Plan:
    """The plan with these steps instead: by phase, in it what is taken back first, the restarts at its end."""
    ordered = sorted(steps, key=_place)
    numbered = tuple(step._replace(number=number) for number, step in enumerate(ordered, 1))
    return plan._replace(
        steps=numbered,
        rollback=way_back(numbered, Kind.DO, plan.unreadable),
        undoing=way_back(numbered, Kind.UNDO, plan.unreadable),
        duration=total(numbered, "duration"),
        downtime=total(numbered, "downtime"),
    )


def _place(step: PlannedStep) -> tuple[int, int]:
    assert step.kind is not Kind.RESTART or step.phase is Phase.BEFORE_RESTART
    return PHASES.index(step.phase), (Kind.UNDO, Kind.DO, Kind.RESTART).index(step.kind)
