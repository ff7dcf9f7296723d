"""A deploy under way as a list of boxes that people tick in an issue. What authors wrote stands in code spans and fences."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from relbot.deploy.log.progress import StepState, list_obstacles
from relbot.deploy.plan.model import StepKind
from relbot.render.checklist.blocks import Box
from relbot.render.checklist.markdown import code_span, item, said
from relbot.render.checklist.steps import body, facts, note_before, title
from relbot.render.comment.safe import span, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from relbot.deploy.log.progress import Progress, StepStatus
    from relbot.deploy.plan.model import Plan

    Hidden = Callable[[StepStatus], str]
    """What stands invisibly at the end of a step's line, so that its box is found again."""


def boxes(progress: Progress, hidden: Hidden) -> Iterator[str]:
    """The lines of all steps: in full what to do, what to check, how to take it back."""
    yield from _alarms(progress)
    for phase, standings in groupby(progress.statuses, key=lambda standing: standing.step.phase):
        yield from ("", f"## {phase.value.replace('-', ' ').capitalize()}: {phase.state}", "")
        for standing in standings:
            yield from _before(progress.plan, standing)
            first = f"{_first(progress.plan, standing)} {hidden(standing)}"
            yield from item(first.removeprefix("- "), _box(progress.plan, standing))


def short_boxes(progress: Progress, hidden: Hidden) -> Iterator[str]:
    """The same with a line for each step."""
    yield from _alarms(progress)
    yield ""
    for standing in progress.statuses:
        yield f"{_first(progress.plan, standing)} {hidden(standing)}"


def _first(plan: Plan, standing: StepStatus) -> str:
    step, entry = standing.step, standing.entry
    shown = f"- [{'x' if standing.mark.settled else ' '}] {code_span(step.id)} {said(_box(plan, standing).title)}"
    if standing.mark is StepState.OPEN or entry is None:
        return shown
    if standing.mark is StepState.CHANGED:
        return f"{shown} **changed since it was {entry.deed.result.value}** by {span(str(entry.who))}"
    reason = f": {words(entry.deed.reason)}" if entry.deed.reason else ""
    mark = standing.mark.value if standing.mark.settled else f"**{standing.mark.value}**"
    return f"{shown} {mark} by {span(str(entry.who))}{reason}"


def _box(plan: Plan, standing: StepStatus) -> Box:
    step = standing.step
    change = next((each for each in (*plan.do, *plan.undo) if each.identity == step.changes[0]), None) if step.changes else None
    named = title(step, None if step.kind is StepKind.RESTART else change)
    return Box(step.number, named, facts(step, change), body(step, note_before(plan, step)))


def _before(plan: Plan, standing: StepStatus) -> Iterator[str]:
    if (standing.step.number,) == plan.rollback.no_return[:1]:
        yield from ("---", "", "**⛔ Point of no return: nothing takes the next step back**", "", "---", "")


def _alarms(progress: Progress) -> Iterator[str]:
    against = [
        *list_obstacles(progress.plan),
        *(f"`{each.deed.step}` was done and has to be taken back" for each in progress.orphaned_ticks),
    ]
    if against:
        yield from ("", "## Do not go on", "", *(f"- ⚠ {words(each)}" for each in against))
