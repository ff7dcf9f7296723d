"""A checklist as a page to deploy by: in a browser, on a phone, on paper. Two views: the deploy, and the way back."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, assert_never

from relbot.deploy.plan.model import Reversibility
from relbot.render.checklist.blocks import (
    AmendedStep,
    Barrier,
    BulletList,
    Heading,
    InstallNow,
    OnlyLine,
    Paragraph,
    StepBox,
    Title,
)
from relbot.render.checklist.plan_blocks import plan_blocks
from relbot.render.checklist.plan_sentences import format_revision, rollback_sentence, undoing_sentence
from relbot.render.common.units import count_noun, format_time
from relbot.render.page.render import render_page
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from relbot.deploy.plan.model import Change, Plan
    from relbot.render.checklist.blocks import Block


class StepStanding(NamedTuple):
    """How a step stands: its mark and that in words, who recorded it and when, each host, the command that records it."""

    mark: str
    state: str
    settled: bool
    by: str = ""
    hosts: tuple[str, ...] = ()
    record: str = ""


class NoticeList(NamedTuple):
    """Sentences above the checklist; with `alarm`, what must be read before anything else."""

    title: str
    lines: tuple[str, ...]
    alarm: bool = False


@dataclass(frozen=True, slots=True)
class PageSurroundings:
    """What a page says beside the plan.

    `environment` is "" where two revisions are compared; `made_at` None where nothing says when. `way_back` is the plan from
    the target to the start. `statuses` has how each step stands, by its id, where a ledger tells; where it is empty, readers
    tick the steps in their browser. `obstacles` are why it must not be deployed, None where only the plan tells. `again` is
    the command that writes the page anew.
    """

    environment: str = ""
    made_by: str = ""
    made_at: datetime | None = None
    way_back: Plan | None = None
    statuses: Mapping[str, StepStanding] = field(default_factory=dict)
    notices: tuple[NoticeList, ...] = ()
    obstacles: tuple[str, ...] | None = None
    again: str = ""


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan as one view of the page: its blocks, each with the macro that shows it. `others` are the changes without a step."""

    id: str
    name: str
    about: str
    blocks: tuple[tuple[str, Block], ...]
    steps: int
    settled: int
    statuses: Mapping[str, StepStanding]
    others: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class ChecklistPage:
    """All that the template shows."""

    title: str
    key: str
    recorded: bool
    severity: str
    verdict: str
    no_return: str
    facts: tuple[tuple[str, str], ...]
    made_at: datetime | None
    made_at_text: str
    again: str
    notices: tuple[NoticeList, ...]
    views: tuple[PlanView, ...]


def checklist_page(plan: Plan, around: PageSurroundings = PageSurroundings()) -> str:
    """Renders the page of a plan. What fragments say is escaped or rendered as Markdown; nothing of it is run or loaded."""
    where = f" of {around.environment}" if around.environment else ""
    what = "Deploy" if plan.do or not plan.undo else "Rollback"
    page = make_checklist_page(f"{what}{where}: {plan.start.name} → {plan.target.name}", plan, around)
    return render_page("checklist.html.j2", page=page)


def make_checklist_page(title: str, plan: Plan, around: PageSurroundings) -> ChecklistPage:
    """Makes what the template shows: the plan and the way back as views, below a verdict."""
    views = [_plan_view("deploy", "Deploy", "", plan, around)]
    if around.way_back is not None and not around.way_back.quiet:
        back = PageSurroundings(environment=around.environment)
        about = "What a rollback needs once every step of the deploy is done."
        views.append(_plan_view("way-back", "Way back", about, around.way_back, back))
    severity, verdict = _verdict(plan, views[0], around)
    return ChecklistPage(
        title=title,
        key=_plan_key(plan, around.environment),
        recorded=bool(around.statuses),
        severity=severity,
        verdict=verdict,
        no_return=_no_return(plan),
        facts=tuple(_facts(plan, around)),
        made_at=around.made_at,
        made_at_text=format_time(around.made_at) if around.made_at else "",
        again=around.again,
        notices=around.notices,
        views=tuple(views),
    )


def _facts(plan: Plan, around: PageSurroundings) -> Iterator[tuple[str, str]]:
    if around.environment:
        yield "Environment", around.environment
    yield "From", format_revision(plan.start)
    yield "To", format_revision(plan.target)
    if plan.undo:
        yield "Undo", undoing_sentence(plan.undoing).removeprefix("Undo: ")
    if plan.do:
        yield "Rollback", rollback_sentence(plan.rollback).removeprefix("Rollback: ")
    if around.made_by:
        yield "Made by", around.made_by


def _verdict(plan: Plan, view: PlanView, around: PageSurroundings) -> tuple[str, str]:
    """How grave it is, as a class of the style sheet, and a sentence."""
    if around.obstacles:
        return "stop", f"Do not deploy yet: {count_noun(len(around.obstacles), 'reason')} below."
    if around.obstacles is None and plan.blocked:
        return "stop", "Do not deploy yet: read the reasons below first."
    open_steps = view.steps - view.settled
    if open_steps:
        return "wait", f"{count_noun(open_steps, 'step')} to do. Follow the page from top to bottom."
    return "fine", "Every step is done." if view.steps else "No step to do: install the new version."


def _no_return(plan: Plan) -> str:
    if plan.rollback.verdict is not Reversibility.IMPOSSIBLE:
        return ""
    number = plan.rollback.no_return[0]
    reason = next((step.reason for step in plan.steps if step.number == number), None)
    return f"Point of no return: step {number}" + (f" ({reason})" if reason else "") + "."


def _plan_view(id_: str, name: str, about: str, plan: Plan, around: PageSurroundings) -> PlanView:
    settled = sum(each.settled for step in plan.steps if (each := around.statuses.get(step.id)))
    named = {identity for step in plan.steps for identity in step.changes}
    others = tuple(change for change in (*plan.do, *plan.undo) if change.identity not in named)
    return PlanView(
        id=id_,
        name=name,
        about=about,
        blocks=tuple((_macro(block), block) for block in plan_blocks(plan)),
        steps=len(plan.steps),
        settled=settled,
        statuses=around.statuses,
        others=others,
    )


def _macro(block: Block) -> str:
    """The macro of `blocks.html.j2` that shows a block."""
    match block:
        case Title():
            return "title"
        case Heading():
            return "heading"
        case Paragraph() | OnlyLine():
            return "paragraph"
        case BulletList():
            return "bullets"
        case Barrier():
            return "barrier"
        case InstallNow():
            return "install"
        case StepBox():
            return "step"
        case AmendedStep():
            return "amended"
        case _:
            assert_never(block)


def _plan_key(plan: Plan, environment: str) -> str:
    """Names a plan: other steps, another key, so that ticks are never those of something else."""
    told = [environment, plan.start, plan.target, [[step.id, step.run, step.do, step.note] for step in plan.steps]]
    return hashlib.sha256(json.dumps(told).encode("ascii")).hexdigest()[:16]
