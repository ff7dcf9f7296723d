"""What stands around the checklist in a message of the day: ASCII, 78 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.deploy.log.progress import StepState
from relbot.deploy.log.record import DeedKind
from relbot.fragment.model import Phase
from relbot.render.checklist.motd import COLUMNS, checklist_motd
from relbot.render.common.invisible_characters import make_visible
from relbot.render.common.units import count_noun, format_commit, format_time
from relbot.render.common.wrapping import wrap_words
from relbot.render.deploys.record_lines import host_of, reason_of, stray_sentence
from relbot.render.deploys.text import step_instructions, way_back_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.deploy.answers import Checklist, DeployStatus, Motd
    from relbot.deploy.log.progress import StepStatus
    from relbot.deploy.log.record import Record
    from relbot.deploy.log.state import Deploy
    from relbot.deploy.plan.model import PlannedStep

_MARKS = {
    StepState.OPEN: "is open",
    StepState.STARTED: "is in progress",
    StepState.FAILED: "failed",
    StepState.CHANGED: "has changed since it was recorded",
}
_TYPEWRITTEN = str.maketrans({"“": '"', "”": '"', "…": "..."})


_URGENT = ("!!!", "relbot does not know", "Notice", "Overruled", "Locked", "Held", "A deploy of")
SCREEN = 24
"""Lines of a terminal that nobody has to scroll."""


def render_motd(motd: Motd) -> str:
    """What runs and since when, what is open, what the next deploy needs, what is not known, in one screen. Ends in a newline.

    Where all of it does not fit, steps are named without their commands, and the last line says where to read more.
    """
    full = _full_text(motd)
    return full if full.count("\n") <= SCREEN else _brief_text(motd)


def _full_text(motd: Motd) -> str:
    parts = ["".join(f"{line}\n" for line in _top_lines(motd))]
    if motd.next is not None:
        if motd.next.plan.quiet and not motd.all_clear:
            target = motd.next.plan.target
            parts.append(_wrap_ascii(f"The next deploy, to {format_commit(target.commit, target.name)}, has no step.") + "\n")
        else:
            parts.append(checklist_motd(motd.next.plan))
    if motd.unknown and motd.place_is_environment:
        parts.append(f"To see what to do: relbot checklist {motd.place}\n")
    return "\n".join(filter(None, parts))


def _brief_text(motd: Motd) -> str:
    """At most one screen. What must not be overlooked comes first: it is cut off last."""
    shown = [line for line in _top_lines(motd) if not line.startswith("      ")]
    if motd.next is not None:
        shown += _next_lines(motd.next)
    urgent = [line for line in shown[1:] if line.startswith(_URGENT)]
    rest = (line for line in shown[1:] if not line.startswith(_URGENT))
    lines = [part for line in (*shown[:1], *urgent, *rest) for part in line.split("\n")]
    name = f" {motd.place}" if motd.place_is_environment else ""
    more = _wrap_ascii(f"More: relbot checklist{name}" + (f", relbot deploy status{name}" if motd.status else ""))
    room = SCREEN - 1
    if len(lines) > room:
        lines = [*lines[: room - 1], f"... and {count_noun(len(lines) - room + 1, 'more line')}."]
    return "\n".join([*lines, more]) + "\n"


def _next_lines(answer: Checklist) -> Iterator[str]:
    plan = answer.plan
    start, target = (format_commit(each.commit, each.name) for each in (plan.start, plan.target))
    yield _wrap_ascii(f"Deploy {start} -> {target}: {count_noun(len(plan.steps), 'step')}.")
    own = [each for each in answer.obstacles if each not in answer.beside]
    yield from (_wrap_ascii(f"!!! {each}") for each in own)
    for number, leg in enumerate(plan.legs, 1):
        yield _wrap_ascii(f"Leg {number} of {len(plan.legs)}: deploy {leg.target.name}.")
        yield from map(_brief_step, leg.steps)
    if not plan.legs:
        yield from map(_brief_step, plan.steps)


def _brief_step(step: PlannedStep) -> str:
    first = " ".join(step_instructions(step)[: 2 if step.note and not step.run else 1])
    return _wrap_ascii(f"[ ] {step.phase.heading}: {step.id}: {first}")


def _top_lines(motd: Motd) -> Iterator[str]:
    if motd.commit:
        yield _wrap_ascii(f"{motd.place} runs {motd.commit[:12]} of {motd.date}.")
    if motd.status:
        yield from _status_lines(motd.status)
    if motd.next:
        yield from (_wrap_ascii(f"!!! {each}") for each in motd.next.beside)
        yield from (_wrap_ascii(each) for each in motd.next.remarks if not motd.status or each not in motd.status.remarks)
    for unknown in motd.unknown:
        yield _wrap_ascii(f"relbot does not know what {motd.place} needs. {unknown}")


def _status_lines(status: DeployStatus) -> Iterator[str]:
    now, lock = status.state, status.lock
    if now.running:
        how = "Adopted" if now.running.deed.kind is DeedKind.ADOPTED else "Deployed"
        yield _wrap_ascii(f"{how} {_recorded_by(now.running)}.")
    for notice in status.notices:
        until = f", until {format_time(notice.deed.until)}" if notice.deed.until else ""
        yield _wrap_ascii(f"Notice of {notice.who.name}{until}: {notice.deed.reason}")
    if lock:
        until = f" until {format_time(lock.deed.until)}" if lock.deed.until else ""
        yield _wrap_ascii(f"Locked{until} by {lock.who.name}: {lock.deed.reason}")
    for record in status.overruled:
        yield _wrap_ascii(f"Overruled {_recorded_by(record)}: {record.deed.what}: {record.deed.reason}")
    if now.deploy and status.progress:
        yield from _under_way_lines(now.deploy, status)
    for commit, record in now.held.items():
        yield _wrap_ascii(f"Held since the rollback of {_recorded_by(record)}: {commit[:12]} and what contains it.")
    yield from (_wrap_ascii(f"!!! {each}") for each in map(stray_sentence, now.told_stray) if each not in status.obstacles)
    for left in status.left:
        failed = f" It failed {_recorded_by(left.failed)}: {left.failed.deed.reason}." if left.failed else ""
        how = "was taken back" if left.taken_back else "was left for later"
        if left.is_needed_since:
            how = f"is needed again, since {left.by.deed.step} was {left.by.deed.kind}"
        where = f" on {', '.join(left.hosts)}" if left.hosts else ""
        yield _wrap_ascii(f"[ ] {left.id} {how}{where} {_recorded_by(left.by)}.{failed}")
        yield from _instruction_lines(left.step)
    yield from (_wrap_ascii(each) for each in status.remarks)


def _under_way_lines(deploy: Deploy, status: DeployStatus) -> Iterator[str]:
    assert status.progress is not None
    before = [each for each in status.progress.statuses if each.step.phase is not Phase.LATER]
    settled = f"{sum(each.mark.settled for each in before)} of {count_noun(len(before), 'step')} settled"
    yield _wrap_ascii(f"A deploy of {deploy.target[:12]} is under way, begun {_recorded_by(deploy.begun)}: {settled}.")
    yield from (_wrap_ascii(f"!!! {each}") for each in status.obstacles)
    for record in status.progress.orphaned_ticks:
        yield _wrap_ascii(f"!!! {record.deed.step} was done and has to be undone.")
    for each in before:
        if not each.mark.settled:
            yield _wrap_ascii(f"[ ] {each.step.id} {_MARKS[each.mark]}{_said_of(each)}.")
            yield from _instruction_lines(each.step)
    if later := [each.step.id for each in status.progress.unsettled(None) if each.step.phase is Phase.LATER]:
        yield _wrap_ascii(f"Can wait: {', '.join(later)}.")
    yield from map(_wrap_ascii, way_back_lines(status.environment, deploy.start, before))


def _said_of(standing: StepStatus) -> str:
    """Who is at a step since when, or who has failed, where and why; or on which hosts it is open."""
    if standing.mark is StepState.STARTED and standing.started:
        return f" since {_recorded_by(standing.started)}"
    if standing.mark is StepState.FAILED and standing.entry:
        return f"{host_of(standing.entry)} {_recorded_by(standing.entry)}{reason_of(standing.entry)}"
    hosts = ", ".join(each.host for each in standing.by_host if not each.mark.settled)
    return f" on {hosts}" if hosts else ""


def _instruction_lines(step: PlannedStep | None) -> Iterator[str]:
    for line in step_instructions(step):
        yield "\n".join(wrap_words(_write_ascii(line), COLUMNS, "      ", "        "))


def _recorded_by(entry: Record) -> str:
    return f"{format_time(entry.time)} by {entry.who.name}"


def _wrap_ascii(text: str) -> str:
    return "\n".join(wrap_words(_write_ascii(" ".join(make_visible(text).translate(_TYPEWRITTEN).split())), COLUMNS))


def _write_ascii(text: str) -> str:
    return make_visible(text).encode("ascii", "backslashreplace").decode("ascii")
