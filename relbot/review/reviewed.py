"""A change set with everything that relbot says about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection

    from relbot.config.model import Config
    from relbot.finding import Finding
    from relbot.fragment.model import Fragment
    from relbot.review.rules.model import Evaluation, Proposal


class ReviewedChangeSet(NamedTuple):
    """A change set, judged by the rules of its base.

    `start` is the commit at which it begins. `policy` is the configuration of the base; `reading` is the one by which its
    fragments are read: its own if it changes that. `faults` are what is wrong with its fragments and its configuration, and what
    it breaks in other fragments, in reading order. `evaluation` is what the rules ask for; nothing, where its author is `exempt`.
    `fragments` are the unreleased ones that it adds or edits, without those that have faults. `paths` are those of all files
    below the fragments' folders that are there after it.
    """

    start: str
    policy: Config
    reading: Config
    faults: tuple[Finding, ...]
    evaluation: Evaluation
    exempt: bool
    fragments: tuple[Fragment, ...]
    paths: Collection[str]

    @property
    def identities(self) -> frozenset[str]:
        """The identities of all fragments that are there after it."""
        return frozenset(path.rpartition("/")[2].removesuffix(".md") for path in self.paths)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that was found: faults, then what the rules ask for."""
        return (*self.faults, *self.evaluation.findings)


class CheckReport(NamedTuple):
    """What `relbot check` found, and the fragment that is missing; None where none is, or somebody has begun one.

    `unknown` says, a sentence each, what could not be looked at. `written` is whether the fragment was written. `reviewed` is
    the change set with everything that was seen in it, None where none was checked.
    """

    findings: tuple[Finding, ...]
    proposal: Proposal | None = None
    unknown: tuple[str, ...] = ()
    written: bool = False
    reviewed: ReviewedChangeSet | None = None


class DetectedFacts(NamedTuple):
    """Two commits, and what relbot's own rules say of what lies between them."""

    base: str
    head: str
    evaluation: Evaluation
