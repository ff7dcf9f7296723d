"""Whose records count: those of people and apps that may write to the repository.

GitHub makes Deployments only for those who may deploy, so whoever made one has shown it. Of the others it is asked. Anybody
may comment on an issue of a public repository; what they write there is not read at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.github.pull import ACTIONS, may_write

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relbot.github.client import GitHubRepository
    from relbot.ledger.github.deployments import LedgerDeployment
    from relbot.ledger.github.issue_api import RecordComment


class KnownWriters:
    """Remembers the answers for as long as a command runs."""

    def __init__(self, github: GitHubRepository) -> None:
        self._github = github
        self._known = {ACTIONS: True}

    def prove(self, made: Iterable[LedgerDeployment]) -> None:
        """Who made Deployments may write."""
        self._known |= {each.author: True for each in made if each.author}

    def may(self, comment: RecordComment) -> bool:
        """Whether a comment's author may write. GitHubError if GitHub does not tell."""
        if comment.may:
            return True
        login = comment.author
        if login not in self._known:
            self._known[login] = bool(login) and may_write(self._github, login)
        return self._known[login]
