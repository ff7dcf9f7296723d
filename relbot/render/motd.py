"""What stands around the checklist in a message of the day: ASCII, 78 columns."""

from __future__ import annotations

from relbot.render.checklist.lines import wrapped
from relbot.render.checklist.motd import COLUMNS
from relbot.render.escape import visible


def runs(place: str, commit: str, date: str) -> str:
    """What runs somewhere: a commit, and the day it is of."""
    return _told(f"{place} runs {commit[:12]} of {date}.")


def not_known(what: str) -> str:
    """That it is not known what the next deploy will need, and why."""
    return _told(f"relbot does not know what the next deploy will need. {what}")


def _told(text: str) -> str:
    line = " ".join(visible(text).split()).encode("ascii", "backslashreplace").decode("ascii")
    return "\n".join(wrapped(line, COLUMNS)) + "\n"
