"""What was said on a pull request and who may say what, each asked for at most once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.github.comment import own_comments
from relbot.github.pull import may_write, read_comment_on_pull, read_comments, read_pull_request

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
        self._current: bool | None = None

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
        """Whether a comment was changed after it was written. GitHub tells about the pull request in the same answer."""
        assert self._pull is not None
        found = read_comment_on_pull(self._github, comment, self._pull)
        self._current = found.is_current
        return found.edited

    def is_current(self) -> bool:
        """Whether nobody has pushed, closed or retargeted it since it was read: a newer run says what there is to say then."""
        if self._current is None and self._pull is not None:
            now = read_pull_request(self._github, self._pull.number)
            return now.is_open and (now.head, now.target) == (self._pull.head, self._pull.target)
        return self._current is True

    def may_write(self, login: str) -> bool:
        """Whether somebody may write to the repository."""
        return may_write(self._github, login)
