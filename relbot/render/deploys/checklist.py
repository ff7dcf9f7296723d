"""What stands around the checklist of an environment: the deploy under way, notices, what was done, what was left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.render.checklist.markdown import checklist_markdown
from relbot.render.checklist.motd import COLUMNS, checklist_motd
from relbot.render.checklist.text import checklist_text
from relbot.render.common.invisible_characters import make_visible
from relbot.render.common.media import Medium
from relbot.render.common.units import format_commit, format_time
from relbot.render.common.wrapping import wrap_words
from relbot.render.deploys.record_lines import left_line, notice_line, overruled_line, reason_of, stray_sentence
from relbot.render.deploys.text import STEP_BOXES, hosts_text, lock_line, step_instructions, way_back_lines
from relbot.render.formats import RenderedText

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.deploy.answers import Checklist, ChecklistSheet


def render_checklist(answer: Checklist, form: str) -> RenderedText:
    """The checklist itself in the format of that name, with what was done of its steps in their boxes."""
    match form:
        case "markdown":
            return RenderedText(checklist_markdown(answer.plan, step_marks(answer)), Medium.MARKDOWN)
        case "motd":
            return RenderedText(checklist_motd(answer.plan, step_marks(answer)), Medium.TEXT)
        case _:
            return RenderedText(checklist_text(answer.plan, step_marks(answer)), Medium.TEXT)


def render_sheet(sheet: ChecklistSheet) -> RenderedText:
    """The page of a checklist, with what was done of it, who made it and when, and the way back as its second view."""
    from relbot.render.deploys.checklist_page import checklist_sheet_page  # templates cost what no other format needs

    return RenderedText(checklist_sheet_page(sheet), Medium.HTML)


def step_marks(answer: Checklist) -> dict[str, str]:
    """What stands in the box of each step, by its id."""
    return {each.step.id: STEP_BOXES[each.mark][1] for each in answer.progress.statuses} if answer.progress else {}


def checklist_frame(answer: Checklist, form: str) -> tuple[RenderedText, RenderedText]:
    """What stands before and after a checklist in the format of that name: empty where there is nothing to say."""
    before = [line for part in (_before(answer), _recorded(answer)) if (lines := list(part)) for line in (*lines, "")]
    after = list(_after(answer))
    return _render_lines(before, form), _render_lines(["", *after] if after else [], form)


def _before(answer: Checklist) -> Iterator[str]:
    yield from answer.headline
    if answer.lock:
        yield lock_line(answer.lock)
    yield from map(notice_line, answer.notices)
    yield from map(overruled_line, answer.overruled)
    yield from answer.remarks
    yield from (f"!!! {each}" for each in answer.beside)
    yield from (f"!!! {each}" for each in map(stray_sentence, answer.stray) if each not in answer.beside)
    if answer.plan.quiet and not answer.all_clear:
        plan = answer.plan
        start, target = (format_commit(each.commit, each.name) for each in (plan.start, plan.target))
        yield f"{start} -> {target} has no step."


def _recorded(answer: Checklist) -> Iterator[str]:
    """The steps of which something was recorded."""
    progress = answer.progress
    if progress is None:
        return
    for each in progress.statuses:
        if each.entry is None and not each.by_host:
            continue
        by = f", {each.entry.who}, {format_time(each.entry.time)}{reason_of(each.entry)}" if each.entry else ""
        yield f"{STEP_BOXES[each.mark]} {each.step.id} {each.mark}{hosts_text(each)}{by}"
    for record in progress.orphaned_ticks:
        yield f"!!! {record.deed.step} was done by {record.who}, and the target does not have it: undo it."
    for environment in dict.fromkeys(each.entry.environment for each in progress.statuses if each.entry):
        yield from way_back_lines(environment, progress.plan.start.commit, progress.statuses)


def _after(answer: Checklist) -> Iterator[str]:
    for left in answer.left:
        yield left_line(left)
        yield from (f"        {line}" for line in step_instructions(left.step))


def _render_lines(lines: list[str], form: str) -> RenderedText:
    match form:
        case "markdown":
            from relbot.render.common.inert_markdown import inert_sentence  # its expressions cost what text does not need

            return RenderedText("".join(f"{inert_sentence(line)}\n\n" for line in lines if line), Medium.MARKDOWN)
        case "motd":
            broken = [part for line in lines for part in wrap_words(_to_ascii(line), COLUMNS, "", "    ") or [""]]
            return RenderedText("".join(f"{line}\n" for line in broken), Medium.TEXT)
        case _:
            flat = (make_visible(line).replace("\n", " ").rstrip() for line in lines)
            return RenderedText("".join(f"{line}\n" for line in flat), Medium.TEXT)


def _to_ascii(line: str) -> str:
    return make_visible(line).replace("\n", " ").encode("ascii", "backslashreplace").decode("ascii")
