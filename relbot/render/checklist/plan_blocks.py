"""A plan as a page of blocks: what is said, in which order. Written for somebody at ten past ten with production down."""

from __future__ import annotations

from itertools import groupby
from types import MappingProxyType
from typing import TYPE_CHECKING

from relbot.deploy.plan.model import StepKind
from relbot.deploy.plan.step_order import way_back
from relbot.finding import Level
from relbot.fragment.model import Phase
from relbot.render.checklist.blocks import (
    AmendedStep,
    Barrier,
    Block,
    BulletList,
    Heading,
    InstallNow,
    OnlyLine,
    Paragraph,
    Quoted,
    QuotedProse,
    StepBox,
    Title,
    sentence,
)
from relbot.render.checklist.plan_sentences import duration_sentences, format_revision, rollback_sentence, undoing_sentence
from relbot.render.checklist.step_blocks import notes_before, step_body, step_facts, step_title
from relbot.render.common.units import count_noun

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from relbot.deploy.plan.changelog import Revision
    from relbot.deploy.plan.model import Change, Plan
    from relbot.finding import Finding
    from relbot.render.checklist.blocks import Sentence


NO_MARKS: Mapping[str, str] = MappingProxyType({})
"""What stands in the boxes of a plan of which nothing was done."""


def plan_blocks(plan: Plan, marks: Mapping[str, str] = NO_MARKS) -> tuple[Block, ...]:
    """The blocks of a checklist. Where nobody has to do or know anything, one paragraph that names the two revisions.

    `marks` has what stands in the box of a step, one character, by the id of the step; a space where it has none.
    """
    if plan.quiet:
        return (OnlyLine(_nothing_to_do(plan)),)
    return (
        Title(sentence("Deploy ", Quoted(format_revision(plan.start)), " -> ", Quoted(format_revision(plan.target)))),
        *_overview_blocks(plan),
        *_alarm_blocks(plan),
        *_amended_blocks(plan),
        *(_leg_blocks(plan, marks) if plan.legs else _phase_blocks(plan, marks)),
        *_grace_blocks(plan),
    )


def _nothing_to_do(plan: Plan) -> Sentence:
    changes = "" if plan.empty else f": {_count_changes(plan)} without a step"
    return sentence("Nothing to do: ", Quoted(format_revision(plan.start)), " -> ", Quoted(format_revision(plan.target)), changes)


def _count_changes(plan: Plan) -> str:
    done = count_noun(len(plan.do), "change") if plan.do or not plan.undo else ""
    return ", ".join(part for part in (done, count_noun(len(plan.undo), "change") + " taken back" if plan.undo else "") if part)


def _overview_blocks(plan: Plan) -> Iterator[Block]:
    restarts = sum(step.kind is StepKind.RESTART for step in plan.steps)
    checks = sum(step.kind is StepKind.CHECK for step in plan.steps)
    steps = len(plan.steps) - restarts - checks
    counts = [_count_changes(plan), count_noun(steps, "step"), count_noun(restarts, "restart") if restarts else ""]
    counts.append(f"{count_noun(checks, 'service')} to check" if checks else "")
    said = ", ".join(part for part in counts if part) + "."
    yield Paragraph(sentence(" ".join((said, *duration_sentences(plan)))))
    if plan.undo:
        yield Paragraph(sentence(undoing_sentence(plan.undoing)))
    if plan.legs:
        names = Quoted(" -> ".join(each.name for each in (plan.legs[0].start, *(leg.target for leg in plan.legs))))
        yield Paragraph(sentence(f"In {len(plan.legs)} legs, one after the other: ", names, "."))
    elif plan.do and any(step.kind is StepKind.DO for step in plan.steps):
        yield Paragraph(sentence(rollback_sentence(plan.rollback)))
    if plan.not_done:
        names = Quoted(", ".join(plan.not_done))
        yield Paragraph(sentence("Deferred and never done, so there is nothing to undo: ", names, "."))


def _alarm_blocks(plan: Plan) -> Iterator[Block]:
    """What stands on top because whoever misses it should not have begun."""
    if plan.abandoned:
        yield Heading("In the middle of another deploy")
        yield BulletList(tuple(_abandoned_sentence(plan, target) for target in plan.abandoned), alarm=True)
    if plan.holds:
        yield Heading("Do not deploy yet")
        yield BulletList(tuple(_hold_sentence(plan, hold.change, hold.awaits) for hold in plan.holds), alarm=True)
    if plan.splits:
        yield Heading("Not in one go")
        yield BulletList(tuple(_split_sentence(plan, n) for n in range(len(plan.splits))), alarm=True)
    if plan.unreadable:
        yield Heading("This checklist is not complete")
        items = (sentence("What ", Quoted(i), " needs is unknown: its fragment has errors.") for i in plan.unreadable)
        yield BulletList(tuple(items), alarm=True)
    if plan.tidied:
        yield Heading("Stays deployed")
        items = (sentence(Quoted(i), ": its note was removed, its change was not.") for i in plan.tidied)
        yield BulletList(tuple(items))
    if plan.findings:
        yield Heading("Errors in fragments")
        alarm = any(finding.level is Level.ERROR for finding in plan.findings)
        yield BulletList(tuple(map(_finding_sentence, plan.findings)), alarm=alarm)


def _finding_sentence(finding: Finding) -> Sentence:
    tip = (" ", QuotedProse(finding.tip)) if finding.tip else ()
    return sentence(Quoted(str(finding.place)), ": ", QuotedProse(finding.message), *tip, " (", Quoted(finding.rule), ")")


def _abandoned_sentence(plan: Plan, target: Revision) -> Sentence:
    other, own = Quoted(format_revision(target)), Quoted(plan.target.name)
    return sentence("The deploy of ", other, " was begun. What was done for it and is not in ", own, " is taken back here.")


def _hold_sentence(plan: Plan, change: str, awaits: str) -> Sentence:
    return sentence(
        Quoted(change), " must not be deployed without ", Quoted(awaits), ", which is not in ", Quoted(plan.target.name), "."
    )


def _split_sentence(plan: Plan, number: int) -> Sentence:
    split = plan.splits[number]
    needs = " and ".join(split.needs)
    back = split.kind is StepKind.UNDO
    verb = "Go back to" if back else "Deploy"
    stop = (
        (f"{verb} ", Quoted(_full_name(split.stop)), " first, then go on.")
        if split.stop
        else (f"{verb} a revision between them first.",)
    )
    why = " must not be taken back together with " if back else " must not be deployed together with "
    return sentence(Quoted(split.change), why, Quoted(needs), ", which it needs. ", *stop)


def _full_name(revision: Revision) -> str:
    """A commit is written in full where somebody has to type it; a name that is none stays."""
    return revision.commit if revision.commit.startswith(revision.name) else revision.name


def _amended_blocks(plan: Plan) -> Iterator[Block]:
    if not plan.amended:
        return
    yield Heading("Changed since it was deployed", sentence("compare, and do what is missing"))
    for amendment in plan.amended:
        yield Paragraph(sentence("[ ] ", Quoted(amendment.change.identity), ": ", QuotedProse(amendment.change.summary)))
        for label, steps in (("was", amendment.was), ("now", amendment.now)):
            if not steps:
                yield AmendedStep(label, sentence("no steps"))
            for step in steps:
                yield AmendedStep(
                    label, step_title(step, None), (sentence(f"phase: {step.phase}"), *step_facts(step, None)), step_body(step)
                )


def _leg_blocks(plan: Plan, marks: Mapping[str, str]) -> Iterator[Block]:
    """Do this, deploy that, go on: each leg with its own steps, in order."""
    count = len(plan.legs)
    for number, leg in enumerate(plan.legs, 1):
        yield Heading(f"Leg {number} of {count}", sentence("deploy ", Quoted(leg.target.name)))
        part = plan._replace(start=leg.start, target=leg.target, steps=leg.steps, rollback=way_back(leg.steps, StepKind.DO, ()))
        if any(step.kind is StepKind.DO for step in leg.steps):
            yield Paragraph(sentence(rollback_sentence(part.rollback)))
        yield from _phase_blocks(part, marks, is_last=number == count)
        if number < count:
            yield Paragraph(
                sentence(f"Go on with leg {number + 1} once every step above is done and ", Quoted(leg.target.name), " runs.")
            )


def _install_now(plan: Plan, phase: Phase) -> InstallNow:
    still = " now. Do not restart anything yet." if phase is Phase.BEFORE_RESTART else " now. Then restart what runs it."
    return InstallNow(sentence("Install ", Quoted(plan.target.name), still))


def _phase_blocks(plan: Plan, marks: Mapping[str, str], *, is_last: bool = True) -> Iterator[Block]:
    installed = not plan.steps
    changes: dict[str, Change] = {change.identity: change for change in (*plan.do, *plan.undo)}
    no_return, notes = plan.rollback.no_return[:1], notes_before(plan)
    for phase, steps in groupby(plan.steps, key=lambda step: step.phase):
        if not installed and phase not in (Phase.NOT_SAID, Phase.BEFORE_INSTALL):
            installed = True
            yield _install_now(plan, phase)
        waits = is_last or phase is not Phase.LATER
        yield Heading(phase.heading, _phase_state(plan, phase) if waits else sentence("before the next leg"), phase)
        for step in steps:
            if (step.number,) == no_return:
                yield Barrier(f"POINT OF NO RETURN: step {step.number} cannot be undone")
            change = changes.get(step.changes[0])
            title, facts = step_title(step, change), step_facts(step, change)
            body = step_body(step, notes.get(step.id, ""))
            yield StepBox(step.number, title, facts, body, marks.get(step.id, " "), step.id)
    if not installed:
        yield _install_now(plan, Phase.AFTER_RESTART)


def _phase_state(plan: Plan, phase: Phase) -> Sentence:
    """What is on the hosts; where something is taken back, "old" and "new" would mislead."""
    if not (plan.undo or plan.abandoned):
        return sentence(phase.state)
    start, target = Quoted(plan.start.name), Quoted(plan.target.name)
    if plan.abandoned:  # how much of the other deploy is on disk or runs, nobody has said
        in_the_middle = {
            Phase.BEFORE_INSTALL: sentence("before ", target, " is installed"),
            Phase.BEFORE_RESTART: sentence(target, " is on disk, processes of other code still run"),
            Phase.AFTER_RESTART: sentence(target, " runs"),
        }
        return in_the_middle.get(phase, sentence(phase.state))
    states = {
        Phase.BEFORE_INSTALL: sentence(start, " runs"),
        Phase.BEFORE_RESTART: sentence(target, " is on disk, the processes of ", start, " still run"),
        Phase.AFTER_RESTART: sentence(target, " runs"),
    }
    return states.get(phase, sentence(phase.state))


def _grace_blocks(plan: Plan) -> Iterator[Block]:
    if plan.contracts:
        yield Heading("The old way")
        opened = " still works in the old way too, until a later change removes that."
        ended = " no longer works in the old way."
        yield BulletList(tuple(sentence(Quoted(c.change), opened if c.opened else ended) for c in plan.contracts))
    if plan.waivers:
        yield Heading("No action needed, according to their authors")
        yield BulletList(tuple(sentence(Quoted(w.change), ": ", QuotedProse(w.reason)) for w in plan.waivers))
