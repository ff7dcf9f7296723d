"""The page of a checklist with what its environment's ledger says: deeds, notices, what earlier deploys left."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from relbot.deploy.log.progress import StepState
from relbot.render.checklist.page import NoticeList, PageSurroundings, StepStanding, checklist_page
from relbot.render.common.units import format_time
from relbot.render.deploys.commands import tick_command
from relbot.render.deploys.record_lines import left_line, notice_line, overruled_line, stray_sentence
from relbot.render.deploys.text import lock_line, step_instructions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.deploy.answers import Checklist, ChecklistSheet
    from relbot.deploy.log.progress import StepStatus


def checklist_sheet_page(sheet: ChecklistSheet) -> str:
    """Renders the page. Where a ledger tells what was done, it cannot be ticked; each open step says how to record it."""
    answer = sheet.checklist
    statuses = answer.progress.statuses if answer.progress else ()
    if not answer.headline and not any(each.entry for each in statuses):
        statuses = ()  # nothing is recorded that the page could show: the browser keeps the ticks
    return checklist_page(
        answer.plan,
        PageSurroundings(
            environment=sheet.environment,
            made_by=sheet.made_by,
            made_at=sheet.made_at,
            way_back=sheet.way_back,
            statuses={each.step.id: _standing(each, sheet.environment) for each in statuses},
            notices=tuple(each for each in _notices(answer) if each.lines),
            obstacles=answer.obstacles,
            again=_same_command(sheet),
        ),
    )


def _standing(status: StepStatus, environment: str) -> StepStanding:
    entry = status.entry
    reason = f": {entry.deed.reason}" if entry and entry.deed.reason else ""
    return StepStanding(
        mark=status.mark,
        state=_state(status.mark),
        settled=status.mark.settled,
        by=f"{entry.who}, {format_time(entry.time)}{reason}" if entry else "",
        hosts=tuple(f"{each.host}: {each.mark}" for each in status.by_host),
        record="" if status.mark.settled else tick_command(environment, status.step.id),
    )


def _state(mark: StepState) -> str:
    if mark is StepState.CHANGED:
        return "Open again, because the step changed after this record"
    return mark.capitalize()


def _notices(answer: Checklist) -> Iterator[NoticeList]:
    progress = answer.progress
    yield NoticeList("Deploy under way", answer.headline)
    yield NoticeList("Lock", (lock_line(answer.lock),) if answer.lock else ())
    yield NoticeList("Why not to deploy yet", answer.beside, alarm=True)
    if progress is not None:
        orphans = (f"{each.deed.step}, done by {each.who}" for each in progress.orphaned_ticks)
        yield NoticeList("Done, but not part of the target: undo it", tuple(orphans), alarm=True)
        compare = (f"{each.step.id}: {each.mark}" for each in progress.statuses if not each.step.number)
        yield NoticeList("Changes to compare", tuple(compare))
    stray = (each for each in map(stray_sentence, answer.stray) if each not in answer.beside)
    yield NoticeList("Records that belong to no deploy", tuple(stray), alarm=True)
    yield NoticeList("Notices", tuple(map(notice_line, answer.notices)))
    yield NoticeList("Overruled", tuple(overruled_line(each).removeprefix("Overruled: ") for each in answer.overruled))
    left = (" ".join((left_line(each).removeprefix("[ ] "), *step_instructions(each.step))) for each in answer.left)
    yield NoticeList("Open steps of earlier deploys", tuple(left), alarm=True)
    yield NoticeList("How current this page is", answer.remarks)


def _same_command(sheet: ChecklistSheet) -> str:
    plan = sheet.checklist.plan
    which = (sheet.environment,) if sheet.environment else ("--from", plan.start.name, "--to", plan.target.name)
    return shlex.join(("relbot", "checklist", *which, "--format", "html")) + " > checklist.html"
