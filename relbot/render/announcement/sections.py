"""What an announcement says, in the same words in every format."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from relbot.deploy.announcement import Audience, Stage
from relbot.deploy.plan.model import StepKind
from relbot.render.checklist.plan_sentences import format_revision, rollback_sentence, undoing_sentence
from relbot.render.common.invisible_characters import one_line
from relbot.render.common.units import count_noun, format_duration
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.deploy.announcement import Announcement
    from relbot.deploy.plan.model import Change, PlannedStep

_LONGEST_LINE = 500


class AnnouncedSection(NamedTuple):
    """A heading and the lines below it, each a sentence on one line."""

    heading: str
    lines: tuple[str, ...]


def announcement_title(said: Announcement) -> str:
    """Says in one line what this is about."""
    target, subject = one_line(format_revision(said.plan.target)), one_line(said.subject)
    if said.component:
        subject = f"{subject} ({one_line(said.component)})"
    match said.stage:
        case Stage.PLANNED:
            return f"Planned: {subject} gets {target}"
        case Stage.UNDER_WAY:
            return f"Under way: {subject} gets {target}"
        case Stage.LIVE:
            return f"Live: {subject} runs {target}"
        case Stage.RELEASED:
            return f"Released: {subject}"
        case _:
            assert_never(said.stage)


def announcement_sections(said: Announcement) -> tuple[AnnouncedSection, ...]:
    """The sections that have lines, the most important first."""
    sections = (
        AnnouncedSection("Do not deploy yet", said.obstacles),
        AnnouncedSection("When", (said.when,) if said.when else ()),
        AnnouncedSection("What you will notice", tuple(_noticed(said))),
        AnnouncedSection("Changes", tuple(_changes(said))),
        AnnouncedSection("What to do", tuple(_actions(said))),
        AnnouncedSection("Way back", tuple(_way_back(said))),
    )
    told = (section for section in sections if section.lines)
    return tuple(AnnouncedSection(heading, tuple(one_line(line, _LONGEST_LINE) for line in lines)) for heading, lines in told)


def _noticed(said: Announcement) -> Iterator[str]:
    plan = said.plan
    if plan.downtime.stated and plan.downtime.seconds:
        yield f"Expected downtime: {format_duration(plan.downtime.seconds)}."
    breaking = [change.identity for change in plan.do if change.breaking]
    if breaking:
        yield f"{count_noun(len(breaking), 'breaking change')}: {', '.join(breaking)}."


def _changes(said: Announcement) -> Iterator[str]:
    plan = said.plan
    yield from (_change_line(change) for change in plan.do)
    yield from (f"Reverted: {_change_line(change)}" for change in plan.undo)
    yield from (f"{amendment.change.identity}: its steps have changed since it was deployed" for amendment in plan.amended)
    yield from (f"{identity}: unknown, because its fragment has errors" for identity in plan.unreadable)
    if plan.empty:
        yield "No change has a fragment."


def _change_line(change: Change) -> str:
    breaking = " (breaking)" if change.breaking else ""
    return f"{change.summary or change.identity}{breaking}"


def _actions(said: Announcement) -> Iterator[str]:
    if said.audience is Audience.PUBLIC or said.stage is Stage.LIVE:
        return
    for step in said.plan.steps:
        yield f"{step.number}. {step.phase.value.replace('-', ' ')}: {_instruction(step)}"


def _instruction(step: PlannedStep) -> str:
    where = f" (on {', '.join(step.on)})" if step.on else ""
    if step.kind is StepKind.RESTART:
        return f"restart {step.service}{where}"
    return f"{step.run or ' '.join(filter(None, (step.do, step.note)))}{where}"


def _way_back(said: Announcement) -> Iterator[str]:
    if said.audience is Audience.PUBLIC:
        return
    if said.plan.do and any(step.kind is StepKind.DO for step in said.plan.steps):
        yield rollback_sentence(said.plan.rollback)
    if said.plan.undo:
        yield undoing_sentence(said.plan.undoing)
