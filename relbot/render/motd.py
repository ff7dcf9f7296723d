"""What stands around the checklist in a message of the day: ASCII, 78 columns."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from relbot.deploy.log.progress import StepState
from relbot.fragment.model import Phase
from relbot.render.checklist.motd import COLUMNS
from relbot.render.checklist.wording import counted
from relbot.render.common.escape import visible
from relbot.render.common.wrapping import wrapped
from relbot.render.deploys.text import words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from relbot.deploy.log.record import Record
    from relbot.deploy.plan.model import PlannedStep
    from relbot.render.deploys.standing import Status

_MARKS = {StepState.OPEN: "is open", StepState.FAILED: "has failed", StepState.CHANGED: "has changed since it was ticked"}
_TYPEWRITTEN = str.maketrans({"“": '"', "”": '"', "…": "..."})


def runs(place: str, commit: str, date: str) -> str:
    """What runs somewhere: a commit, and the day it is of."""
    return _told(f"{place} runs {commit[:12]} of {date}.") + "\n"


def stands(status: Status) -> str:
    """What a ledger says beside: since when that runs, what is under way and open, what was left, who holds the lock."""
    return "".join(f"{line}\n" for line in _stands(status))


def _stands(status: Status) -> Iterator[str]:
    now, lock = status.state, status.lock
    if now.running:
        yield _told(f"Deployed {_by(now.running)}.")
    if lock:
        until = f" until {_stamp(lock.deed.until)}" if lock.deed.until else ""
        yield _told(f"Locked{until} by {lock.who.name}: {lock.deed.reason}")
    if now.deploy and status.progress:
        before = [each for each in status.progress.statuses if each.step.phase is not Phase.LATER]
        settled = f"{sum(each.mark.settled for each in before)} of {counted(len(before), 'step')} settled"
        yield _told(f"A deploy of {now.deploy.target[:12]} is under way, begun {_by(now.deploy.begun)}: {settled}.")
        for entry in status.progress.orphaned_ticks:
            yield _told(f"!!! {entry.deed.step} was done and has to be taken back.")
        for each in before:
            if not each.mark.settled:
                yield _told(f"[ ] {each.step.id} {_MARKS[each.mark]}.")
                yield from _typed(each.step)
    for left in status.left:
        yield _told(f"[ ] {left.id} was left for later {_by(left.by)}.")
        yield from _typed(left.step)


def _typed(step: PlannedStep | None) -> Iterator[str]:
    for line in words(step):
        yield "\n".join(wrapped(_ascii(line), COLUMNS, "      ", "        "))


def not_known(what: str) -> str:
    """That it is not known what the next deploy will need, and why."""
    return _told(f"relbot does not know what the next deploy will need. {what}") + "\n"


def not_read(what: str) -> str:
    """That it is not known whether steps are open, and why."""
    return _told(f"relbot does not know which steps are open. {what}") + "\n"


def _by(entry: Record) -> str:
    return f"{_stamp(entry.time)} by {entry.who.name}"


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _told(text: str) -> str:
    return "\n".join(wrapped(_ascii(" ".join(visible(text).translate(_TYPEWRITTEN).split())), COLUMNS))


def _ascii(text: str) -> str:
    return visible(text).encode("ascii", "backslashreplace").decode("ascii")
