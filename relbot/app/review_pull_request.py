"""A run of `relbot pr`: asks GitHub and git, judges, decides, and tells everybody."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import click

from relbot.app.evaluate_commits import CommitRange, EvaluatedCommits, evaluate_commits
from relbot.app.preview_release import preview_notes, preview_plan, preview_version
from relbot.app.project import current_day
from relbot.app.record_waiver import record_waiver
from relbot.cli.exits import Exit
from relbot.errors import Unknown
from relbot.finding import Level
from relbot.git.process import Git
from relbot.git.revisions import find_merge_base, is_shallow
from relbot.git.temporary_clone import temporary_clone
from relbot.github import actions
from relbot.github.client import GitHubRepository, read_servers, read_token
from relbot.github.comment import own_comments, upsert_comment
from relbot.github.decision import CommentContent, PullRequestContext, apply_waiver, as_notes, decide_response, is_exempt
from relbot.github.errors import NotAllowed
from relbot.github.event import CommitRangeActivity
from relbot.github.labels_and_statuses import set_label, set_status
from relbot.github.pull import may_write, read_comments, read_merge_base, read_pull_request
from relbot.github.waivers import WaiverDecision, read_waiver_request, resolve_waiver
from relbot.render.comment.comment_body import CommentContext, findings_comment, solved_comment
from relbot.render.comment.step_summary import step_summary
from relbot.render.findings.github import render as annotated
from relbot.review.rules.begin import offer_fragment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import ExitStack
    from pathlib import Path

    from relbot.config.model import PullRequests
    from relbot.github.decision import ReviewDecision
    from relbot.github.event import PullRequestActivity
    from relbot.github.pull import PullRequest
    from relbot.github.waivers import IssueComment
    from relbot.review.rules.model import Evaluation


class ReviewInputs(NamedTuple):
    """What was looked at. `pull` is None where the commits are no pull request's."""

    pull: PullRequest | None
    commits: CommitRange
    git: Git
    judged: EvaluatedCommits

    @property
    def is_current(self) -> bool:
        """Whether this is what the pull request is now. If not, a newer run says what there is to say."""
        return self.pull is not None and self.pull.is_open and self.commits.head == self.pull.head


class ReviewOutput(NamedTuple):
    """What is to be said, weighed and worded."""

    judgement: Evaluation
    around: CommentContext
    standing: PullRequestContext


def review_pull_request(
    activity: PullRequestActivity | CommitRangeActivity, folder: Path, stack: ExitStack, *, writes: bool
) -> int:
    """Does everything and gives the exit code. `stack` gets what has to be cleared away.

    RelbotError if something cannot be known or told. What the token may not do is told in the summary instead.
    """
    github = GitHubRepository(activity.repository, read_servers(), secret := read_token())
    writes = writes and not isinstance(activity, CommitRangeActivity)
    seen = _look(activity, github, folder, stack, secret)
    conversation = _Conversation(github, seen)
    said = _weighed(seen, conversation, github.web, asks=not isinstance(activity, CommitRangeActivity) or activity.asks)
    findings = said.judgement.findings
    click.echo(annotated(as_notes(findings) if said.standing.draft else findings), nl=False)
    refused: list[str] = []
    present: list[IssueComment] = []
    if writes and seen.is_current:
        with _noted(refused):
            present = conversation.ours()
    decision = decide_response(said.judgement, said.standing, commented=bool(present))
    if writes and seen.pull and seen.is_current:
        _write(github, seen.pull, seen.judged.config.pr, decision, said, present, refused)
    kept = True
    if writes and seen.pull and seen.pull.merged:
        kept, told = record_waiver(github, seen.pull, seen.judged.config, said, conversation.ours, secret)
        refused += filter(None, [told])
    _report(seen, said, refused)
    if said.judgement.unknown:
        raise Unknown(said.judgement.unknown[0], tip="What it would have shown is unknown, so this is not green.")
    return Exit.OPEN if decision.fails or not kept else Exit.FINE


class _Conversation:
    """What was said on the pull request, asked for at most once."""

    def __init__(self, github: GitHubRepository, seen: ReviewInputs) -> None:
        self._github = github
        self._pull = seen.pull
        self._remarks: list[IssueComment] | None = None

    def remarks(self) -> list[IssueComment]:
        """All comments, the oldest first."""
        if self._remarks is None:
            self._remarks = read_comments(self._github, self._pull.number) if self._pull else []
        return self._remarks

    def ours(self) -> list[IssueComment]:
        """Those of relbot's."""
        return own_comments(self._github, self.remarks())

    def may_write(self, login: str) -> bool:
        """Whether somebody may write to the repository."""
        return may_write(self._github, login)


def _look(
    activity: PullRequestActivity | CommitRangeActivity, github: GitHubRepository, folder: Path, stack: ExitStack, secret: str
) -> ReviewInputs:
    """Reads the pull request and its commits, and judges them."""
    pull = None if activity.number is None else read_pull_request(github, activity.number)
    if isinstance(activity, CommitRangeActivity):
        base, head = activity.base, activity.head
    else:
        assert pull is not None
        base, head = pull.base, activity.head or pull.head
    commits, git = _commits(github, base, head, folder, stack, secret)
    author = (pull.author, pull.kind) if pull else ("", "")
    return ReviewInputs(pull, commits, git, evaluate_commits(git, commits, lambda rules: is_exempt(*author, rules)))


def _commits(
    github: GitHubRepository, base: str, head: str, folder: Path, stack: ExitStack, secret: str
) -> tuple[CommitRange, Git]:
    """The commits, and a git that has them: the clone in `folder` if it has both and their history, else one made for it."""
    here = Git(folder)
    if _has(here, base, head):
        return CommitRange(find_merge_base(here, base, head), base, head), here
    start = read_merge_base(github, base, head)
    return CommitRange(start, base, head), stack.enter_context(temporary_clone(f"{github.web}.git", (start, base, head), secret))


def _has(git: Git, *commits: str) -> bool:
    asked = "".join(f"{commit}^{{commit}}\n" for commit in commits).encode("ascii")
    code, out, _ = git.answer("cat-file", "--batch-check", stdin=asked)
    return code == 0 and out.count(b" commit ") == len(commits) and not is_shallow(git)


def _weighed(seen: ReviewInputs, conversation: _Conversation, web: str, *, asks: bool) -> ReviewOutput:
    """What counts, with a waiver if there is one. The conversation is read only if the label is there that makes one count."""
    pull, judged = seen.pull, seen.judged
    config = judged.config.pr
    ruling = WaiverDecision()
    if pull and judged.judgement.findings and read_waiver_request(pull.labels, config.waiver, ()).labelled:
        request = read_waiver_request(pull.labels, config.waiver, conversation.remarks())
        ruling = resolve_waiver(request, config.waiver, pull.author, conversation.may_write)
    standing = PullRequestContext(pull is not None and pull.draft, judged.exempt, ruling.waiver, asks)
    judgement = apply_waiver(judged.faults, _with_fragment(seen), standing)
    around = CommentContext(web, pull.branch if pull else "", config.waiver, ruling.why_not)
    return ReviewOutput(judgement, around, standing)


def _with_fragment(seen: ReviewInputs) -> Evaluation:
    """The judgement with a fragment to begin with that is named after the branch."""
    judgement, pull = seen.judged.judgement, seen.pull
    if not judgement.findings or pull is None:
        return judgement
    taken = {fragment.identity for fragment in seen.judged.unreleased}
    return judgement._replace(proposal=offer_fragment(judgement.proposal, pull.name, pull.title, seen.judged.config, taken))


def _write(
    github: GitHubRepository,
    pull: PullRequest,
    config: PullRequests,
    decision: ReviewDecision,
    said: ReviewOutput,
    present: list[IssueComment],
    refused: list[str],
) -> None:
    """Brings comment, status and label to what was decided. One that the token may not write does not keep it from the others."""
    changed = False
    if not refused:
        with _noted(refused):
            changed = upsert_comment(github, pull.number, present, _body(decision, said))
    if config.status:
        with _noted(refused):
            set_status(github, pull.head, config.status, decision.status, actions.run_page_url(), look=not changed)
    if config.label and decision.label is not None:
        with _noted(refused):
            set_label(github, pull, config.label, there=decision.label)


def _body(decision: ReviewDecision, said: ReviewOutput) -> str | None:
    match decision.comment:
        case CommentContent.ALL:
            return findings_comment(said.judgement, said.around)
        case CommentContent.SOLVED:
            return solved_comment(said.judgement)
        case CommentContent.NONE:
            return None


@contextmanager
def _noted(refused: list[str]) -> Iterator[None]:
    """Notes what the token may not do. On pull requests from forks that is how it should be, and the summary tells instead."""
    try:
        yield
    except NotAllowed as error:
        refused.append(error.what)


def _report(seen: ReviewInputs, said: ReviewOutput, refused: list[str]) -> None:
    """The summary and the outputs of the step."""
    day = current_day(None)
    findings = sum(finding.level is not Level.NOTE for finding in said.judgement.findings)
    version = preview_version(seen.git, seen.commits, seen.judged, day)
    plan = preview_plan(seen.git, seen.commits, seen.judged)
    actions.write_summary(step_summary(said.judgement, said.around, preview_notes(seen.judged, day), plan, refused))
    actions.write_outputs({"findings": str(findings), "verdict": said.judgement.verdict, "next-version": version})
