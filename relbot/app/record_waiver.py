"""What `relbot pr` does about a pull request that was merged: a waiver that let it pass is kept in the tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.fragment.location import Location, locate_fragment
from relbot.git.temporary_clone import temporary_clone
from relbot.git.trees import list_tree, parse_entry, split_lines
from relbot.github.comment import upsert_comment
from relbot.github.decision import effective_waiver
from relbot.github.errors import NotAllowed
from relbot.github.record import commit_waiver, waiver_fragment
from relbot.render.comment.comment_body import pending_waiver_comment, recorded_waiver_comment
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from relbot.config.model import Config
    from relbot.github.client import GitHubRepository
    from relbot.github.decision import PullRequestContext
    from relbot.github.pull import PullRequest
    from relbot.github.waivers import IssueComment
    from relbot.render.comment.comment_body import CommentContext
    from relbot.review.rules.model import Evaluation


class WaivedPullRequest(NamedTuple):
    """A merged pull request with what is said of it; `around` is what the comment needs to know of it."""

    pull: PullRequest
    config: Config
    evaluation: Evaluation
    standing: PullRequestContext
    around: CommentContext


class WaiverRecord(NamedTuple):
    """Whether nothing is left to be done, and a sentence on what was done or could not be, "" where nobody waived."""

    done: bool
    sentence: str = ""


def record_waiver(
    github: GitHubRepository, waived: WaivedPullRequest, own_comments: Callable[[], list[IssueComment]], token: str
) -> WaiverRecord:
    """Keeps the waiver of a merged pull request as a fragment of the branch into which it was merged.

    The one comment tells of it: in place where it is there already, and anew only where somebody has to act. GitHubError where
    nobody knows what came of it.
    """
    pull, config, evaluation, standing, around = waived
    waiver = effective_waiver(evaluation, standing)
    if waiver is None:
        return WaiverRecord(done=True)
    aside = [each.finding for each in evaluation.set_aside if each.by == f"@{waiver.login}"]
    record = waiver_fragment(waiver, aside, pull, config)
    done = commit_waiver(github, pull, record, lambda commit: _list_identities(f"{github.web}.git", commit, config, token))
    sentence = f"relbot recorded the waiver in `{record.path}` on `{pull.target}`."
    if not done:
        sentence = f"relbot could not record the waiver: it may not commit to `{pull.target}`. Add `{record.path}` there."
    try:
        present = own_comments()
        if done and present:
            upsert_comment(github, pull.number, present, recorded_waiver_comment(evaluation, record, pull.target))
        elif not done:
            body = pending_waiver_comment(evaluation, record, around._replace(branch=pull.target))
            upsert_comment(github, pull.number, present, body)
    except NotAllowed as error:
        return WaiverRecord(done, f"{sentence} {error.what}")
    return WaiverRecord(done, sentence)


def _list_identities(address: str, commit: str, config: Config, token: str) -> set[str]:
    """The identities of all fragments in a commit, released or not."""
    with temporary_clone(address, (commit,), token) as git:
        places = [
            locate_fragment(parse_entry(line).path, config.folders)
            for line in split_lines(list_tree(git, commit, config.folders))
        ]
    return {place.identity for place in places if isinstance(place, Location)}
