"""A plan with what two trees cannot tell and the ledger does: what was done on the way elsewhere, and what never was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.deploy.log.deeds import inverse_id, is_undo, reverses
from relbot.deploy.log.hosts import hosts_tried
from relbot.deploy.log.record import STEP_KINDS, DeedKind
from relbot.deploy.log.state import ATTEMPTS, rename_step
from relbot.deploy.plan.change_order import NEEDS_MISSING
from relbot.deploy.plan.changelog import Revision
from relbot.deploy.plan.model import Need, StepKind
from relbot.deploy.plan.step_order import renumber_steps
from relbot.fragment.model import Phase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from relbot.deploy.log.record import Record
    from relbot.deploy.log.state import Deploy, EnvironmentState
    from relbot.deploy.plan.model import Change, Plan, PlannedStep


def reconcile_plan(plan: Plan, now: EnvironmentState, plan_from: Callable[[str], Plan | None]) -> Plan:
    """The plan as somebody makes it who knows the ledger.

    Whoever turns back in the middle of a deploy, or takes another target, takes back what was done for the first one:
    `plan_from` gives the plan from a commit to this plan's target, None if the commit is not there. And nobody takes back
    what was never done: what finished deploys skipped or left for later.
    """
    renamed = renamed_on_the_way(plan, now, plan_from)
    plan = _without_never_done(plan, now)
    plan = plan._replace(renamed=tuple(dict.fromkeys((*plan.renamed, *renamed.items()))))
    names = now.deploy.names if now.deploy else {}
    hosts = {step: of for step, deeds in now.deploy.deeds.items() if (of := hosts_tried(deeds, step))} if now.deploy else {}
    for target, touched in done_elsewhere(plan, now.deploy).items():
        if other := plan_from(target):
            plan = _join_way_back(plan, _where_it_was_done(_under_names(other, names), hosts), touched)
    return plan


def place_steps(plan: Plan, overruled: Iterable[str]) -> Plan:
    """The plan with the steps to which no author gave a phase in the phase that an operator gave them, in writing.

    `overruled` is what was set aside for the deploy; of it counts what begins with `phase:`, as in `phase:5622#1>after-restart`.
    """
    said = dict(each.removeprefix("phase:").rsplit(">", 1) for each in overruled if each.startswith("phase:"))
    if not any(step.id in said for step in plan.steps if not step.phase_said):
        return plan
    steps = (step if step.phase_said else step._replace(phase=Phase(said.get(step.id, step.phase))) for step in plan.steps)
    return renumber_steps(plan, steps)


def _where_it_was_done(plan: Plan, done_on: Mapping[str, tuple[str, ...]]) -> Plan:
    """A plan that takes steps back only on the hosts where they were done; `done_on` has those where not all have them."""
    if not done_on:
        return plan
    steps = (
        step._replace(on=done_on[inverse_id(step.id)]) if step.kind is StepKind.UNDO and inverse_id(step.id) in done_on else step
        for step in plan.steps
    )
    return plan._replace(steps=tuple(steps))


def _without_never_done(plan: Plan, now: EnvironmentState) -> Plan:
    somewhere = {step for step, failed in now.failed.items() if not failed.deed.host}
    plan = _where_it_was_done(plan, {step: hosts for step, hosts in now.done_on.items() if step not in somewhere})
    never = now.not_done.keys() - now.failed.keys() - now.done_on.keys()
    # What an earlier way back kept is there, also if it was skipped when its change came again.
    never = {step for step in never if inverse_id(step) not in now.not_done}
    spared = {step.id for step in plan.steps if step.kind is StepKind.UNDO and inverse_id(step.id) in never}
    if not spared:
        return plan
    rest = [step for step in plan.steps if step.id not in spared]
    known = (inverse_id(step.id) for step in plan.steps if step.id in spared)
    return renumber_steps(plan._replace(not_done=tuple(known)), rest)


def done_elsewhere(plan: Plan, deploy: Deploy | None) -> dict[str, dict[str, Record]]:
    """What was done or tried for other targets of a deploy that starts alike, and is no step of the plan.

    By target, the latest first, then by the id of the step. A step counts for each target for which it was tried: one of
    them may be the start itself, from where no plan tells of it.
    """
    if deploy is None or deploy.start != plan.start.commit:
        return {}
    known = {step.id for step in plan.steps}
    new = dict(plan.renamed)
    touched: dict[str, list[Record]] = {}
    for step, record in sorted(deploy.attempts.items(), key=lambda item: -item[1].order):
        touched.setdefault(rename_step(step, new), []).append(record)  # under each of the names that its change had
    found: dict[str, dict[str, Record]] = {}
    for step, records in touched.items():
        tried = (target for each in records for target in (each.deed.target, *deploy.tried_for(each.deed.step)))
        for target in () if step in known else dict.fromkeys(tried):
            if target != plan.target.commit:
                found.setdefault(target, {})[step] = records[0]
    return found


def renamed_on_the_way(plan: Plan, now: EnvironmentState, plan_from: Callable[[str], Plan | None]) -> dict[str, str]:
    """The names in the plan's target of changes that have deeds under other names, by each of those.

    Of deeds for other targets from the same start: a change may be renamed between two of them. `plan_from` as for
    `reconcile_plan`.
    """
    deploy = now.deploy if now.deploy and now.deploy.start == plan.start.commit else None
    recorded = [each for deeds in deploy.deeds.values() for each in deeds] if deploy else now.stray
    known = {identity for step in plan.steps if step.kind is StepKind.DO for identity in step.changes}
    names = deploy.names if deploy else now.names
    renamed: dict[str, str] = {}
    for record in recorded:
        deed = record.deed
        if deed.start != plan.start.commit or not _is_forward(record):
            continue
        was = deed.step.partition("#")[0]
        name = was if was in known else _name_after(was, deed.target, plan, plan_from)
        before = names.get(was, was)
        if name is not None:
            renamed |= {each: name for each in (was, before) if each != name}
    return {**_names_back(plan, deploy, plan_from), **renamed}


def _names_back(plan: Plan, deploy: Deploy | None, plan_from: Callable[[str], Plan | None]) -> dict[str, str]:
    """The names in the plan's target of changes that were renamed in the target that the deploy has now, by the names there."""
    if deploy is None or not deploy.names or deploy.target == plan.target.commit:
        return {}
    made, names = plan_from(deploy.target), set(deploy.names.values())
    return {old: new for old, new in made.renamed if old in names} if made else {}


def renamed_since_kept(plan: Plan, now: EnvironmentState, plan_from: Callable[[str], Plan | None]) -> dict[str, str]:
    """The names in the plan's target of changes of which a way back kept a step, by the names that they had then.

    `plan_from` as for `reconcile_plan`: it is asked for the commits that had those changes, also for a deploy that took
    another target after that.
    """
    known = {identity for step in plan.steps if step.kind is StepKind.DO for identity in step.changes}
    renamed: dict[str, str] = {}
    for step, by in {**now.not_done, **now.deferred}.items():
        identity = step.partition("#")[0]
        if not is_undo(step) or identity in known:
            continue
        of_ended = now.ended.deeds.get(inverse_id(step), ()) if now.ended else ()
        deeds = of_ended or now.kept.get(step, ())
        tried = [(each.deed.step.partition("#")[0], each.deed.target) for each in reversed(deeds) if each.deed.kind in ATTEMPTS]
        for was, commit in ((identity, by.deed.start), *tried):
            elsewhere = commit not in ("", plan.start.commit)
            name = was if was in known else _name_after(was, commit, plan, plan_from) if elsewhere else None
            renamed |= {identity: name} if name is not None else {}
    return renamed


def _is_forward(record: Record) -> bool:
    """Whether a deed is about doing a step of a change, which the target of its deploy has."""
    deed = record.deed
    return deed.kind in STEP_KINDS and "#" in deed.step and not reverses(record) and deed.target != deed.start


def _name_after(identity: str, commit: str, plan: Plan, plan_from: Callable[[str], Plan | None]) -> str | None:
    """The name in the plan's target of a change that has this one at a commit, None if it is the same or not there."""
    made = None if commit == plan.target.commit else plan_from(commit)
    return dict(made.renamed).get(identity) if made else None


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
    plan = plan._replace(renamed=tuple(dict.fromkeys((*plan.renamed, *other.renamed))))
    if not (back or restarts):
        return plan
    plan = _with_needs_of(other, identities, plan)._replace(
        do=(*_only_new(other.do, identities, plan.do), *plan.do),
        undo=(*_only_new(other.undo, identities, plan.undo), *plan.undo),
        abandoned=(*plan.abandoned, Revision(other.start.name, other.start.commit)),
    )
    return renumber_steps(
        plan, [*back, *_unite_restarts(restarts, plan.steps), *(s for s in plan.steps if s.kind is not StepKind.RESTART)]
    )


def _with_needs_of(other: Plan, again: set[str], plan: Plan) -> Plan:
    """The plan with what those of its changes need that are done again on the way back; the `other` one brings them.

    What comes with them there is deployed where this one starts, unless it is done again, too. No stop is named: the other
    one starts elsewhere.
    """
    paths = {change.path for change in other.do if change.identity in again}
    splits = [each for each in other.splits if each.kind is StepKind.DO and each.change in again]
    needs = [each for each in other.needs if each.change in again]
    needs += [Need(split.change, need) for split in splits for need in split.needs if need not in again]
    together = ((split, tuple(need for need in split.needs if need in again)) for split in splits)
    missing = (each for each in other.findings if each.rule == NEEDS_MISSING and each.place.path in paths)
    return plan._replace(
        needs=tuple(dict.fromkeys((*needs, *plan.needs))),
        splits=(*(split._replace(needs=these, stop=None) for split, these in together if these), *plan.splits),
        findings=tuple(dict.fromkeys((*missing, *plan.findings))),
    )


def _under_names(plan: Plan, new: Mapping[str, str]) -> Plan:
    """A plan with its changes by the names under which the ledger has their deeds; `new` has those by the former names."""
    if not new:
        return plan
    steps = tuple(
        step._replace(
            id=rename_step(step.id, new),
            changes=tuple(new.get(each, each) for each in step.changes),
            after=tuple(rename_step(each, new) for each in step.after),
        )
        for step in plan.steps
    )
    do, undo = (
        tuple(each._replace(identity=new.get(each.identity, each.identity)) for each in of) for of in (plan.do, plan.undo)
    )
    needs = tuple(
        each._replace(change=new.get(each.change, each.change), needs=new.get(each.needs, each.needs)) for each in plan.needs
    )
    return plan._replace(steps=steps, do=do, undo=undo, needs=needs)


def _after_failure(step: PlannedStep, entry: Record) -> PlannedStep:
    """A step that takes back what was recorded; what failed is looked at first."""
    if entry.deed.kind is not DeedKind.FAILED:
        return step
    warning = f"{entry.who} recorded that it failed ({entry.deed.reason}). Check first how far it came."
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
                after=tuple(dict.fromkeys((*first.after, *step.after))),
                check="\n".join(dict.fromkeys(filter(None, (first.check, step.check)))) or None,
            )
    return list(found.values())
