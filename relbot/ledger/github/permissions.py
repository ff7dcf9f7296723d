"""Whose records count: those of people and apps that may write to the repository.

Of a person GitHub is asked, each time: who could write once may have left. It cannot be asked about an app, but makes
Deployments only for those that may deploy, so an app that made one has shown it. Anybody may comment on an issue of a public
repository; what they write there is not believed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.github.pull import ACTIONS, is_app, may_write

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
        """Apps that made Deployments may write."""
        self._known |= {each.author: True for each in made if is_app(each.author)}

    def may(self, comment: RecordComment) -> bool:
        """Whether a comment's author may write. GitHubError if GitHub does not tell."""
        if comment.may:
            return True
        login = comment.author
        if login not in self._known:
            self._known[login] = bool(login) and may_write(self._github, login)
        return self._known[login]
