"""What is done about a pull request: what was found and what was there, to what is said and set. Pure."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from relbot.config.model import DEFAULT_EXEMPT
from relbot.finding import Level, in_reading_order
from relbot.render.common.units import count_noun
from relbot.review.every_change import warrants_comment
from relbot.review.rules.evaluate import Author
from relbot.review.rules.model import Evaluation, SetAside
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from relbot.config.model import Rules
    from relbot.finding import Finding
    from relbot.github.waivers import AuthorAnswer, MaintainerWaiver


class CommentContent(Enum):
    """What the one comment shall say: everything; one line, that all is solved; or it stays as it is, or away."""

    ALL = auto()
    SOLVED = auto()
    NONE = auto()


class CommitStatus(NamedTuple):
    """A commit status: https://docs.github.com/en/rest/commits/statuses. No text of a pull request gets into it."""

    state: str
    text: str


class ReviewDecision(NamedTuple):
    """What is to be done. `label` is whether the project's label shall be there; None leaves it as it is."""

    comment: CommentContent
    status: CommitStatus
    label: bool | None
    fails: bool
    """Whether a finding stands against the pull request. What is unknown is told by the verdict."""


class PullRequestContext(NamedTuple):
    """How things stand with a pull request, beside what it changes."""

    draft: bool = False
    exempt: bool = False
    waiver: MaintainerWaiver | None = None
    asks: bool = True
    answer: AuthorAnswer | None = None


def is_exempt(login: str, kind: str, rules: Rules) -> bool:
    """Whether nothing is asked of the pull requests of this account. `kind` is GitHub's: `User`, `Bot`, `Organization`.

    Anybody may call themselves `renovate-me`: of people, only the patterns count that the project has written itself.
    """
    if kind == "Bot" or login.endswith("[bot]"):
        return Author((login,)).is_among(rules.exempt)
    return Author((login,)).is_among(pattern for pattern in rules.exempt if pattern not in DEFAULT_EXEMPT)


def apply_waiver(faults: tuple[Finding, ...], evaluation: Evaluation, standing: PullRequestContext) -> Evaluation:
    """What counts: faults of fragments always; what the rules ask for, unless it is waived or nothing is asked of the author.

    A waiver sets aside what is required and what is asked, an answer of the author what is asked.
    """
    asked = evaluation.findings if standing.asks and not standing.exempt else ()
    kept, aside = asked, tuple[SetAside, ...]()
    if standing.waiver is not None:
        by = f"@{standing.waiver.login}"
        kept = tuple(finding for finding in asked if finding.level is Level.NOTE)
        aside = tuple(SetAside(f, standing.waiver.reason, by) for f in asked if f.level is not Level.NOTE)
    elif standing.answer is not None:
        by = f"@{standing.answer.login}"
        kept = tuple(finding for finding in asked if finding.level is not Level.WARNING)
        aside = tuple(SetAside(f, standing.answer.reason, by) for f in asked if f.level is Level.WARNING)
    return evaluation._replace(
        findings=tuple(in_reading_order([*faults, *kept])),
        set_aside=(*evaluation.set_aside, *aside),
        proposal=evaluation.proposal if kept else None,
    )


def effective_waiver(evaluation: Evaluation, standing: PullRequestContext) -> MaintainerWaiver | None:
    """The waiver of a maintainer without which something would stand; None if nothing would."""
    aside = standing.waiver is not None and any(each.by == f"@{standing.waiver.login}" for each in evaluation.set_aside)
    return standing.waiver if aside else None


def as_notes(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings about a draft: to be read, not to be stopped by."""
    return tuple(finding._replace(level=Level.NOTE) for finding in findings)


def decide_response(evaluation: Evaluation, standing: PullRequestContext, *, commented: bool) -> ReviewDecision:
    """What follows from an evaluation with waivers applied. `commented` says whether relbot's comment is there already.

    That every change needs a fragment is worth no comment, and stands in one that is there for another reason.

    | what stands     | draft | comment there | comment |
    |-----------------|-------|---------------|---------|
    | required, asked | no    | any           | all     |
    | required, asked | yes   | no            | none    |
    | required, asked | yes   | yes           | all     |
    | only unknown    | any   | no            | none    |
    | only unknown    | any   | yes           | all     |
    | nothing         | any   | no            | none    |
    | nothing         | any   | yes           | solved  |
    """
    stands = any(finding.level is not Level.NOTE for finding in evaluation.findings)
    fails = not standing.draft and any(finding.level is Level.ERROR for finding in evaluation.findings)
    if commented:
        comment = CommentContent.ALL if stands or evaluation.unknown else CommentContent.SOLVED
    else:
        comment = CommentContent.ALL if warrants_comment(evaluation.findings) and not standing.draft else CommentContent.NONE
    label = None if evaluation.unknown and not stands else stands and not standing.draft
    return ReviewDecision(comment, _commit_status(evaluation, standing), label, fails)


def _commit_status(evaluation: Evaluation, standing: PullRequestContext) -> CommitStatus:
    required = sum(finding.level is Level.ERROR for finding in evaluation.findings)
    asked = sum(finding.level is Level.WARNING for finding in evaluation.findings)
    if evaluation.unknown:
        return CommitStatus("error", "relbot could not check everything.")
    if standing.draft and (required or asked):
        return CommitStatus("pending", "A draft: relbot asks once it is ready for review.")
    if required:
        more = f", {asked} asked" if asked else ""
        return CommitStatus("failure", f"{count_noun(required, 'thing')} required{more}.")
    if asked:
        return CommitStatus("success", f"{count_noun(asked, 'thing')} asked, nothing required.")
    return CommitStatus(
        "success", "Waived by a maintainer." if standing.waiver and evaluation.set_aside else "Nothing is missing."
    )
