"""What a plan is made from: the fragments of one tree, and when each arrived there."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from relbot.finding import Finding
    from relbot.fragment.model import Fragment
    from relbot.release.notes import Attribution

_NOTHING: Mapping[str, Any] = MappingProxyType({})


class Revision(NamedTuple):
    """A revision as somebody called it, and the full id of its commit ("" where there is none, as in a work tree)."""

    name: str
    commit: str = ""


class Arrival(NamedTuple):
    """When a fragment arrived on the first parent: a greater `order` is later, equal ones came with one `commit`."""

    order: int
    commit: str


class Departure(StrEnum):
    """How a fragment left on the way to a tree that has it no more.

    `REVERTED`: its change went with it. `TIDIED`: only the note went, and its change stays. `UNKNOWN`: nothing tells.
    """

    REVERTED = "reverted"
    TIDIED = "tidied"
    UNKNOWN = "unknown"


class ChangeLog(NamedTuple):
    """The fragments of one tree, by identity: a fragment's folder and release say nothing to a plan.

    `unread` are the identities that were not read because their files are equal in both trees of a plan. `faulty`
    are those that could not be read, with their faults; no identity is in two of the three. `findings` are about files that are
    no fragments. `arrivals` holds what is known; what is missing counts as earlier than all of it. `origins` and `merged` say
    which pull requests are in the tree beside those that the fragments name. `departures` tells how fragments of the other tree
    of a plan, which are not in this one, left on the way to it; one of which it says nothing left with everything else, as in a
    rollback, or never came.
    """

    revision: Revision
    fragments: Mapping[str, Fragment] = _NOTHING
    unread: frozenset[str] = frozenset()
    faulty: Mapping[str, tuple[Finding, ...]] = _NOTHING
    arrivals: Mapping[str, Arrival] = _NOTHING
    origins: Mapping[str, Attribution] = _NOTHING
    merged: frozenset[str] = frozenset()
    findings: tuple[Finding, ...] = ()
    departures: Mapping[str, Departure] = _NOTHING

    def has(self, identity: str) -> bool:
        """Whether the tree has a fragment of that identity, read or not."""
        return identity in self.fragments or identity in self.unread or identity in self.faulty
