"""The one place that talks to GitHub's REST API. It opens PyGithub, and only when somebody asks something.

The token comes from the environment alone, and is in no error. Every failure becomes an error of `relbot.github.errors`,
with a sentence that begins with what was asked.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, urlsplit

from relbot.errors import UsageError, quoted
from relbot.github.errors import GitHubError, NotAllowed, NotThere, Rejected, TokenRefused, TooMany, Unsure

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from github import Github, GithubException
    from github.Requester import Requester

TIMEOUT = 15
"""Seconds for one answer."""
PER_PAGE = 100
MOST_PAGES = 100
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class GitHubServers(NamedTuple):
    """Where GitHub is: its API, and its pages for people. Those of GitHub Enterprise are named by the environment."""

    api: str
    web: str


def read_servers() -> GitHubServers:
    """Where GitHub is. UsageError if the environment names something that is no address, or one without encryption."""
    api = (os.environ.get("GITHUB_API_URL") or "https://api.github.com").rstrip("/")
    web = (os.environ.get("GITHUB_SERVER_URL") or "https://github.com").rstrip("/")
    for name, address in (("GITHUB_API_URL", api), ("GITHUB_SERVER_URL", web)):
        try:
            parts = urlsplit(address)
            good = parts.hostname and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK))
        except ValueError:
            good = False
        if not good or "@" in address:
            tip = "It begins with https:// and holds no password."
            raise UsageError(
                f"{name} is no address that relbot takes.", tip=tip, example=f"{name}=https://github.example.com/api/v3"
            )
    return GitHubServers(api, web)


def read_token() -> str:
    """The token of the environment. UsageError if there is none, or it cannot be one; it is not shown."""
    found = os.environ.get("GITHUB_TOKEN") or os.environ.get("GH_TOKEN") or ""
    if not found:
        tip = "relbot takes it from the environment only. In a workflow:"
        raise UsageError("There is no token for GitHub.", tip=tip, example="env:\n  GITHUB_TOKEN: ${{ github.token }}")
    if not (found.isascii() and found.isprintable() and " " not in found):
        raise UsageError("The token for GitHub holds a space or a line end.", tip="Copy it again, without quotes around it.")
    return found


class GitHubRepository:
    """One repository on GitHub, to be asked and told.

    `what` says in words what is asked, to follow "relbot could not": "read pull request 12". A path begins with a slash
    and stands below the repository; one without stands below the API: `user`.
    """

    def __init__(self, repository: str, at: GitHubServers, secret: str) -> None:
        self.repository = repository
        self.at = at
        self._secret = secret
        self._github: Github | None = None

    @property
    def web(self) -> str:
        """The repository's page."""
        return f"{self.at.web}/{self.repository}"

    @property
    def of_app(self) -> bool:
        """Whether the token is that of an app, as a workflow's is: GitHub does not tell it who it is.

        https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/
        """
        return self._secret.startswith(("ghs_", "v1."))

    @property
    def owner(self) -> str:
        """The owner's login."""
        return self.repository.partition("/")[0]

    def read(self, what: str, path: str, **query: str | int) -> Answer:
        """An object that GitHub has. GitHubError if it cannot be had."""
        return _as_answer(self._ask(what, "GET", path, query, None)[1], what)

    def pages(self, what: str, path: str, **query: str | int) -> Iterator[Answer]:
        """All objects that GitHub lists, page after page. GitHubError if any page cannot be had."""
        at, asked = path, {"per_page": PER_PAGE, **query}
        for _ in range(MOST_PAGES):
            headers, found = self._ask(what, "GET", at, asked, None)
            if not isinstance(found, list):
                raise Unsure(f"relbot could not {what}: GitHub answered with something that is no list.", tip=_AGAIN)
            yield from (_as_answer(each, what) for each in found)
            following = _next_page(headers)
            if following is None:
                return
            at, asked = following, {}
        raise Unsure(f"relbot could not {what}: there are more than {MOST_PAGES * PER_PAGE}.")

    def write(self, what: str, method: str, path: str, body: Any = None) -> Any:
        """Tells GitHub something, and gives the object it answers with, None if there is none.

        Unsure if nobody knows whether it was done; any other GitHubError means that it was not.
        """
        found = self._ask(what, method, path, {}, body)[1]
        return found if found is None or isinstance(found, list) else _as_answer(found, what)

    def _ask(self, what: str, method: str, path: str, query: Mapping[str, str | int], body: Any) -> tuple[Mapping[str, str], Any]:
        whole = path if "://" in path else f"/repos/{self.repository}{path}" if path[:1] in ("", "/") else f"/{path}"
        with _translated_errors(what):
            headers, found = self._requester().requestJsonAndCheck(method, whole, parameters=dict(query) or None, input=body)
        return headers, found

    def _requester(self) -> Requester:
        if self._github is None:
            from github import Auth, Github

            from relbot.github.retry import RetryPolicy

            self._github = Github(
                auth=Auth.Token(self._secret),
                base_url=self.at.api,
                timeout=TIMEOUT,
                user_agent="relbot",
                retry=RetryPolicy.usual(),
                seconds_between_requests=None,
                seconds_between_writes=None,
            )
        return self._github.requester


def quote_path_part(name: str) -> str:
    """A name for use in a path: a label, a branch."""
    return quote(name, safe="")


_AGAIN = "Run it again. If it stays so, https://www.githubstatus.com tells more."


class Answer(dict[str, Any]):
    """An object as GitHub answers it. A key that it lacks makes it one that cannot be read: Unsure."""

    def __init__(self, values: Mapping[str, Any], what: str) -> None:
        super().__init__(values)
        self._what = what

    def __getitem__(self, key: str) -> Any:
        value = super().__getitem__(key)
        return Answer(value, self._what) if isinstance(value, dict) else value

    def __missing__(self, key: str) -> Any:
        raise Unsure(f"relbot could not {self._what}: GitHub's answer lacks `{key}`.", tip=_AGAIN)


def _as_answer(found: Any, what: str) -> Answer:
    # PyGithub wraps what is not JSON into {"data": …}, and adds a URL
    if not isinstance(found, dict) or ("data" in found and set(found) <= {"data", "url"}):
        raise Unsure(f"relbot could not {what}: GitHub answered with something else.", tip=_AGAIN)
    return Answer(found, what)


def _next_page(headers: Mapping[str, str]) -> str | None:
    from requests.utils import parse_header_links

    links = parse_header_links(headers.get("link", ""))
    return next((each["url"] for each in links if each.get("rel") == "next"), None)


@contextmanager
def _translated_errors(what: str) -> Iterator[None]:
    """Whatever goes wrong inside becomes an error of relbot's that holds nothing of the request."""
    import requests
    import urllib3
    from github import GithubException

    try:
        yield
    except GithubException as error:
        raise _error_for_status(error, what) from None
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
        kind = "GitHub did not answer in time" if isinstance(error, requests.Timeout) else "the connection to GitHub broke off"
        raise Unsure(f"relbot could not {what}: {kind} ({type(error).__name__}).", tip=_AGAIN) from None
    except (ValueError, RuntimeError) as error:
        kind = type(error).__name__
        raise Unsure(f"relbot could not {what}: GitHub's answer cannot be read ({kind}).", tip=_AGAIN) from None


def _error_for_status(error: GithubException, what: str) -> GitHubError:
    from github import RateLimitExceededException

    from relbot.github.retry import wait_asked_for

    status, said = error.status, _message_of(error)
    begun = f"relbot could not {what}: GitHub answered {status}{f' {quoted(said)}' if said else ''}."
    wait = wait_asked_for(error.headers or {})
    if status == 429 or (status == 403 and (wait is not None or isinstance(error, RateLimitExceededException))):
        tip = f"The rate limit of the token is used up for another {wait:.0f} s." if wait else "The rate limit is used up."
        return TooMany(begun, tip=f"{tip} Run it again after that.")
    match status:
        case 401:
            return TokenRefused(begun, tip="GITHUB_TOKEN holds a token that GitHub does not know: expired, or of another server.")
        case 403:
            return NotAllowed(begun, tip="The token may not do this: `permissions:` in the workflow says what it may.")
        case 404 | 410:
            return NotThere(begun, tip="It is not there, or the token may not see it: GitHub does not tell which.")
        case 409 | 422:
            return Rejected(begun, status=status, said=said)
    return Unsure(begun, tip=_AGAIN)


def _message_of(error: GithubException) -> str:
    """What GitHub says, with the reasons it lists."""
    data: Any = error.data
    if not isinstance(data, dict):
        return ""
    listed = data.get("errors")
    reasons = [
        str(each.get("message") or f"{each.get('field')}: {each.get('code')}") if isinstance(each, dict) else str(each)
        for each in (listed if isinstance(listed, list) else ())
    ]
    return "; ".join(filter(None, [str(data.get("message") or ""), *reasons]))
