"""What the changelogs of packages need to know about the package."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.errors import UsageError
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from datetime import date

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MAINTAINER = re.compile(r"[^<>\n]*[^<>\s] <[^<>\s@]+@[^<>\s@]+>")


def check_maintainer(text: str, format_: str) -> str:
    """Who signs the entry, checked: a name and an address."""
    if not text.strip():
        raise missing_key_error("maintainer", format_, 'maintainer = "Jane Doe <jane@example.org>"')
    if not _MAINTAINER.fullmatch(text.strip()):
        what = f"`package.maintainer` is `{text}`, which the format `{format_}` cannot take."
        raise UsageError(
            what, tip="Allowed: a name and an address.", example='[package]\nmaintainer = "Jane Doe <jane@example.org>"'
        )
    return text.strip()


def missing_key_error(key: str, format_: str, example: str) -> UsageError:
    """The error for a key of `[package]` that a format needs."""
    what = f"The format `{format_}` needs `package.{key}`, which the configuration does not have."
    return UsageError(what, tip=f"Write `{key}` below `[package]`.", example=f"[package]\n{example}")


def weekday_name(day: date) -> str:
    """`Wed`, whatever the locale."""
    return _DAYS[day.weekday()]


def month_name(day: date) -> str:
    """`Aug`, whatever the locale."""
    return _MONTHS[day.month - 1]
