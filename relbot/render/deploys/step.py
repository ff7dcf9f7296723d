"""One step of a deploy under way, as the checklist shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.deploy.log.progress import StepState
from relbot.render.checklist.blocks import Box, Line, Quoted, sentence
from relbot.render.checklist.steps import body, facts, note_before, title
from relbot.render.checklist.text import COLUMNS, as_written, laid_out

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.deploy.log.progress import StepStatus
    from relbot.deploy.plan.model import Plan
    from relbot.render.checklist.blocks import Block, Sentence


def step_text(plan: Plan, standing: StepStatus, place: str, columns: int) -> str:
    """The step with its place among all, what was said of it before, and the line that must not be crossed unawares."""
    return "\n" + laid_out(tuple(_blocks(plan, standing, place)), min(columns, COLUMNS), as_written)


def _blocks(plan: Plan, standing: StepStatus, place: str) -> Iterator[Block]:
    step = standing.step
    change = next((each for each in (*plan.do, *plan.undo) if each.identity == step.changes[0]), None) if step.changes else None
    if (step.number,) == plan.rollback.no_return[:1]:
        yield Line("POINT OF NO RETURN: nothing takes this step back")
    about = (sentence(f"step {place}: ", Quoted(step.id)), *_before(standing), *facts(step, change))
    yield Box(step.number, title(step, change), about, body(step, note_before(plan, step)))


def _before(standing: StepStatus) -> tuple[Sentence, ...]:
    entry = standing.entry
    if entry is None:
        return ()
    who = (Quoted(str(entry.who)), f", {entry.time:%Y-%m-%d %H:%M %Z}")
    if standing.mark is StepState.CHANGED:
        return (sentence("IT HAS CHANGED since it was ", entry.deed.result.value, " by ", *who),)
    return (sentence("IT FAILED before: ", Quoted(entry.deed.reason), ", says ", *who),)
