"""Where an environment stands, in plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from relbot.deploy.log.obstacles import list_obstacles
from relbot.deploy.log.progress import StepState
from relbot.deploy.log.record import DeedKind
from relbot.deploy.log.state import sort_records
from relbot.fragment.model import Phase
from relbot.render.common.invisible_characters import make_visible
from relbot.render.common.units import format_commit, format_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from relbot.deploy.log.progress import Progress, StepStatus
    from relbot.deploy.log.record import Record
    from relbot.deploy.plan.model import PlannedStep
    from relbot.render.deploys.deploy_status import DeployStatus, GateAnswer

_BOXES = {
    StepState.OPEN: "[ ]",
    StepState.DONE: "[x]",
    StepState.SKIPPED: "[-]",
    StepState.FAILED: "[!]",
    StepState.CHANGED: "[ ]",
}


def status_text(status: DeployStatus) -> str:
    """What runs, what is under way and how far, what is left, who holds the lock."""
    return _join_lines(_status_lines(status))


def _status_lines(status: DeployStatus) -> Iterator[str]:
    now = status.state
    if now.running:
        yield f"{status.environment} runs {format_commit(now.running.deed.target)} since {_recorded_by(now.running)}."
    else:
        yield f"What runs on {status.environment} is not known: no deploy was recorded as done."
    if status.lock:
        yield _lock_line(status.lock)
    if now.deploy and status.progress:
        pair = f"{format_commit(now.deploy.start)} -> {format_commit(now.deploy.target)}"
        yield f"Under way since {_recorded_by(now.deploy.begun)}: {pair}."
        yield from _progress_lines(status.progress)
    else:
        yield "No deploy is under way."
    for each in status.left:
        yield f"Left for later: {each.id} (by the deploy of {format_commit(each.by.deed.target)}, {format_time(each.by.time)})"
        yield from (f"        {line}" for line in step_instructions(each.step))
    if status.unpublished:
        yield "This clone knows more than the remote: it is published with whatever is recorded next here."


def _progress_lines(progress: Progress) -> Iterator[str]:
    yield from (f"!!! {each}" for each in list_obstacles(progress.plan))
    width = max((len(each.step.id) for each in progress.statuses), default=0)
    for each in progress.statuses:
        yield f"  {_step_status_line(each, width)}"
    yield from _orphaned_lines(progress.orphaned_ticks)
    before = [each for each in progress.statuses if each.step.phase is not Phase.LATER]
    settled = sum(each.mark.settled for each in before)
    yield f"{settled} of {len(before)} steps are settled."


def _step_status_line(standing: StepStatus, width: int = 0) -> str:
    step, entry = standing.step, standing.entry
    said = f"{_BOXES[standing.mark]} {step.phase:14} {step.id:{width}}  {standing.mark}"
    if standing.mark is StepState.CHANGED and entry:
        return f"{said}: it says something else than when it was {entry.deed.kind} by {_recorded_by(entry)}"
    if entry:
        reason = f": {entry.deed.reason}" if entry.deed.reason else ""
        return f"{said}, {_recorded_by(entry)}{reason}"
    return said


def _orphaned_lines(entries: Iterable[Record]) -> Iterator[str]:
    for entry in entries:
        yield f"!!! {entry.deed.step} was done by {_recorded_by(entry)}, and the target does not have it any more."
        yield f"    Take it back, then: relbot deploy tick {entry.environment} '{entry.deed.step}' --undone"


def _lock_line(lock: Record) -> str:
    until = f" until {format_time(lock.deed.until)}" if lock.deed.until else ""
    return f"Locked{until} by {lock.who}: {lock.deed.reason}"


def gate_text(gate: GateAnswer) -> str:
    """Why the deploy must not go on, or that it may."""
    return _join_lines(_gate_lines(gate))


def _gate_lines(gate: GateAnswer) -> Iterator[str]:
    pair = f"{gate.environment}, {format_commit(gate.start)} -> {format_commit(gate.target)}"
    if gate.may_go_on:
        point = "No step comes before" if gate.before == Phase.BEFORE_INSTALL else "Nothing is open before"
        yield f"{pair}: {point} {gate.before}, and nothing is held."
        return
    yield f"{pair}: do not go on to {gate.before}."
    yield from (f"!!! {each}" for each in gate.obstacles)
    if gate.lock:
        yield f"!!! {_lock_line(gate.lock)}"
    yield from _orphaned_lines(gate.orphaned_ticks)
    width = max((len(each.step.id) for each in gate.unsettled), default=0)
    for each in gate.unsettled:
        yield f"  {_step_status_line(each, width)}"
        yield from (f"        {line}" for line in step_instructions(each.step))


def step_instructions(step: PlannedStep | None) -> list[str]:
    """What to type or do for a step, in lines; none if that is not known any more."""
    if step is None:
        return []
    return (step.run or step.do or (f"restart {step.service}" if step.service else step.note)).splitlines()


def log_text(entries: Iterable[Record]) -> str:
    """A line for each entry, the earliest first."""
    return _join_lines(f"{format_time(entry.time)}  {deed_text(entry)}  ({entry.who})" for entry in sort_records(entries))


def deed_text(entry: Record) -> str:
    """What was done, in a few words."""
    deed = entry.deed
    reason = f": {deed.reason}" if deed.reason else ""
    match deed.kind:
        case (
            DeedKind.STARTED | DeedKind.DONE | DeedKind.FAILED | DeedKind.SKIPPED | DeedKind.UNDONE | DeedKind.MISTAKEN
        ):  # fmt: skip
            on = f" on {deed.host}" if deed.host else ""
            return f"{deed.kind} {deed.step}{on}{reason}"
        case DeedKind.BEGUN | DeedKind.ABORTED | DeedKind.BREAK_GLASS:
            return f"{deed.kind} {format_commit(deed.start)} -> {format_commit(deed.target)}{reason}"
        case DeedKind.ENDED | DeedKind.ADOPTED:
            left = f", left for later: {', '.join(deed.deferred)}" if deed.deferred else ""
            return f"{deed.kind}: {format_commit(deed.target)} runs{reason}{left}"
        case DeedKind.LOCKED | DeedKind.NOTED:
            until = f" until {format_time(deed.until)}" if deed.until else ""
            return f"{deed.kind}{until}{reason}"
        case DeedKind.OVERRULED | DeedKind.LIFTED:
            return f"{deed.kind} {deed.what}{reason}"
        case DeedKind.UNLOCKED:
            return f"{deed.kind}{reason}"
        case _:
            assert_never(deed.kind)


def _recorded_by(entry: Record) -> str:
    return f"{format_time(entry.time)} ({entry.who})"


def _join_lines(lines: Iterable[str]) -> str:
    """What others wrote stands in these lines: nothing in it stays invisible, nor begins a line of its own."""
    return "".join(make_visible(line).replace("\n", " ").replace("\t", " ").rstrip() + "\n" for line in lines)
