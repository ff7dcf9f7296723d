"""Where an environment stands, in plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from relbot.deploy.log.graph import record_hash
from relbot.deploy.log.progress import StepState
from relbot.deploy.log.record import DeedKind, Direction
from relbot.deploy.log.record_order import sort_records
from relbot.deploy.log.state import CLOSING
from relbot.deploy.plan.model import StepKind
from relbot.fragment.model import Phase
from relbot.render.common.invisible_characters import make_visible
from relbot.render.common.units import count_noun, format_commit, format_time
from relbot.render.deploys.commands import tick_command

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from relbot.deploy.answers import DeployStatus, GateAnswer, RecordedLog
    from relbot.deploy.log.progress import DeferredStep, Progress, StepStatus
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
        yield f"{name} runs {format_commit(now.running.deed.target)} since {_recorded_by(now.running)}{how}."
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
    if now.aborted:
        deed = now.aborted.deed
        yield f"The deploy to {format_commit(deed.target)} was aborted at {_recorded_by(now.aborted)}{_reason(now.aborted)}."
    for commit, record in now.held.items():
        yield (
            f"Held: {format_commit(commit)} and what contains it, since the rollback of {_recorded_by(record)}."
            f" To allow it again: relbot deploy lift {name} {commit[:12]} --reason WHY"
        )
    yield from (f"!!! {each}" for each in map(stray_sentence, now.stray) if each not in status.obstacles)
    for left in status.left:
        yield left_line(left)
        yield from (f"        {line}" for line in step_instructions(left.step))
    if status.unpublished:
        yield "This clone has records that the remote lacks. relbot publishes them with your next record."


def stray_sentence(record: Record) -> str:
    """That a deed belongs to no deploy that is known here, and how to say that somebody has looked."""
    lift = f"relbot deploy lift {record.environment} stray:{record_hash(record)[:12]} --reason WHY"
    if record.deed.kind in CLOSING:
        adopt = f"relbot deploy adopt {record.environment} --at REV"
        how = "done" if record.deed.kind is DeedKind.ENDED else "aborted"
        return (
            f"{_recorded_by(record)} recorded that the deploy to {format_commit(record.deed.target)} was {how}, but it had been"
            f" ended, aborted or replaced before. Find out which revision runs, then record it: {adopt}"
            f" If the ledger is right: {lift}"
        )
    if record.deed.kind is DeedKind.MISTAKEN:
        return (
            f"{_recorded_by(record)} recorded that a record of {record.deed.step} was a mistake, and a deploy that went on from"
            f" it had ended. Find out whether {record.deed.step} is done, and record that. Then: {lift}"
        )
    what = f"{deed_text(record)}, {_recorded_by(record)}: this belongs to no deploy that is under way or has ended."
    return f"{what} Find out whether it still holds, then record that you did: {lift}"


def notice_line(notice: Record) -> str:
    """A notice, whose it is, and until when it is shown; where it has no end, how to end it."""
    until = f", until {format_time(notice.deed.until)}" if notice.deed.until else ""
    lift = f"relbot deploy lift {notice.environment} note:{record_hash(notice)[:12]} --reason WHY"
    end = "" if until else f" (to remove it: {lift})"
    return f"Notice of {notice.who}, {format_time(notice.time)}{until}: {notice.deed.reason}{end}"


def overruled_line(record: Record) -> str:
    """What was set aside for a deploy, by whom and why."""
    kind, _, what = record.deed.what.partition(":")
    step, _, phase = what.rpartition(">")
    said = f"step {step} is done in the phase {phase}" if kind == "phase" and step else record.deed.what
    return f"Overruled: {said}, {_recorded_by(record)}{_reason(record)}"


def left_line(left: DeferredStep) -> str:
    """That an earlier deploy left a step open, and that somebody tried it and failed."""
    where = f" on {', '.join(left.hosts)}" if left.hosts else ""
    failed = f" It failed{_on_host(left.failed)} at {_recorded_by(left.failed)}{_reason(left.failed)}." if left.failed else ""
    if left.taken_back and not left.failed:
        return f"[ ] Taken back: {left.id}{where}, {_recorded_by(left.by)}. Do it again, or roll back what needs it."
    by = f"the deploy to {format_commit(left.by.deed.target)}, {format_time(left.by.time)}"
    return f"[ ] Left for later: {left.id}{where} (by {by}).{failed}"


def _under_way_lines(deploy: Deploy, status: DeployStatus, progress: Progress) -> Iterator[str]:
    pair = f"{format_commit(deploy.start)} -> {format_commit(deploy.target)}"
    yield f"A deploy is under way since {_recorded_by(deploy.begun)}: {pair}."
    yield from (f"!!! {each}" for each in status.obstacles)
    width = max((len(each.step.id) for each in progress.statuses), default=0)
    yield from (f"  {_step_status_line(each, width)}" for each in progress.statuses)
    yield from _orphaned_lines(progress.orphaned_ticks)
    before = [each for each in progress.statuses if each.step.phase is not Phase.LATER]
    later = len(progress.statuses) - len(before)
    settled = sum(each.mark.settled for each in before)
    wait = f" {count_noun(later, 'more step')} can wait." if later else ""
    yield f"{settled} of {count_noun(len(before), 'step')} settled.{wait}"


def _step_status_line(standing: StepStatus, width: int = 0) -> str:
    step, entry = standing.step, standing.entry
    said = f"{STEP_BOXES[standing.mark]} {step.phase:14} {step.id:{width}}  {standing.mark}"
    hosts = "; ".join(f"{each.host}: {each.mark}" for each in standing.by_host)
    where = f" ({hosts})" if hosts else ""
    if standing.mark is StepState.CHANGED and entry:
        return f"{said}{where}: its text has changed since it was {entry.deed.kind} at {_recorded_by(entry)}"
    return f"{said}{where}, {_recorded_by(entry)}{_reason(entry)}" if entry else f"{said}{where}"


def _orphaned_lines(entries: Iterable[Record]) -> Iterator[str]:
    for entry in entries:
        yield f"!!! {entry.deed.step} was {entry.deed.kind} at {_recorded_by(entry)}, and the target does not contain it."
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


def deed_text(entry: Record) -> str:
    """What was done, in a few words."""
    deed = entry.deed
    reason = f": {deed.reason}" if deed.reason else ""
    pair = f"{format_commit(deed.start)} -> {format_commit(deed.target)}"
    until = f" until {format_time(deed.until)}" if deed.until else ""
    match deed.kind:
        case DeedKind.STARTED | DeedKind.DONE | DeedKind.FAILED | DeedKind.SKIPPED | DeedKind.UNDONE | DeedKind.MISTAKEN:
            return f"{deed.kind} {deed.step}{_on_host(entry)}{reason}"
        case DeedKind.BEGUN | DeedKind.ABORTED | DeedKind.BREAK_GLASS:
            direction = f" ({deed.direction})" if deed.direction in (Direction.ROLLBACK, Direction.DIVERGED) else ""
            return f"{deed.kind} {pair}{direction}{reason}"
        case DeedKind.ENDED:
            left = f", left for later: {', '.join(deed.deferred)}" if deed.deferred else ""
            return f"ended: {format_commit(deed.target)} runs{reason}{left}"
        case DeedKind.ADOPTED:
            return f"adopted {format_commit(deed.target)}{reason}"
        case DeedKind.OVERRULED | DeedKind.LIFTED:
            return f"{deed.kind} {deed.what}{reason}"
        case DeedKind.ANNOUNCED:
            return f"{deed.kind} {pair} ({deed.what})"
        case DeedKind.VOUCHED:
            return f"{deed.kind} for record {deed.what[:12]}{reason}"
        case DeedKind.LOCKED | DeedKind.NOTED:
            return f"{deed.kind}{until}{reason}"
        case DeedKind.UNLOCKED:
            return f"{deed.kind}{reason}"
        case _:
            assert_never(deed.kind)


def _on_host(record: Record) -> str:
    return f" on {record.deed.host}" if record.deed.host else ""


def _reason(record: Record) -> str:
    return f": {record.deed.reason}" if record.deed.reason else ""


def _recorded_by(entry: Record) -> str:
    return f"{format_time(entry.time)} ({entry.who})"


def inert_lines(lines: Iterable[str]) -> str:
    """What others wrote stands in these lines: nothing in it stays invisible, nor begins a line of its own."""
    return "".join(make_visible(line).replace("\n", " ").replace("\t", " ").rstrip() + "\n" for line in lines)
