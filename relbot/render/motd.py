"""What stands around the checklist in a message of the day: ASCII, 78 columns."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from relbot.render.checklist.lines import wrapped
from relbot.render.checklist.motd import COLUMNS
from relbot.render.escape import visible

if TYPE_CHECKING:
    from relbot.record.entry import Entry
    from relbot.record.state import State


_TYPEWRITTEN = str.maketrans({"“": '"', "”": '"', "…": "..."})


def runs(place: str, commit: str, date: str) -> str:
    """What runs somewhere: a commit, and the day it is of."""
    return _told(f"{place} runs {commit[:12]} of {date}.")


def stands(now: State, lock: Entry | None) -> str:
    """What a ledger says beside: since when that runs, what is under way, what was left for later, who holds the lock."""
    said = []
    if now.running:
        said.append(f"Deployed {_by(now.running)}.")
    if now.deploy:
        said.append(f"A deploy of {now.deploy.target[:12]} is under way, begun {_by(now.deploy.begun)}.")
    if lock:
        said.append(f"Locked {_by(lock)}: {lock.deed.reason}")
    said += [f"[ ] {step} was left for later {_by(entry)}." for step, entry in now.later.items()]
    return "".join(map(_told, said))


def _by(entry: Entry) -> str:
    return f"{entry.time.astimezone(UTC):%Y-%m-%d %H:%M} UTC by {entry.who.name}"


def not_known(what: str) -> str:
    """That it is not known what the next deploy will need, and why."""
    return _told(f"relbot does not know what the next deploy will need. {what}")


def _told(text: str) -> str:
    line = " ".join(visible(text).translate(_TYPEWRITTEN).split()).encode("ascii", "backslashreplace").decode("ascii")
    return "\n".join(wrapped(line, COLUMNS)) + "\n"
