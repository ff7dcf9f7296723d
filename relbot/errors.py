"""What can go wrong, by what it means for the caller.

Nothing here knows exit codes: `relbot.cli.exits` turns a class into one. Every error says what went wrong, where,
what is allowed, and what to type next, as far as each is known.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relbot.finding import Finding


class RelbotError(Exception):
    """Something relbot foresaw.

    `what` is one sentence; `tip` says what is allowed or what to do; `example` is a command or line to copy.
    """

    def __init__(self, what: str, *, tip: str = "", example: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.tip = tip
        self.example = example


class UsageError(RelbotError):
    """The command was called with something it cannot take."""


class ConfigError(RelbotError):
    """The configuration has faults; `findings` holds all of them."""

    def __init__(self, what: str, findings: Sequence[Finding], *, tip: str = "") -> None:
        super().__init__(what, tip=tip)
        self.findings = tuple(findings)


class FaultyFragments(RelbotError):
    """Fragments have faults, so nothing was made of them; `findings` holds all faults."""

    def __init__(self, what: str, findings: Sequence[Finding], *, tip: str = "") -> None:
        super().__init__(what, tip=tip)
        self.findings = tuple(findings)


class Refused(RelbotError):
    """All is known, and it speaks against going on: an open step, a hold, somebody else's lock."""


class Unknown(RelbotError):
    """An answer could not be had. Never to be read as "nothing there"."""


class CannotWrite(RelbotError):
    """The file system refused. What was changed before has been put back, or `tip` says what is left."""


_PASSWORD = re.compile(r"(?<=://)[^/@\s]+@")


def quoted(text: str | bytes, longest: int = 120) -> str:
    """What somebody else said, on one line in quotes: nothing in it is invisible, and no address has its password."""
    said = text[: 8 * longest].decode("utf-8", "backslashreplace") if isinstance(text, bytes) else text[: 8 * longest]
    line = " ".join(_PASSWORD.sub("", said).split())
    cut = line if len(line) <= longest else f"{line[: longest - 1]}…"
    return "“" + "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in cut) + "”"
