"""The one place that talks to GitHub's REST API. It loads PyGithub, and only when somebody asks something.

The token is in no error, and leaves this machine only encrypted. Every failure becomes an error of `relbot.github.errors`,
with a sentence that begins with what was asked. How a request is sent: `relbot.github.connection`; how often:
`relbot.github.retry`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from relbot.errors import UsageError, quoted
from relbot.github.errors import GitHubError, NotAllowed, NotThere, Rejected, TokenRefused, TooMany, Unsure
from relbot.schema.json_text import load_json
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from relbot.github.connection import GitHubConnection
    from relbot.github.retry import HttpAnswer
    from relbot.github.settings import GitHubSettings

TIMEOUT = 15
"""Seconds for one whole answer."""
PER_PAGE = 100
MOST_PAGES = 100
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class GitHubServers(NamedTuple):
    """Where GitHub is: its API, and its pages for people. Those of GitHub Enterprise are named by the environment."""

    api: str
    web: str


def require_servers(settings: GitHubSettings) -> GitHubServers:
    """Where GitHub is. UsageError if the settings name something that is no address, or one without encryption."""
    api = (settings.api_url or "https://api.github.com").rstrip("/")
    web = (settings.server_url or "https://github.com").rstrip("/")
    for name, address in (("GITHUB_API_URL", api), ("GITHUB_SERVER_URL", web)):
        try:
            parts = urlsplit(address)
            good = parts.hostname and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK))
        except ValueError:
            good = False
        if not good or "@" in address:
            tip = "Begin it with `https://`, and leave out passwords."
            raise UsageError(
                f"{name} is not an address that relbot accepts.", tip=tip, example=f"{name}=https://github.example.com/api/v3"
            )
    return GitHubServers(api, web)


def require_token(settings: GitHubSettings) -> str:
    """The token. UsageError if there is none, or it cannot be one; it is not shown."""
    found = settings.token
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

    def __init__(self, repository: str, at: GitHubServers, secret: str, timeout: float = TIMEOUT) -> None:
        """`secret` is the token, "" to ask as nobody in particular; `timeout` are the seconds for one answer."""
        self.repository = repository
        self._timeout = timeout
        self.at = at
        self._secret = secret
        self._connection: GitHubConnection | None = None

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
                raise Unsure(f"relbot could not {what}: GitHub's answer is not a list.", tip=AGAIN)
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

    def ask_graphql(self, what: str, question: str, **variables: str) -> Answer:
        """The data that GitHub's GraphQL API answers a question with: REST does not tell everything. GitHubError if it does not.

        https://docs.github.com/en/graphql/guides/forming-calls-with-graphql
        """
        address = f"{self.at.api.removesuffix('/v3')}/graphql"
        answer = _as_answer(self._ask(what, "POST", address, {}, {"query": question, "variables": variables})[1], what)
        if answer.get("errors") or not isinstance(answer.get("data"), dict):
            raise Unsure(f"relbot could not {what}: GitHub answered with errors.", tip=AGAIN)
        return Answer(answer["data"], what)

    def _ask(self, what: str, method: str, path: str, query: Mapping[str, str | int], body: Any) -> tuple[Mapping[str, str], Any]:
        """The headers and the object that GitHub answers with. Nothing but 2xx is taken for done."""
        url = path if "://" in path else f"/repos/{self.repository}{path}" if path[:1] in ("", "/") else f"/{path}"
        answer = self._open_connection().ask(what, method, url, query, body)
        if not 200 <= answer.status < 300:
            raise _error_for_status(answer, what)
        if not answer.content.strip():
            return answer.headers, None
        try:
            return answer.headers, load_json(answer.content)
        except ValueError as error:
            raise Unsure(f"relbot could not {what}: GitHub's answer is not JSON.", tip=AGAIN) from error

    def _open_connection(self) -> GitHubConnection:
        if self._connection is None:
            from relbot.github.connection import GitHubConnection  # loads PyGithub: 200 ms that only who asks GitHub waits for

            self._connection = GitHubConnection(self.at.api, self._secret, self._timeout)
        return self._connection


def quote_path_part(name: str) -> str:
    """A name for use in a path: a label, a branch."""
    return quote(name, safe="")


AGAIN = (
    "relbot stopped there. Run the command again: what is done already is not done twice. If the error persists, see "
    "https://www.githubstatus.com."
)


class Answer(dict[str, Any]):
    """An object as GitHub answers it. A key that it lacks makes it one that cannot be read: Unsure."""

    def __init__(self, values: Mapping[str, Any], what: str) -> None:
        super().__init__(values)
        self._what = what

    def __getitem__(self, key: str) -> Any:
        value = super().__getitem__(key)
        return Answer(value, self._what) if isinstance(value, dict) else value

    def __missing__(self, key: str) -> Any:
        raise Unsure(f"relbot could not {self._what}: GitHub's answer lacks `{key}`.", tip=AGAIN)


def _as_answer(found: Any, what: str) -> Answer:
    if not isinstance(found, dict):
        raise Unsure(f"relbot could not {what}: GitHub's answer has an unexpected format.", tip=AGAIN)
    return Answer(found, what)


def _next_page(headers: Mapping[str, str]) -> str | None:
    """The address of the next page of a list, None after the last one (https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api)."""
    from requests.utils import parse_header_links  # 100 ms that only what asks an address has to wait for

    links = parse_header_links(headers.get("link", ""))
    return next((str(each["url"]) for each in links if each.get("rel") == "next" and each.get("url")), None)


def _error_for_status(answer: HttpAnswer, what: str) -> GitHubError:
    from relbot.github.retry import is_rate_limit, wait_asked_for  # loads requests, which takes 100 ms

    status, said = answer.status, _message_of(answer.content)
    begun = f"relbot could not {what}: GitHub answered {status}{f' {quoted(said)}' if said else ''}."
    if is_rate_limit(answer):
        wait = wait_asked_for(answer)
        tip = f"The rate limit of the token is used up for another {wait:.0f} s." if wait else "The rate limit is used up."
        return TooMany(begun, tip=f"{tip} Run it again after that.")
    match status:
        case 401:
            return TokenRefused(
                begun, tip="GitHub does not know the token in GITHUB_TOKEN. It has expired, or belongs to another server."
            )
        case 403:
            return NotAllowed(begun, tip=_permission_tip(answer))
        case 404 | 410:
            return NotThere(begun, tip="It does not exist, or the token may not see it. Check its name and the token.")
        case 409 | 422:
            return Rejected(begun, status=status, said=said)
        case 301 | 302 | 303 | 307 | 308:
            return Unsure(begun, tip="The repository was renamed or moved. Replace the old name everywhere.")
    return Unsure(begun, tip=AGAIN)


def _permission_tip(answer: HttpAnswer) -> str:
    """What the token lacks, in GitHub's words where it says so.

    https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api#resource-not-accessible
    """
    needed = answer.headers.get("x-accepted-github-permissions", "")
    if not re.fullmatch(r"[a-z_=;, ]{1,200}", needed):
        return "The token may not do this. Grant it below `permissions:` in the workflow."
    either = " or ".join(part.strip().replace("_", "-").replace("=", ": ") for part in needed.split(";"))
    return f"The token may not do this. It needs `{either}` below `permissions:` in the workflow."


def _message_of(content: bytes) -> str:
    """What GitHub says, with the reasons it lists; "" if that is no JSON."""
    try:
        data: Any = load_json(content)
    except ValueError:
        return ""
    if not isinstance(data, dict):
        return ""
    listed = data.get("errors")
    reasons = [
        str(each.get("message") or f"{each.get('field')}: {each.get('code')}") if isinstance(each, dict) else str(each)
        for each in (listed if isinstance(listed, list) else ())
    ]
    return "; ".join(filter(None, [str(data.get("message") or ""), *reasons]))
