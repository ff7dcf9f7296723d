"""What is done about a pull request: what was found and what was there, to what is said and set. Pure."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from relbot.config.model import DEFAULT_EXEMPT
from relbot.finding import Level, in_reading_order
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


def apply_waiver(faults: tuple[Finding, ...], judgement: Evaluation, standing: PullRequestContext) -> Evaluation:
    """What counts: faults of fragments always; what the rules ask for, unless it is waived or nothing is asked of the author.

    A waiver sets aside what is required and what is asked, an answer of the author what is asked.
    """
    asked = judgement.findings if standing.asks and not standing.exempt else ()
    kept, aside = asked, tuple[SetAside, ...]()
    if standing.waiver is not None:
        by = f"@{standing.waiver.login}"
        kept = tuple(finding for finding in asked if finding.level is Level.NOTE)
        aside = tuple(SetAside(f, standing.waiver.reason, by) for f in asked if f.level is not Level.NOTE)
    elif standing.answer is not None:
        by = f"@{standing.answer.login}"
        kept = tuple(finding for finding in asked if finding.level is not Level.WARNING)
        aside = tuple(SetAside(f, standing.answer.reason, by) for f in asked if f.level is Level.WARNING)
    return judgement._replace(
        findings=tuple(in_reading_order([*faults, *kept])),
        set_aside=(*judgement.set_aside, *aside),
        proposal=judgement.proposal if kept else None,
    )


def effective_waiver(judgement: Evaluation, standing: PullRequestContext) -> MaintainerWaiver | None:
    """The waiver of a maintainer without which something would stand, of a weighed judgement. None if nothing would."""
    aside = standing.waiver is not None and any(each.by == f"@{standing.waiver.login}" for each in judgement.set_aside)
    return standing.waiver if aside else None


def as_notes(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings about a draft: to be read, not to be stopped by."""
    return tuple(finding._replace(level=Level.NOTE) for finding in findings)


def decide_response(judgement: Evaluation, standing: PullRequestContext, *, commented: bool) -> ReviewDecision:
    """What follows from a weighed judgement. `commented` says whether relbot's comment is there already.

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
    stands = any(finding.level is not Level.NOTE for finding in judgement.findings)
    fails = not standing.draft and any(finding.level is Level.ERROR for finding in judgement.findings)
    if commented:
        comment = CommentContent.ALL if stands or judgement.unknown else CommentContent.SOLVED
    else:
        comment = CommentContent.ALL if warrants_comment(judgement.findings) and not standing.draft else CommentContent.NONE
    label = None if judgement.unknown and not stands else stands and not standing.draft
    return ReviewDecision(comment, _commit_status(judgement, standing), label, fails)


def _commit_status(judgement: Evaluation, standing: PullRequestContext) -> CommitStatus:
    required = sum(finding.level is Level.ERROR for finding in judgement.findings)
    asked = sum(finding.level is Level.WARNING for finding in judgement.findings)
    if judgement.unknown:
        return CommitStatus("error", "relbot could not check everything.")
    if standing.draft and (required or asked):
        return CommitStatus("pending", "A draft: relbot asks once it is ready for review.")
    if required:
        return CommitStatus(
            "failure",
            f"{_count_things(required)} required." if not asked else f"{_count_things(required)} required, {asked} asked.",
        )
    if asked:
        return CommitStatus("success", f"{_count_things(asked)} asked, nothing required.")
    return CommitStatus(
        "success", "Waived by a maintainer." if standing.waiver and judgement.set_aside else "Nothing is missing."
    )


def _count_things(count: int) -> str:
    return f"{count} thing{'s' * (count != 1)}"
