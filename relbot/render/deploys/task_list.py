"""A deploy under way as a list of boxes that people tick in an issue. What authors wrote stands in code spans and fences."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from relbot.deploy.log.obstacles import list_obstacles
from relbot.deploy.log.progress import StepState
from relbot.deploy.plan.model import StepKind
from relbot.fragment.model import Phase
from relbot.render.checklist.blocks import StepBox
from relbot.render.checklist.markdown import sentence_markdown, step_item
from relbot.render.checklist.step_blocks import notes_before, step_body, step_facts, step_title
from relbot.render.common.inert_markdown import code_span, inert_name, inert_sentence
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from relbot.deploy.log.progress import Progress, StepStatus
    from relbot.deploy.plan.model import Change, Plan

    Hidden = Callable[[StepStatus], str]
    """What stands invisibly at the end of a step's line, so that its box is found again."""


class _Told(NamedTuple):
    """The changes of a plan by their identities, and what their authors wrote by the ids of steps: looked up for each step."""

    changes: Mapping[str, Change]
    notes: Mapping[str, str]


def _tell(plan: Plan) -> _Told:
    return _Told({change.identity: change for change in (*plan.undo, *plan.do)}, notes_before(plan))


def full_task_list(progress: Progress, hidden: Hidden) -> Iterator[str]:
    """The lines of all steps: in full what to do, what to check, how to take it back."""
    told = _tell(progress.plan)
    yield from _alarm_lines(progress)
    installed = False
    for phase, standings in groupby(progress.statuses, key=lambda standing: standing.step.phase):
        if not installed and phase not in (Phase.NOT_SAID, Phase.BEFORE_INSTALL):
            installed = True
            yield from ("", "---", "", f"**Install {code_span(progress.plan.target.name)} now.**", "", "---")
        yield from ("", f"## {phase.heading}: {phase.state}", "")
        for standing in standings:
            yield from _barrier_lines(progress.plan, standing)
            first = f"{_step_line(told, standing)} {hidden(standing)}"
            yield from step_item(first.removeprefix("- "), _step_box(told, standing))


def short_task_list(progress: Progress, hidden: Hidden) -> Iterator[str]:
    """The same with a line for each step."""
    told = _tell(progress.plan)
    yield from _alarm_lines(progress)
    yield ""
    for standing in progress.statuses:
        yield f"{_step_line(told, standing)} {hidden(standing)}"


def _step_line(told: _Told, standing: StepStatus) -> str:
    step, entry = standing.step, standing.entry
    shown = (
        f"- [{'x' if standing.mark.settled else ' '}] {code_span(step.id)} {sentence_markdown(_step_box(told, standing).title)}"
    )
    if standing.mark is StepState.OPEN or entry is None:
        return shown
    if standing.mark is StepState.CHANGED:
        return f"{shown} **changed since it was {entry.deed.kind.value}** by {inert_name(str(entry.who))}"
    reason = f": {inert_sentence(entry.deed.reason)}" if entry.deed.reason else ""
    mark = standing.mark.value if standing.mark.settled else f"**{standing.mark.value}**"
    return f"{shown} {mark} by {inert_name(str(entry.who))}{reason}"


def _step_box(told: _Told, standing: StepStatus) -> StepBox:
    step = standing.step
    change = told.changes.get(step.changes[0]) if step.changes else None
    named = step_title(step, change if step.kind in (StepKind.DO, StepKind.UNDO) else None)
    return StepBox(step.number, named, step_facts(step, change), step_body(step, told.notes.get(step.id, "")))


def _barrier_lines(plan: Plan, standing: StepStatus) -> Iterator[str]:
    if (standing.step.number,) == plan.rollback.no_return[:1]:
        yield from ("---", "", "**⛔ Point of no return: the next step cannot be undone**", "", "---", "")


def _alarm_lines(progress: Progress) -> Iterator[str]:
    against = [
        *list_obstacles(progress.plan),
        *(f"`{each.deed.step}` was done and has to be taken back" for each in progress.orphaned_ticks),
    ]
    if against:
        yield from ("", "## Do not continue", "", *(f"- ⚠ {inert_sentence(each)}" for each in against))
