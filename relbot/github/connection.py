"""The connection to GitHub's REST API that PyGithub sends its requests over. Loads PyGithub: import it inside functions only.

PyGithub authenticates, builds addresses and encodes bodies. What becomes of a request, relbot decides: PyGithub's own
connection has no time limit for a whole answer and no limit of size, its redirects lose the query and turn a moved write
into a read of nothing, and it waits and repeats by rules of its own.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import requests
from github import Auth, Github
from github.Requester import HTTPRequestsConnectionClass, Requester, RequestsResponse

from relbot.errors import quoted
from relbot.github.errors import Unsure
from relbot.github.retry import HttpAnswer, request_patiently

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LARGEST_ANSWER = 67_108_864
"""Bytes of one answer. A page of 100 comments of the greatest length has 26 MB."""
MOST_REDIRECTS = 3
API_VERSION = "2022-11-28"
"""https://docs.github.com/en/rest/about-the-rest-api/api-versions"""


class GitHubConnection:
    """One API to be asked with one token, over connections that are kept from one request to the next."""

    def __init__(self, api: str, secret: str, timeout: float) -> None:
        """`secret` is the token, "" to ask as nobody in particular; `timeout` are the seconds for one answer."""
        self._api = api
        self._secret = secret
        self._timeout = timeout
        self._requester: Requester | None = None
        self._session = _Session()
        self._session.auth = Requester.noopAuth  # else requests puts what ~/.netrc has for the host in the token's place

    def ask(self, what: str, method: str, url: str, query: Mapping[str, str | int], body: Any) -> HttpAnswer:
        """Sends a request, and returns the answer at the end of its redirects, whatever its status is.

        `url` is a path below the API, or a whole address. Unsure if there is no answer, or an address is not one of the API.
        """
        self._resolve_own(self._api, url, what)
        exchange = _Exchange(partial(self._follow, what))
        # `Github(api_version=…)` is younger than 2.6, the lowest version that relbot takes
        headers = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": API_VERSION}
        self._get_requester().requestJson(method, url, dict(query), headers, body, exchange)
        return exchange.answer

    def _get_requester(self) -> Requester:
        if self._requester is None:
            self._requester = Github(
                auth=Auth.Token(self._secret) if self._secret else None,
                base_url=self._api,
                user_agent="relbot",
                retry=None,
                seconds_between_requests=None,
                seconds_between_writes=None,
            ).requester
        return self._requester

    def _follow(self, what: str, method: str, path: str, body: str | None, headers: Mapping[str, str]) -> HttpAnswer:
        """Follows where GitHub says that a repository has moved to.

        A read is answered with 301, a write with 307 (https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api).
        The new address holds the query. A write that is sent elsewhere in any other way was not done.
        """
        own = urlsplit(self._api)
        address = self._resolve_own(f"{own.scheme}://{own.netloc}{path}", "", what)
        answer = self._send_patiently(what, method, address, body, headers)
        for _ in range(MOST_REDIRECTS):
            kept = answer.status in (307, 308) or (answer.status in (301, 302) and method == "GET")
            if not (kept and answer.headers.get("location")):
                break
            address = self._resolve_own(address, answer.headers["location"], what)
            answer = self._send_patiently(what, method, address, body, headers)
        return answer

    def _resolve_own(self, base: str, address: str, what: str) -> str:
        """The whole address of one that may begin at `base`. Unsure if it is not one of the API: the token would go there."""
        try:
            whole = urljoin(base, address)
            own, other = urlsplit(self._api), urlsplit(whole)
            same = (own.scheme, own.hostname, own.port) == (other.scheme, other.hostname, other.port)
        except ValueError:
            whole, same = address, False
        if not same:
            where = quoted(whole.partition("?")[0], 80)
            raise Unsure(
                f"relbot could not {what}: GitHub redirected to {where}, and relbot sends its token only to "
                f"{self._api}. Check `GITHUB_API_URL`."
            )
        return whole

    def _send_patiently(self, what: str, method: str, address: str, body: str | None, headers: Mapping[str, str]) -> HttpAnswer:
        return request_patiently(partial(self._send, method, address, body, headers), method, self._timeout, what)

    def _send(self, method: str, address: str, body: str | None, headers: Mapping[str, str]) -> HttpAnswer:
        """Sends one request once. Whatever requests and urllib3 raise."""
        with self._session.request(
            method, address, data=body, headers=headers, timeout=self._timeout, stream=True, allow_redirects=False
        ) as response:
            content = bytearray()
            for part in response.iter_content(65_536):
                content += part
                if len(content) > LARGEST_ANSWER:
                    raise ValueError(f"more than {LARGEST_ANSWER} bytes")
            return HttpAnswer(
                response.status_code, {name.lower(): value for name, value in response.headers.items()}, bytes(content)
            )


class _Session(requests.Session):
    """Leaves redirects alone: requests looks where they lead even if it shall not follow, and reads their content whole."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:  # that of requests has it
        return None


class _Exchange(HTTPRequestsConnectionClass):
    """One request of PyGithub's and its answer.

    PyGithub is shown an empty answer of status 200: it waits and asks again for ever at 202, follows 301 by its own rules,
    and fails on a rate limit that is no number. relbot takes the real one from `answer`.
    """

    answer: HttpAnswer

    def __init__(self, send: Callable[[str, str, str | None, Mapping[str, str]], HttpAnswer]) -> None:
        """`send` takes the method, the path with its query, the body and the headers. The session of PyGithub's is not made."""
        self._send = send

    def request(self, verb: str, url: str, input: str | None, headers: dict[str, str], stream: bool = False) -> None:  # noqa: A002, FBT001, FBT002  # PyGithub's
        """Sends the request, and keeps the answer."""
        self.answer = self._send(verb, url, input, headers)

    def getresponse(self) -> RequestsResponse:
        """What PyGithub is shown."""
        shown = requests.Response()
        shown.status_code = 200
        return RequestsResponse(shown)
