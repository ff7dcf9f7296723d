"""What was said on a pull request and who may say what, each asked for at most once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.github.comment import own_comments
from relbot.github.labels_and_statuses import has_label
from relbot.github.pull import may_write, read_comments, read_pull_request, was_edited

if TYPE_CHECKING:
    from relbot.github.client import GitHubRepository
    from relbot.github.pull import PullRequest
    from relbot.github.waivers import IssueComment


class Conversation:
    """What was said on the pull request, asked for at most once."""

    def __init__(self, github: GitHubRepository, pull: PullRequest | None) -> None:
        self._github = github
        self._pull = pull
        self._comments: list[IssueComment] | None = None
        self._own: list[IssueComment] | None = None

    def comments(self) -> list[IssueComment]:
        """All comments, the oldest first."""
        if self._comments is None:
            self._comments = read_comments(self._github, self._pull.number) if self._pull else []
        return self._comments

    def own_comments(self) -> list[IssueComment]:
        """Those of relbot's."""
        if self._own is None:
            self._own = own_comments(self._github, self.comments())
        return self._own

    def was_edited(self, comment: IssueComment) -> bool:
        """Whether a comment was changed after it was written."""
        return was_edited(self._github, comment)

    def is_current(self, waiver: str) -> bool:
        """Whether the pull request is still as it was read: a newer run says what there is to say if it is not.

        That is so if nobody has pushed, closed or retargeted it, begun or ended a draft, set the label `waiver` or taken it off.
        """
        return self._pull is not None and _judged_of(self._pull, waiver) == _judged_of(
            read_pull_request(self._github, self._pull.number), waiver
        )

    def may_write(self, login: str) -> bool:
        """Whether somebody may write to the repository."""
        return may_write(self._github, login)


def _judged_of(pull: PullRequest, waiver: str) -> tuple[object, ...]:
    return pull.head, pull.target, pull.draft, pull.is_open, has_label(pull.labels, waiver)
