"""All steps of a plan, in the order in which they are done."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from relbot.deploy.plan.difference import steps_of
from relbot.deploy.plan.model import PlannedStep, Reversibility, StepKind, Total, WayBack
from relbot.deploy.plan.planned_steps import hidden_keys, only_restarts, step_to_do, step_to_undo
from relbot.fragment.model import ALL_PHASES, Fragment, Phase, Step
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relbot.deploy.plan.model import Plan

_KINDS = (StepKind.CHECK, StepKind.UNDO, StepKind.DO, StepKind.RESTART)
"""In which order steps of one phase come where a plan is put together from two."""
_RANK = {phase: rank for rank, phase in enumerate(ALL_PHASES)}


class _Written(NamedTuple):
    """A step where its author wrote it: the `number`th of its fragment, from 1."""

    fragment: Fragment
    number: int
    step: Step


def arrange_steps(do: Iterable[Fragment], undo: Iterable[Fragment]) -> tuple[PlannedStep, ...]:
    """The numbered steps of a deploy that does `do` and takes back `undo`, both in the order in which changes are done.

    By phase; within one, what is taken back comes first. Restarts come at the end of `before-restart`, each service once.
    """
    doing, undoing = _sort_by_phase(do), _sort_by_phase(undo)[::-1]
    steps = [step_to_undo(*written, phase) for written, phase in _phases_of_undo(undoing) if not only_restarts(written.step)]
    steps += [step_to_do(*written) for written in doing if not only_restarts(written.step)]
    steps.sort(key=lambda step: _RANK[step.phase])
    before = sum(_RANK[step.phase] <= _RANK[Phase.BEFORE_RESTART] for step in steps)
    steps[before:before] = _restart_steps([*((w, True) for w in undoing), *((w, False) for w in doing)])
    return tuple(step._replace(number=number) for number, step in enumerate(steps, 1))


def amended_steps(fragment: Fragment) -> tuple[PlannedStep, ...]:
    """The steps of a fragment that was deployed with other ones, as written."""
    return tuple(step_to_do(fragment, number, step) for number, step in enumerate(steps_of(fragment), 1))


def _sort_by_phase(fragments: Iterable[Fragment]) -> list[_Written]:
    written = [_Written(fragment, n, step) for fragment in fragments for n, step in enumerate(steps_of(fragment), 1)]
    return sorted(written, key=lambda w: _RANK[w.step.phase])


def _phases_of_undo(undoing: list[_Written]) -> list[tuple[_Written, Phase]]:
    """In which phase each step is taken back, so that the reversed order of doing holds.

    The code that did a step is the code that takes it back: a task that a package brought is gone with the package.
    So what was done with the new code on disk is taken back before the old code is installed, and what was done with
    the old code after that has restarted; but no later than a restart that has to follow it.
    """
    earlier = [n for n, w in enumerate(undoing) if w.step.phase is Phase.BEFORE_INSTALL and w.step.restart]
    last_restart = max(earlier, default=-1)
    phases: list[tuple[_Written, Phase]] = []
    for n, written in enumerate(undoing):
        match written.step.phase:
            case Phase.NOT_SAID:
                phase = Phase.NOT_SAID
            case Phase.BEFORE_INSTALL:
                phase = Phase.BEFORE_RESTART if n <= last_restart else Phase.AFTER_RESTART
            case Phase.BEFORE_RESTART | Phase.AFTER_RESTART | Phase.LATER:
                phase = Phase.BEFORE_INSTALL
            case _:
                assert_never(written.step.phase)
        phases.append((written, phase))
    return phases


def _restart_steps(written: list[tuple[_Written, bool]]) -> list[PlannedStep]:
    """Each service once, in the order of the last steps that need them. The second of each pair: whether it is taken back."""
    needed: dict[str, list[tuple[_Written, bool]]] = {}
    for each, undo in written:
        for service in () if "restart" in hidden_keys(each.step) else dict.fromkeys(each.step.restart):
            by = needed.pop(service, [])
            by.append((each, undo))
            needed[service] = by
    return [_restart_step(service, by) for service, by in needed.items()]


def _restart_step(service: str, needed_by: list[tuple[_Written, bool]]) -> PlannedStep:
    by = [each for each, _ in needed_by]
    after = [
        f"{each.fragment.identity}#{each.number}{':undo' if undo else ''}"
        for each, undo in needed_by
        if not only_restarts(each.step)
    ]
    alone = [each.step for each in by if only_restarts(each.step)]
    return PlannedStep(
        number=0,
        id=f"restart:{service}",
        kind=StepKind.RESTART,
        phase=Phase.BEFORE_RESTART,
        changes=tuple(dict.fromkeys(each.fragment.identity for each in by)),
        on=tuple(sorted({host for each in by if "on" not in hidden_keys(each.step) for host in each.step.on})),
        check="\n".join(dict.fromkeys(step.check for step in alone if step.check)) or None,
        service=service,
        after=tuple(after),
        duration=max((step.duration for step in alone if step.duration is not None), default=None),
        downtime=max((step.downtime for step in alone if step.downtime is not None), default=None),
    )


def way_back(steps: Iterable[PlannedStep], kind: StepKind, unreadable: tuple[str, ...]) -> WayBack:
    """Whether the steps of a kind can be taken back (of `undo`: whether the undoing itself can be done).

    With fragments that are `unreadable` the steps are not all that there is.
    """
    steps = [step for step in steps if step.kind is kind]
    backwards = steps[::-1] if kind is StepKind.DO else steps
    backwards = sorted(backwards, key=lambda step: step.phase is not Phase.NOT_SAID)  # as the plan back has them: read first
    no_return = tuple(step.number for step in steps if step.irreversible)
    can = {step.number for step in steps if (step.undo if kind is StepKind.DO else step.run) and not step.irreversible}
    by_hand = tuple(step.number for step in backwards if not step.irreversible and step.number not in can)
    known = Reversibility.NEEDS_WORK if by_hand else Reversibility.SAFE
    verdict = Reversibility.IMPOSSIBLE if no_return else Reversibility.UNKNOWN if unreadable else known
    return WayBack(verdict, tuple(step.number for step in backwards if step.number in can), by_hand, no_return)


def sum_stated(steps: Iterable[PlannedStep], what: str) -> Total:
    """The sum of `duration` or `downtime` over the steps before the phase `later`."""
    counted = [step for step in steps if step.phase is not Phase.LATER]
    stated = [seconds for step in counted if (seconds := getattr(step, what)) is not None]
    silent = sum(getattr(step, what) is None and step.kind in (StepKind.DO, StepKind.UNDO) for step in counted)
    return Total(sum(stated), len(stated), silent)


def renumber_steps(plan: Plan, steps: Iterable[PlannedStep]) -> Plan:
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
    return _RANK[step.phase], _KINDS.index(step.kind)
