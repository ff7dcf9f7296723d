"""A finding: one thing that is wrong, or that somebody should look at, and where."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

from relbot._version import documentation_link

_SENTENCE_END = re.compile(r"(?<=\.) (?=[A-Z`])")


class Level(StrEnum):
    """How grave a finding is. Only an `ERROR` makes a command fail."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Place(NamedTuple):
    """A place in a file: `path` relative to the repository's root, `line` and `column` counted from 1, where known."""

    path: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.path, self.line, self.column) if part is not None)


class Finding(NamedTuple):
    """What is wrong (`message`), what would be right (`tip`), and a line to copy (`example`).

    `rule` is an id of `relbot.review.rulebook`. `evidence` are lines that show why, such as the keys that moved. `fact` is the id
    of the fact that a detector saw (`migrations/dropped`), and `why` says why it has its level; both are "" for what no detector
    saw. `changes` are the identities of the changes between which something is wrong. Texts may quote untrusted input; whoever
    shows them escapes them.
    """

    rule: str
    place: Place
    message: str
    tip: str = ""
    example: str = ""
    level: Level = Level.ERROR
    evidence: tuple[str, ...] = ()
    fact: str = ""
    why: str = ""
    changes: tuple[str, ...] = ()

    @property
    def unsaid_why(self) -> str:
        """The sentences of `why` that `message` does not contain already."""
        return drop_said_sentences(self.why, self.message)

    @property
    def link(self) -> str:
        """The address at which the rule is explained; "" where relbot's documentation has none."""
        return documentation_link("rules", self.rule)


def drop_said_sentences(text: str, said: str) -> str:
    """The text without the sentences that `said` contains, whatever their capitals and last full stop."""
    known = said.casefold()
    return " ".join(each for each in _SENTENCE_END.split(text) if each and each.rstrip(".").casefold() not in known)


def in_reading_order(findings: list[Finding]) -> list[Finding]:
    """By path, line and column: the order in which somebody mends them."""
    return sorted(findings, key=lambda f: (f.place.path, f.place.line or 0, f.place.column or 0, f.rule, f.message))
