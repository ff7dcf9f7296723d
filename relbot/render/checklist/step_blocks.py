"""One step of a plan in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.deploy.plan.model import StepKind
from relbot.render.checklist.blocks import CommandBlock, ProseBlock, Quoted, QuotedProse, Sentence, sentence
from relbot.render.common.units import format_duration

if TYPE_CHECKING:
    from relbot.deploy.plan.model import Change, Plan, PlannedStep


def step_title(step: PlannedStep, change: Change | None) -> Sentence:
    """For which change the step is done, and whether it is a restart or takes something back."""
    names = ", ".join(step.changes)
    about = (": ", QuotedProse(change.summary)) if change else ()
    if step.kind is StepKind.RESTART:
        return sentence("Restart ", Quoted(step.service or ""), " (needed by ", Quoted(names), ")")
    if step.kind is StepKind.CHECK:
        return sentence("Check ", Quoted(step.service or ""), " after the restarts for ", Quoted(names))
    if step.kind is StepKind.UNDO:
        return sentence("Take back ", Quoted(names), *about)
    return sentence(Quoted(names), *about)


def step_facts(step: PlannedStep, change: Change | None) -> tuple[Sentence, ...]:
    """Where, how long and whom to ask on one line, then what nobody can take back and what is not shown."""
    brief: list[str | Quoted] = []
    if step.on:
        brief += ["; on: ", Quoted(", ".join(step.on))]
    if step.duration is not None:
        brief += [f"; takes: {format_duration(step.duration)}"]
    if step.downtime is not None:
        brief += [f"; downtime: {format_duration(step.downtime)}"]
    if change and change.authors and step.kind in (StepKind.DO, StepKind.UNDO):
        brief += ["; ask: ", Quoted(", ".join(change.authors))]
    said = [sentence(str(brief[0]).removeprefix("; "), *brief[1:])] if brief else []
    if step.irreversible:
        said.append(Sentence(("CANNOT BE UNDONE: ", QuotedProse(step.reason or "no reason given")), urgent=True))
    if step.withheld:
        because = ", because of invisible characters"
        said.append(Sentence(("NOT SHOWN: ", ", ".join(step.withheld), because), urgent=True))
    if step.takes_back:
        said.append(sentence("takes back: ", Quoted(step.takes_back)))
    return tuple(said)


def notes_before(plan: Plan) -> dict[str, str]:
    """What the author of a change wrote below `## Migration`, by the id of the first of its steps; nothing for all others.

    It belongs to the change, not to the step: where it is edited, nothing that was done has to be done again.
    """
    first: dict[tuple[str, ...], PlannedStep] = {}
    for step in plan.steps:
        if step.kind is StepKind.DO:
            first.setdefault(step.changes, step)
    written = {(change.identity,): change.migration for change in plan.do}
    return {step.id: written[changes] for changes, step in first.items() if not step.note and changes in written}


def step_body(step: PlannedStep, note: str = "") -> tuple[ProseBlock | CommandBlock, ...]:
    """What to read and what to type, in the order in which it is needed; `note` before all of it."""
    parts: list[ProseBlock | CommandBlock] = [ProseBlock(note, "Read first")] if note else []
    if step.do:
        parts.append(ProseBlock(step.do))
    if step.note:
        parts.append(ProseBlock(step.note))
    if step.run:
        parts.append(CommandBlock("Run", step.run))
    if step.check:
        parts.append(CommandBlock("Check", step.check))
    if step.undo:
        parts.append(CommandBlock("Undo", step.undo))
    return tuple(parts)
