"""One step of a deploy under way, as the checklist shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.deploy.log.progress import StepState
from relbot.render.checklist.blocks import Barrier, Quoted, QuotedProse, StepBox, sentence
from relbot.render.checklist.step_blocks import notes_before, step_body, step_facts, step_title
from relbot.render.checklist.text import COLUMNS, keep_command_lines, lay_out_blocks
from relbot.render.common.units import format_time

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.deploy.log.progress import StepStatus
    from relbot.deploy.plan.model import Plan
    from relbot.render.checklist.blocks import Block, Sentence


def current_step_text(plan: Plan, standing: StepStatus, place: str, columns: int) -> str:
    """The step, what was recorded of it before, and the line that must not be crossed unawares.

    `place` says where it is done and how many there are, as in `production, step 2/5`.
    """
    return "\n" + lay_out_blocks(tuple(_step_blocks(plan, standing, place)), min(columns, COLUMNS), keep_command_lines)


def _step_blocks(plan: Plan, standing: StepStatus, place: str) -> Iterator[Block]:
    step = standing.step
    change = next((each for each in (*plan.do, *plan.undo) if each.identity == step.changes[0]), None) if step.changes else None
    if (step.number,) == plan.rollback.no_return[:1]:
        yield Barrier("POINT OF NO RETURN: this step cannot be undone")
    about = (sentence(f"{place}: ", Quoted(step.id)), *_earlier_result(standing), *step_facts(step, change))
    yield StepBox(step.number, step_title(step, change), about, step_body(step, notes_before(plan).get(step.id, "")))


def _earlier_result(standing: StepStatus) -> tuple[Sentence, ...]:
    entry, started = standing.entry, standing.started
    if started:
        return (sentence(f"In progress since {started.time:%H:%M} UTC: ", Quoted(str(started.who))),)
    if entry is None:
        return ()
    who = (Quoted(str(entry.who)), f", {format_time(entry.time)}")
    if standing.mark is StepState.CHANGED:
        return (sentence("CHANGED since it was ", entry.deed.kind.value, " by ", *who),)
    return (sentence("FAILED before: ", QuotedProse(entry.deed.reason), ", says ", *who),)
