"""Where an environment stands, in plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from relbot.deploy.log.progress import StepState
from relbot.deploy.log.record import DeedKind
from relbot.deploy.log.record_order import sort_records
from relbot.deploy.plan.model import StepKind
from relbot.fragment.model import Phase
from relbot.render.common.units import count_noun, format_commit, format_time
from relbot.render.deploys.commands import tick_command
from relbot.render.deploys.record_lines import (
    deed_text,
    happened,
    inert_lines,
    left_line,
    notice_line,
    overruled_line,
    reason_of,
    stray_sentence,
    when_and_who,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from relbot.deploy.answers import DeployStatus, GateAnswer, RecordedLog
    from relbot.deploy.log.progress import Progress, StepStatus
    from relbot.deploy.log.record import Record
    from relbot.deploy.log.state import Deploy
    from relbot.deploy.plan.model import PlannedStep

STEP_BOXES = {
    StepState.OPEN: "[ ]",
    StepState.STARTED: "[~]",
    StepState.DONE: "[x]",
    StepState.SKIPPED: "[-]",
    StepState.OVERRULED: "[-]",
    StepState.FAILED: "[!]",
    StepState.CHANGED: "[ ]",
}
"""The box of a step by its state."""


def status_text(status: DeployStatus) -> str:
    """What runs, what is under way and how far, what is held and left, notices, who holds the lock."""
    return inert_lines(_status_lines(status))


def _status_lines(status: DeployStatus) -> Iterator[str]:
    now, name = status.state, status.environment
    yield from status.remarks
    if now.running:
        how = " (adopted)" if now.running.deed.kind is DeedKind.ADOPTED else ""
        yield f"{name} runs {format_commit(now.running.deed.target)} since {when_and_who(now.running)}{how}."
    else:
        yield f"relbot does not know what runs on {name}: no deploy is recorded as done."
    yield from (notice_line(notice) for notice in status.notices)
    if status.lock:
        yield lock_line(status.lock)
    yield from map(overruled_line, status.overruled)
    if now.deploy and status.progress:
        yield from _under_way_lines(now.deploy, status, status.progress)
    else:
        yield "No deploy is under way."
        yield from (f"!!! {each}" for each in status.obstacles)
    if now.aborted:
        deed = now.aborted.deed
        yield f"The deploy to {format_commit(deed.target)} was aborted at {when_and_who(now.aborted)}{reason_of(now.aborted)}."
    for commit, record in now.held.items():
        yield (
            f"Held: {format_commit(commit)} and what contains it, since the rollback of {when_and_who(record)}."
            f" To allow it again: relbot deploy lift {name} {commit[:12]} --reason WHY"
        )
    yield from (f"!!! {each}" for each in map(stray_sentence, now.told_stray) if each not in status.obstacles)
    for left in status.left:
        yield left_line(left)
        yield from (f"        {line}" for line in step_instructions(left.step))
    if status.unpublished:
        yield "This clone has records that the remote lacks. relbot publishes them with your next record."


def _under_way_lines(deploy: Deploy, status: DeployStatus, progress: Progress) -> Iterator[str]:
    pair = f"{format_commit(deploy.start)} -> {format_commit(deploy.target)}"
    yield f"A deploy is under way since {when_and_who(deploy.begun)}: {pair}."
    yield from (f"!!! {each}" for each in status.obstacles)
    width = max((len(each.step.id) for each in progress.statuses), default=0)
    yield from (f"  {_step_status_line(each, width)}" for each in progress.statuses)
    yield from _orphaned_lines(progress.orphaned_ticks)
    before = [each for each in progress.statuses if each.step.phase is not Phase.LATER]
    later = len(progress.statuses) - len(before)
    settled = sum(each.mark.settled for each in before)
    wait = f" {count_noun(later, 'more step')} can wait." if later else ""
    yield f"{settled} of {count_noun(len(before), 'step')} settled.{wait}"
    yield from way_back_lines(status.environment, deploy.start, progress.statuses)


def _step_status_line(standing: StepStatus, width: int = 0) -> str:
    step, entry = standing.step, standing.entry
    said = f"{STEP_BOXES[standing.mark]} {step.phase:14} {step.id:{width}}  {standing.mark}"
    where = hosts_text(standing)
    if standing.mark is StepState.CHANGED and entry:
        return f"{said}{where}: its text has changed since it {happened(entry)} at {when_and_who(entry)}{reason_of(entry)}"
    return f"{said}{where}, {when_and_who(entry)}{reason_of(entry)}" if entry else f"{said}{where}"


def hosts_text(standing: StepStatus) -> str:
    """How a step stands on each of its hosts, in brackets; "" where they were not told apart."""
    hosts = "; ".join(f"{each.host}: {each.mark}" for each in standing.by_host)
    return f" ({hosts})" if hosts else ""


def _orphaned_lines(entries: Iterable[Record]) -> Iterator[str]:
    for entry in entries:
        yield f"!!! {entry.deed.step} {happened(entry)} at {when_and_who(entry)}, and the target does not contain it."
        yield f"    Undo it, then: {tick_command(entry.environment, entry.deed.step, '--undone')}"


def lock_line(lock: Record) -> str:
    """Who holds a lock, until when and why."""
    until = f" until {format_time(lock.deed.until)}" if lock.deed.until else ""
    return f"Locked{until} by {lock.who}: {lock.deed.reason}"


def gate_text(gate: GateAnswer) -> str:
    """Why the deploy must not go on, or that it may."""
    return inert_lines(_gate_lines(gate))


def _gate_lines(gate: GateAnswer) -> Iterator[str]:
    pair = f"{gate.environment}, {format_commit(gate.start)} -> {format_commit(gate.target)}"
    yield from gate.remarks
    yield from map(notice_line, gate.notices)
    yield from map(overruled_line, gate.overruled)
    if not gate.may_go_on:
        yield f"{pair}: stop. Do not {_next_act(gate)} yet."
        for against in gate.obstacles:
            first, *rest = against.splitlines()
            yield from (f"!!! {first}", *(f"    {line}" for line in rest))
        yield from _orphaned_lines(gate.orphaned_ticks)
    elif gate.unverified:
        yield f"{pair}: not verified. You continue because: {gate.unverified}"
    elif gate.already:
        yield f"{gate.environment} runs {format_commit(gate.target)} already: nothing is open before {gate.before}."
    else:
        point = "no step comes before" if gate.before == Phase.BEFORE_INSTALL else "nothing is open before"
        yield f"{pair}: {point} {gate.before}, and nothing is held."
        yield from _next_lines(gate)
    width = max((len(each.step.id) for each in gate.unsettled), default=0)
    for each in gate.unsettled:
        yield f"  {_step_status_line(each, width)}"
        yield from (f"        {line}" for line in step_instructions(each.step))
        yield from when_lines(gate.environment, each.step)
    yield from way_back_lines(gate.environment, gate.start, gate.unsettled)
    for left in gate.overdue:
        yield f"  {left_line(left)}"
        yield from (f"        {line}" for line in step_instructions(left.step))
        yield f"        When it is done: {tick_command(gate.environment, left.id)}"
    for each in gate.later:
        if each not in gate.unsettled:
            yield f"Can wait: {each.step.id} is {each.mark}."
    for left in gate.left:
        if left not in gate.overdue:
            yield f"Open of an earlier deploy: {left.id}."
    if gate.may_go_on and gate.looked:
        yield "relbot recorded nothing, because of `--look`. To continue, run the command again without it."


def _next_act(gate: GateAnswer) -> str:
    """What comes after the point of a gate, as a verb."""
    match gate.phase:
        case Phase.BEFORE_RESTART:
            return "install"
        case Phase.AFTER_RESTART:
            return "restart"
        case Phase.LATER:
            return "end the deploy"
        case Phase.BEFORE_INSTALL | Phase.NOT_SAID:
            return "begin"
        case _:
            assert_never(gate.phase)


def _next_lines(gate: GateAnswer) -> Iterator[str]:
    """What to do now that a gate is open; nothing where somebody only looked."""
    if gate.looked:
        return
    if gate.phase is Phase.BEFORE_RESTART:
        yield f"Install {format_commit(gate.target)} now. Do not restart anything yet."
    elif gate.phase is Phase.AFTER_RESTART:
        yield "Restart now, and record each restart."


def way_back_lines(environment: str, start: str, statuses: Iterable[StepStatus]) -> list[str]:
    """How to get back to where a deploy began, if a step has failed; nothing otherwise."""
    if all(each.mark is not StepState.FAILED for each in statuses):
        return []
    return [f"A step failed. To go back: relbot checklist {environment} --to {format_commit(start)}"]


def when_lines(environment: str, step: PlannedStep) -> list[str]:
    """How an operator says when a step is done to which its author gave no phase; none for all other steps."""
    if step.phase is not Phase.NOT_SAID:
        return []
    command = f"relbot deploy overrule {environment} 'phase:{step.id}>after-restart' --reason WHY"
    said = "The fragment names no phase, so it may be due now: read it. If it is due later, say so, for example:"
    return [f"        {said}", f"          {command}"]


def step_instructions(step: PlannedStep | None) -> list[str]:
    """What to type or do for a step, in lines; none if that is not known any more."""
    if step is None:
        return []
    told = step.run or step.do or (f"restart {step.service}" if step.service else "")
    said = [told, *([step.note] if step.note and not step.run else [])]
    if step.check and step.kind in (StepKind.RESTART, StepKind.CHECK):
        said += [f"Check: {line}" for line in step.check.splitlines()]
    return "\n".join(said).splitlines()


def log_text(log: RecordedLog) -> str:
    """Renders a line for each record, the earliest first."""
    return inert_lines(f"{format_time(entry.time)}  {deed_text(entry)}  ({entry.who})" for entry in sort_records(log.records))
