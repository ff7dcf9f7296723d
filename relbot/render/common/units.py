"""How relbot writes counts, durations, times and commits: the same way wherever people read them."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

COMMIT_DIGITS = 12
"""How many digits of a commit people see: enough to be unique in the largest repositories (git's own default there)."""


def count_noun(number: int, noun: str) -> str:
    """Writes a number and the noun that it counts: `1 step`, `2 steps`, `1,200 files`."""
    return f"{number:,} {noun if number == 1 else f'{noun}s'}"


def format_duration(seconds: int) -> str:
    """Writes a duration in seconds with all units that it has: `45 s`, `1 min 30 s`, `2 h 5 min`."""
    hours, rest = divmod(seconds, 3600)
    parts = ((hours, "h"), (rest // 60, "min"), (rest % 60, "s"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "0 s"


def format_time(moment: datetime) -> str:
    """Writes an aware time in UTC, to the minute, with its zone: `2018-08-15 10:10 UTC`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def format_commit(commit: str, name: str = "") -> str:
    """Writes a commit, given as 40 or 64 hexadecimal digits, by its first 12 digits; with a tag or branch, that first.

    `2.1 (0123456789ab)` for the tag `2.1`; a `name` that is only a prefix of the commit adds nothing. Without a commit
    the name stands alone.
    """
    short = commit[:COMMIT_DIGITS]
    if not name or (short and commit.startswith(name)):
        return short
    return f"{name} ({short})" if short else name


def list_names(names: Sequence[str]) -> str:
    """Joins names as in a sentence: `a`, `a and b`, `a, b and c`."""
    return ", ".join(names[:-1]) + f" and {names[-1]}" if len(names) > 1 else "".join(names)


def list_steps(numbers: Sequence[int]) -> str:
    """Names steps by their numbers, in the order given: `step 3`, `steps 3, 2 and 1`."""
    return f"step{'s' * (len(numbers) != 1)} {list_names([str(number) for number in numbers])}"


def format_span(length: timedelta) -> str:
    """Writes a span of time to the minute, with its two largest units: `3 d 2 h`, `2 h 5 min`, `less than 1 min`."""
    minutes = max(0, int(length.total_seconds() // 60))
    parts = ((minutes // 1440, "d"), (minutes // 60 % 24, "h"), (minutes % 60, "min"))
    return " ".join([f"{number} {unit}" for number, unit in parts if number][:2]) or "less than 1 min"
