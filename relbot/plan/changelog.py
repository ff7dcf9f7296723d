"""What a plan is made from: the fragments of one tree, and when each arrived there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from relbot.finding import Finding
    from relbot.fragment.model import Fragment
    from relbot.notes import Origin


@dataclass(frozen=True, slots=True)
class Revision:
    """A revision as somebody called it, and the full id of its commit ("" where there is none, as in a work tree)."""

    name: str
    commit: str = ""


@dataclass(frozen=True, slots=True)
class Arrival:
    """When a fragment arrived on the first parent: a greater `order` is later, equal ones came with one `commit`."""

    order: int
    commit: str


@dataclass(frozen=True, slots=True)
class ChangeLog:
    """The fragments of one tree, by identity: a fragment's folder and release say nothing to a plan.

    `unread` are the identities that were not read because their files are equal in both trees of a plan. `faulty`
    are those that could not be read, with their faults; `findings` are about files that are no fragments.
    `arrivals` holds what is known; what is missing counts as earlier than all of it. `origins` and `merged` say which
    pull requests are in the tree beside those that the fragments name.
    """

    revision: Revision
    fragments: Mapping[str, Fragment] = field(default_factory=dict)
    unread: frozenset[str] = frozenset()
    faulty: Mapping[str, tuple[Finding, ...]] = field(default_factory=dict)
    arrivals: Mapping[str, Arrival] = field(default_factory=dict)
    origins: Mapping[str, Origin] = field(default_factory=dict)
    merged: frozenset[str] = frozenset()
    findings: tuple[Finding, ...] = ()

    def __contains__(self, identity: object) -> bool:
        return identity in self.fragments or identity in self.unread or identity in self.faulty
