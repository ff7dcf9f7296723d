"""What stands around the checklist in a message of the day: ASCII, 78 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.deploy.log.progress import StepState
from relbot.fragment.model import Phase
from relbot.render.checklist.motd import COLUMNS
from relbot.render.common.invisible_characters import make_visible
from relbot.render.common.units import count_noun, format_commit, format_time
from relbot.render.common.wrapping import wrap_words
from relbot.render.deploys.text import step_instructions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.deploy.log.record import Record
    from relbot.deploy.plan.model import PlannedStep
    from relbot.render.deploys.deploy_status import DeployStatus

_MARKS = {StepState.OPEN: "is open", StepState.FAILED: "has failed", StepState.CHANGED: "has changed since it was ticked"}
_TYPEWRITTEN = str.maketrans({"“": '"', "”": '"', "…": "..."})


def motd_running(place: str, commit: str, date: str) -> str:
    """What runs somewhere: a commit, and the day it is of."""
    return _wrap_ascii(f"{place} runs {format_commit(commit)} of {date}.") + "\n"


def motd_status(status: DeployStatus) -> str:
    """What a ledger says beside: since when that runs, what is under way and open, what was left, who holds the lock."""
    return "".join(f"{line}\n" for line in _status_lines(status))


def _status_lines(status: DeployStatus) -> Iterator[str]:
    now, lock = status.state, status.lock
    if now.running:
        yield _wrap_ascii(f"Deployed {_recorded_by(now.running)}.")
    if lock:
        until = f" until {format_time(lock.deed.until)}" if lock.deed.until else ""
        yield _wrap_ascii(f"Locked{until} by {lock.who.name}: {lock.deed.reason}")
    if now.deploy and status.progress:
        before = [each for each in status.progress.statuses if each.step.phase is not Phase.LATER]
        settled = f"{sum(each.mark.settled for each in before)} of {count_noun(len(before), 'step')} settled"
        yield _wrap_ascii(
            f"A deploy of {format_commit(now.deploy.target)} is under way, begun {_recorded_by(now.deploy.begun)}: {settled}."
        )
        for entry in status.progress.orphaned_ticks:
            yield _wrap_ascii(f"!!! {entry.deed.step} was done and has to be taken back.")
        for each in before:
            if not each.mark.settled:
                yield _wrap_ascii(f"[ ] {each.step.id} {_MARKS[each.mark]}.")
                yield from _instruction_lines(each.step)
    for left in status.left:
        yield _wrap_ascii(f"[ ] {left.id} was left for later {_recorded_by(left.by)}.")
        yield from _instruction_lines(left.step)


def _instruction_lines(step: PlannedStep | None) -> Iterator[str]:
    for line in step_instructions(step):
        yield "\n".join(wrap_words(_write_ascii(line), COLUMNS, "      ", "        "))


def motd_plan_unknown(what: str) -> str:
    """That it is not known what the next deploy will need, and why."""
    return _wrap_ascii(f"relbot does not know what the next deploy will need. {what}") + "\n"


def motd_steps_unknown(what: str) -> str:
    """That it is not known whether steps are open, and why."""
    return _wrap_ascii(f"relbot does not know which steps are open. {what}") + "\n"


def _recorded_by(entry: Record) -> str:
    return f"{format_time(entry.time)} by {entry.who.name}"


def _wrap_ascii(text: str) -> str:
    return "\n".join(wrap_words(_write_ascii(" ".join(make_visible(text).translate(_TYPEWRITTEN).split())), COLUMNS))


def _write_ascii(text: str) -> str:
    return make_visible(text).encode("ascii", "backslashreplace").decode("ascii")
