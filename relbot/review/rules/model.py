"""What relbot says about a change set."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from relbot.finding import Finding, Level
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relbot.fragment.write import Answers
    from relbot.review.rules.levels import GradedFact


class Verdict(StrEnum):
    """What relbot says of a change set as a whole, the gravest first."""

    REQUIRE = "require"
    UNKNOWN = "unknown"
    ASK = "ask"
    CLEAN = "clean"


class Proposal(NamedTuple):
    """A fragment as far as the diff fills it in: where it would lie, its text, and what only its author can answer.

    `answers` is what the text was written from, for who fills in more.
    """

    path: str
    text: str
    questions: tuple[str, ...] = ()
    answers: Answers | None = None


class SetAside(NamedTuple):
    """A finding that a waiver set aside: `by` is the path of the fragment, or who waived it."""

    finding: Finding
    reason: str
    by: str


class Evaluation(NamedTuple):
    """What is required (ERROR) and asked (WARNING) of a change set, what was set aside, and a fragment to begin with.

    `left_out` says, a sentence each, what was not looked at on purpose; `unknown` what could not be looked at. `facts` is
    everything that was seen, with its level and why: notes, and what a fragment answered, too.
    """

    findings: tuple[Finding, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    proposal: Proposal | None = None
    left_out: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    facts: tuple[GradedFact, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The gravest that holds. What is required stays so whatever else is unknown."""
        if any(finding.level is Level.ERROR for finding in self.findings):
            return Verdict.REQUIRE
        if self.unknown:
            return Verdict.UNKNOWN
        return Verdict.ASK if any(finding.level is Level.WARNING for finding in self.findings) else Verdict.CLEAN


def set_reverts_aside(evaluation: Evaluation, commits: Sequence[str]) -> Evaluation:
    """The evaluation of a change set that only takes back these commits, which were never deployed: it asks nothing."""
    reason = f"It reverts {', '.join(commit[:12] for commit in commits)}, which no release or deploy contains."
    aside = tuple(SetAside(finding, reason, "revert") for finding in evaluation.findings if finding.level is not Level.NOTE)
    return evaluation._replace(findings=(), proposal=None, set_aside=(*evaluation.set_aside, *aside))
