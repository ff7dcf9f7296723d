"""A plan as a page of blocks: what is said, in which order. Written for somebody at ten past ten with production down."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from relbot.deploy.plan.model import StepKind
from relbot.finding import Level
from relbot.fragment.model import Phase
from relbot.render.checklist.blocks import Alone, Block, Box, Heading, Line, Pair, Paragraph, Points, Quoted, Title, sentence
from relbot.render.checklist.steps import body, facts, note_before, title
from relbot.render.checklist.wording import counted, span, times, way_back

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.deploy.plan.changelog import Revision
    from relbot.deploy.plan.model import Change, Plan
    from relbot.render.checklist.blocks import Sentence


def page(plan: Plan) -> tuple[Block, ...]:
    """The blocks of a checklist. Where nobody has to do or know anything, one paragraph that names the two revisions."""
    if plan.quiet:
        return (Alone(_nothing(plan)),)
    return (
        Title(sentence("Deploy ", Quoted(span(plan.start)), " -> ", Quoted(span(plan.target)))),
        *_overview(plan),
        *_alarms(plan),
        *_amended(plan),
        *_steps(plan),
        *_grace(plan),
    )


def _nothing(plan: Plan) -> Sentence:
    changes = "" if plan.empty else f": {_changes(plan)} without a step"
    return sentence("Nothing to do: ", Quoted(span(plan.start)), " -> ", Quoted(span(plan.target)), changes)


def _changes(plan: Plan) -> str:
    done = counted(len(plan.do), "change") if plan.do or not plan.undo else ""
    return ", ".join(part for part in (done, counted(len(plan.undo), "change") + " taken back" if plan.undo else "") if part)


def _overview(plan: Plan) -> Iterator[Block]:
    restarts = sum(step.kind is StepKind.RESTART for step in plan.steps)
    steps = len(plan.steps) - restarts
    counts = [_changes(plan), counted(steps, "step"), counted(restarts, "restart") if restarts else ""]
    said = ", ".join(part for part in counts if part) + "."
    yield Paragraph(sentence(" ".join((said, *times(plan)))))
    if plan.undo:
        yield Paragraph(sentence("Taking back: ", way_back(plan.undoing, undoing=True)))
    if plan.do and any(step.kind is StepKind.DO for step in plan.steps):
        yield Paragraph(sentence("The way back: ", way_back(plan.rollback, undoing=False)))
    if plan.not_done:
        names = Quoted(", ".join(plan.not_done))
        yield Paragraph(sentence("Left for later, and nobody did it, so nobody takes it back: ", names, "."))


def _alarms(plan: Plan) -> Iterator[Block]:
    """What stands on top because whoever misses it should not have begun."""
    if plan.abandoned:
        yield Heading("In the middle of another deploy")
        yield Points(tuple(_abandoned(plan, target) for target in plan.abandoned), alarm=True)
    if plan.holds:
        yield Heading("Do not deploy yet")
        yield Points(tuple(_held(plan, hold.change, hold.awaits) for hold in plan.holds), alarm=True)
    if plan.splits:
        yield Heading("Not in one go")
        yield Points(tuple(_split(plan, n) for n in range(len(plan.splits))), alarm=True)
    if plan.unreadable:
        yield Heading("This checklist is not complete")
        items = (sentence("What ", Quoted(i), " needs is not known: its fragment has faults.") for i in plan.unreadable)
        yield Points(tuple(items), alarm=True)
    if plan.findings:
        yield Heading("Wrong with the fragments")
        alarm = any(finding.level is Level.ERROR for finding in plan.findings)
        items = (
            sentence(Quoted(str(f.place)), ": ", Quoted(f.message), *((" ", Quoted(f.tip)) if f.tip else ()))
            for f in plan.findings
        )
        yield Points(tuple(items), alarm=alarm)


def _abandoned(plan: Plan, target: Revision) -> Sentence:
    other, own = Quoted(span(target)), Quoted(plan.target.name)
    return sentence("The deploy of ", other, " was begun. What was done for it and is not in ", own, " is taken back here.")


def _held(plan: Plan, change: str, awaits: str) -> Sentence:
    return sentence(Quoted(change), " waits for ", Quoted(awaits), ", which is not in ", Quoted(plan.target.name), ".")


def _split(plan: Plan, number: int) -> Sentence:
    split = plan.splits[number]
    needs = " and ".join(split.needs)
    back = split.kind is StepKind.UNDO
    verb = "Go back to" if back else "Deploy"
    stop = (
        (f"{verb} ", Quoted(_full(split.stop)), " first, then go on.")
        if split.stop
        else (f"{verb} a revision between them first.",)
    )
    why = " must not be taken back together with " if back else " must not be deployed together with "
    return sentence(Quoted(split.change), why, Quoted(needs), ", which it needs. ", *stop)


def _full(revision: Revision) -> str:
    """A commit is written in full where somebody has to type it; a name that is none stays."""
    return revision.commit if revision.commit.startswith(revision.name) else revision.name


def _amended(plan: Plan) -> Iterator[Block]:
    if not plan.amended:
        return
    yield Heading("Changed since it was deployed", sentence("compare, and do what is missing"))
    for amendment in plan.amended:
        yield Paragraph(sentence("[ ] ", Quoted(amendment.change.identity), ": ", Quoted(amendment.change.summary)))
        for label, steps in (("was", amendment.was), ("now", amendment.now)):
            if not steps:
                yield Pair(label, sentence("no steps"))
            for step in steps:
                yield Pair(label, title(step, None), (sentence(f"phase: {step.phase}"), *facts(step, None)), body(step))


def _steps(plan: Plan) -> Iterator[Block]:
    changes: dict[str, Change] = {change.identity: change for change in (*plan.do, *plan.undo)}
    no_return = plan.rollback.no_return[:1]
    for phase, steps in groupby(plan.steps, key=lambda step: step.phase):
        yield Heading(phase.value.replace("-", " ").capitalize(), _state(plan, phase))
        for step in steps:
            if (step.number,) == no_return:
                yield Line(f"POINT OF NO RETURN: nothing takes step {step.number} back")
            change = changes.get(step.changes[0])
            yield Box(step.number, title(step, change), facts(step, change), body(step, note_before(plan, step)))


def _state(plan: Plan, phase: Phase) -> Sentence:
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


def _grace(plan: Plan) -> Iterator[Block]:
    if plan.contracts:
        yield Heading("The old way")
        opened = " still works in the old way too. A change that needs it has to end that."
        ended = " does not work in the old way any more."
        yield Points(tuple(sentence(Quoted(c.change), opened if c.opened else ended) for c in plan.contracts))
    if plan.waivers:
        yield Heading("Somebody says that nothing has to be done for")
        yield Points(tuple(sentence(Quoted(w.change), ": ", Quoted(w.reason)) for w in plan.waivers))
