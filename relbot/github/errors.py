"""What can go wrong between relbot and GitHub, by what follows from it. All of it is Unknown, unless a caller knows better."""

from __future__ import annotations

from relbot.errors import Unknown


class GitHubError(Unknown):
    """GitHub did not do what it was asked to, or nobody knows whether it did."""


class TokenRefused(GitHubError):
    """GitHub does not know the token (401): no other request will go better."""


class NotAllowed(GitHubError):
    """The token may not do this (403). On pull requests from forks that is how it should be, and planned for."""


class NotThere(GitHubError):
    """There is no such thing, or the token may not see it (404, 410): GitHub does not tell which."""


class Rejected(GitHubError):
    """GitHub will not have it as it is (409, 422). `status` and `said` tell which, `said` in GitHub's words."""

    def __init__(self, what: str, *, status: int, said: str, tip: str = "") -> None:
        super().__init__(what, tip=tip)
        self.status = status
        self.said = said


class TooMany(GitHubError):
    """Rate limited for longer than relbot waits. Nothing was done."""


class Unsure(GitHubError):
    """No answer, a broken one, or a 5xx: of a write nobody knows whether it was done. Look before repeating it."""
