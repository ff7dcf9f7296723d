"""Reviews a pull request: asks GitHub and git, evaluates, decides, and writes the comment."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from typing import TYPE_CHECKING, assert_never

from relbot.app.preview_release import preview_release
from relbot.app.record_waiver import WaivedPullRequest, WaiverRecord, record_waiver
from relbot.app.review_change_set import BetweenCommits, ReviewRequest, review_change_set
from relbot.errors import quoted
from relbot.finding import Level
from relbot.git.policy_source import is_set_up
from relbot.git.process import Git
from relbot.git.revisions import find_merge_base, is_shallow
from relbot.git.temporary_clone import temporary_clone
from relbot.github.client import GitHubRepository, require_servers, require_token
from relbot.github.comment import upsert_comment
from relbot.github.conversation import Conversation
from relbot.github.decision import CommentContent, PullRequestContext, apply_waiver, as_notes, decide_response, is_exempt
from relbot.github.errors import NotAllowed, NotThere
from relbot.github.event import CommitRangeActivity
from relbot.github.labels_and_statuses import set_label, set_status
from relbot.github.pull import compare_with_base, read_pull_request
from relbot.github.waivers import WaiverDecision, find_answer, read_waiver_request, resolve_waiver
from relbot.render.comment.comment_body import CommentContext, findings_comment, solved_comment
from relbot.review.rules.begin import offer_fragment
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from relbot.app.preview_release import ReleasePreview
    from relbot.config.model import PullRequests
    from relbot.finding import Finding
    from relbot.github.decision import ReviewDecision
    from relbot.github.event import PullRequestActivity
    from relbot.github.pull import PullRequest
    from relbot.github.settings import GitHubSettings
    from relbot.github.waivers import IssueComment
    from relbot.review.reviewed import ReviewedChangeSet
    from relbot.review.rules.model import Evaluation


class PullRequestRequest(NamedTuple):
    """What to review: a pull request, or a range of commits.

    `folder` is a clone that may have the commits. `writes` says whether comment, status and label are brought up to date;
    `day` is the day for which the notes are made. `run_page` is the address that the status links to, "" for none.
    """

    activity: PullRequestActivity | CommitRangeActivity
    folder: Path
    day: date
    github: GitHubSettings
    run_page: str = ""
    writes: bool = True


class PullRequestReview(NamedTuple):
    """What came of it: the evaluation with waivers applied, and what the change set would add to a release.

    `annotations` are the findings to be shown beside the lines, which those about a draft do not stop. `around` is what the
    comment needs to know of the pull request. `refused` are sentences on what the token may not do. `passes` says whether
    nothing required is missing; what is unknown is told by the evaluation.
    """

    evaluation: Evaluation
    annotations: tuple[Finding, ...]
    around: CommentContext
    preview: ReleasePreview
    refused: tuple[str, ...]
    passes: bool

    @property
    def open_count(self) -> int:
        """How many findings are required or asked."""
        return sum(finding.level is not Level.NOTE for finding in self.evaluation.findings)


class LeftAlone(NamedTuple):
    """Nothing was evaluated or written; `why` is a sentence."""

    why: str


class _Reviewed(NamedTuple):
    """What was looked at. `pull` is None where the commits are no pull request's."""

    pull: PullRequest | None
    source: BetweenCommits
    git: Git
    change_set: ReviewedChangeSet

    @property
    def is_current(self) -> bool:
        """Whether this is what the pull request is now. If not, a newer run says what there is to say."""
        return self.pull is not None and self.pull.is_open and self.source.head == self.pull.head


class _Response(NamedTuple):
    """What is to be said, with waivers applied."""

    evaluation: Evaluation
    around: CommentContext
    standing: PullRequestContext
    run_page: str = ""


def review_pull_request(request: PullRequestRequest) -> PullRequestReview | LeftAlone:
    """Reviews a pull request by the rules of its base, and brings its comment, status and label up to date.

    LeftAlone where the base is a branch beside the default one that was never set up for relbot: since December 2025 GitHub runs
    `pull_request_target` from the default branch, whatever the base is.

    Nothing of the pull request is checked out or run. GitHubError if GitHub does not answer, Unknown if git cannot read what is
    needed, ConfigError if the configuration of the base has faults. What the token may not do is no error.
    """
    activity = request.activity
    github = GitHubRepository(activity.repository, require_servers(request.github), token := require_token(request.github))
    writes = request.writes and not isinstance(activity, CommitRangeActivity)
    with ExitStack() as stack:
        seen = _read_and_review(activity, github, request.folder, stack, token)
        if isinstance(seen, LeftAlone):
            return seen
        conversation = Conversation(github, seen.pull)
        said = _apply_waiver(seen, conversation, github.web, asks=not isinstance(activity, CommitRangeActivity) or activity.asks)
        said = said._replace(run_page=request.run_page)
        refused: list[str] = []
        present: list[IssueComment] = []
        if writes and seen.is_current:
            with _collect_refusals(refused):
                present = conversation.own_comments()
        decision = decide_response(said.evaluation, said.standing, commented=bool(present))
        if writes and seen.pull and seen.is_current:
            _write_response(github, seen.pull, conversation, seen.change_set.policy.pr, decision, said, refused)
        recorded = WaiverRecord(done=True)
        if writes and seen.pull and seen.pull.merged:
            waived = WaivedPullRequest(seen.pull, seen.change_set.policy, said.evaluation, said.standing, said.around)
            recorded = record_waiver(github, waived, conversation.own_comments, token)
            refused += filter(None, [recorded.sentence])
        preview = preview_release(seen.git, seen.source, seen.change_set, request.day)
    findings = said.evaluation.findings
    return PullRequestReview(
        said.evaluation,
        as_notes(findings) if said.standing.draft else findings,
        said.around,
        preview,
        tuple(refused),
        recorded.done and not decision.fails,
    )


def _read_and_review(
    activity: PullRequestActivity | CommitRangeActivity, github: GitHubRepository, folder: Path, stack: ExitStack, token: str
) -> _Reviewed | LeftAlone:
    """Reads the pull request and its commits, and reviews them."""
    start = ""
    pull = None if activity.number is None else read_pull_request(github, activity.number)
    if isinstance(activity, CommitRangeActivity):
        base, head = activity.base, activity.head
    else:
        assert pull is not None
        base, head = pull.base, activity.head or pull.head
        if pull.is_open:
            # `base.sha` of an event and of GitHub's answer lags behind the branch: a rule that was changed there counts at once.
            with suppress(NotThere):
                base, start = compare_with_base(github, pull.target, head)
    start, git = _open_commits(github, base, head, start, folder, stack, token)
    if pull and not pull.into_default and not is_set_up(git, base):
        return LeftAlone(f"relbot does not review this pull request: the branch {quoted(pull.target)} has no relbot.toml.")
    login, kind = (pull.author, pull.kind) if pull else ("", "")
    source = BetweenCommits(start, base, head, lambda rules: is_exempt(login, kind, rules))
    return _Reviewed(pull, source, git, review_change_set(ReviewRequest(git, source, web=github.web)))


def _open_commits(
    github: GitHubRepository, base: str, head: str, start: str, folder: Path, stack: ExitStack, token: str
) -> tuple[str, Git]:
    """Where head left base, and a git that has all three: the clone in `folder` if it has their history, else one made for it.

    `start` is where it left, "" if nobody has asked GitHub yet.
    """
    here = Git(folder)
    if _has_commits(here, base, head):
        return find_merge_base(here, base, head), here
    start = start or compare_with_base(github, base, head).start
    return start, stack.enter_context(temporary_clone(f"{github.web}.git", (start, base, head), token))


def _has_commits(git: Git, *commits: str) -> bool:
    asked = "".join(f"{commit}^{{commit}}\n" for commit in commits).encode("ascii")
    code, out, _ = git.answer("cat-file", "--batch-check", stdin=asked)
    return code == 0 and out.count(b" commit ") == len(commits) and not is_shallow(git)


def _apply_waiver(seen: _Reviewed, conversation: Conversation, web: str, *, asks: bool) -> _Response:
    """What counts, with a waiver or an answer if there is one.

    The conversation is read only if the label is there that makes a waiver count, or there is a question to answer.
    """
    pull, change_set = seen.pull, seen.change_set
    config = change_set.policy.pr
    findings = change_set.evaluation.findings
    decision, answer = WaiverDecision(), None
    if pull and findings and read_waiver_request(pull.labels, config.waiver, ()).labelled:
        request = read_waiver_request(pull.labels, config.waiver, conversation.comments())
        decision = resolve_waiver(request, config.waiver, pull.author, conversation.may_write, conversation.was_edited)
    if pull and decision.waiver is None and any(finding.level is Level.WARNING for finding in findings):
        answer = find_answer(pull.author, conversation.comments())
    standing = PullRequestContext(pull is not None and pull.draft, change_set.exempt, decision.waiver, asks, answer)
    evaluation = apply_waiver(change_set.faults, _offer_fragment(seen), standing)
    around = CommentContext(web, pull.branch if pull else "", config.waiver, decision.why_not, config.documentation)
    return _Response(evaluation, around, standing)


def _offer_fragment(seen: _Reviewed) -> Evaluation:
    """The evaluation with a fragment to begin with that is named after the branch."""
    evaluation, pull = seen.change_set.evaluation, seen.pull
    if not evaluation.findings or pull is None:
        return evaluation
    config = seen.change_set.policy
    proposal = offer_fragment(evaluation.proposal, pull.name, pull.title, config, seen.change_set.identities)
    return evaluation._replace(proposal=proposal)


def _write_response(
    github: GitHubRepository,
    pull: PullRequest,
    conversation: Conversation,
    config: PullRequests,
    decision: ReviewDecision,
    said: _Response,
    refused: list[str],
) -> None:
    """Brings comment, status and label to what was decided. One that the token may not write does not keep it from the others."""
    changed = False
    is_current = cache(lambda: conversation.is_current(config.waiver))
    if not refused:
        with _collect_refusals(refused):
            body = _comment_body(decision, said)
            changed = upsert_comment(github, pull.number, conversation.own_comments(), body, is_current)
    if config.status:
        with _collect_refusals(refused):
            set_status(github, pull.head, config.status, decision.status, said.run_page, is_current, look=not changed)
    if config.label and decision.label is not None:
        with _collect_refusals(refused):
            set_label(github, pull, config.label, is_current, there=decision.label)


def _comment_body(decision: ReviewDecision, said: _Response) -> str | None:
    match decision.comment:
        case CommentContent.ALL:
            return findings_comment(said.evaluation, said.around)
        case CommentContent.SOLVED:
            return solved_comment(said.evaluation)
        case CommentContent.NONE:
            return None
        case _:
            assert_never(decision.comment)


@contextmanager
def _collect_refusals(refused: list[str]) -> Iterator[None]:
    """Notes what the token may not do. On pull requests from forks that is how it should be, and the summary tells instead."""
    try:
        yield
    except NotAllowed as error:
        refused.append(error.what)
