"""The fake GitHub as a server on this machine: who may ask, what goes wrong, what is answered, and all that was asked."""

from __future__ import annotations

import json
import socket
import struct
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.github.fake import routes_git, routes_issues, routes_people, routes_pulls, routes_releases
from tests.github.fake.answers import OF_WORKFLOW, Answer, add_limits, answer_fault, refuse
from tests.github.fake.contract import answer_faults, operation, request_faults
from tests.github.fake.faults import Fault, Planned
from tests.github.fake.permissions import accepted_permissions, is_allowed
from tests.github.fake.routing import HANDLERS, Call, Refusal, Reply
from tests.github.fake.state import BOT, WRITE, State
from tests.github.fake.views import API
from tests.serving import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

ROUTES = (routes_git, routes_issues, routes_people, routes_pulls, routes_releases)
TOKEN = f"ghs_1_{'eyJ' + 't' * 97}.{'p' * 300}-_.{'s' * 86}"
"""As those of workflows since 2026, GitHub fact 53: some 500 characters with dots and dashes."""
VERSIONS = ("2022-11-28", "2026-03-10")
"""Of the API: GitHub fact 91."""
NUMBER = 1296269
"""Of the repository, which stays the same whatever its name is."""
PER_PAGE, MOST_PER_PAGE = 30, 100
_PATIENCE = 20
"""Seconds after which an answer that hangs gives up by itself, if nobody ends the test."""


@dataclass(frozen=True)
class Request:
    """What was asked. `status` is what was answered, 0 if nothing was."""

    method: str
    path: str
    query: str
    body: bytes
    user: str
    status: int

    @property
    def json(self) -> Any:
        """The body."""
        return json.loads(self.body)


class GitHub(ThreadingHTTPServer):
    """A GitHub with one repository. See tests/github/fake/__init__.py for how it is used."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.state = State()
        self.token = TOKEN
        self.tokens: dict[str, tuple[str, frozenset[str]]] = {TOKEN: (BOT, WRITE)}
        self.requests: list[Request] = []
        self.breaches: list[str] = []
        self.left = OF_WORKFLOW
        self.over = threading.Event()
        self.plans: list[Planned] = []
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        """For GITHUB_API_URL."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def add_token(self, user: str, *needs: str) -> str:
        """A token of this user, which may write what `needs` names: contents, deployments, issues, pull_requests, statuses."""
        number = len(self.tokens) + 1  # TOKEN is the first
        token = TOKEN.replace("ghs_1_", f"ghs_{number}_") if user.endswith("[bot]") else f"ghp_{number:036d}"
        self.tokens[token] = user, frozenset(needs)
        return token

    def fail(self, fault: Fault, method: str | None = None, path: str | None = None, *, nth: int = 1, times: int = 1) -> None:
        """Plans a fault for the nth of the requests whose path has a match of this regular expression, and so on."""
        self.plans.append(Planned(fault, method, path, nth, times))

    def asked(self, method: str | None = None, path: str = "") -> list[Request]:
        """The requests of this method whose path has this in it."""
        return [one for one in self.requests if method in (None, one.method) and path in one.path]

    @property
    def writes(self) -> list[Request]:
        """The requests that were to change something."""
        return [one for one in self.requests if one.method != "GET" and one.path != "/graphql"]

    def take(
        self, method: str, target: str, body: bytes, authorization: str, version: str = VERSIONS[0]
    ) -> tuple[Answer, Fault | None]:
        """What is answered to a request, and how it goes wrong. `version` is that of the API."""
        parts = urlsplit(target)
        path = parts.path.removeprefix("/api/v3")  # as on GitHub Enterprise
        token = authorization.partition(" ")[2]
        user, may = self.tokens.get(token, ("", frozenset()))
        with self._lock:
            fault = next((plan.fault for plan in [*self.plans] if plan.meets(method, path)), None)
            if fault and not fault.done:
                answer = answer_fault(fault)
            elif self.left <= 0:
                answer = refuse(403, f"API rate limit exceeded for {user}.")
            elif token and token not in self.tokens:
                answer = refuse(401, "Bad credentials")
            elif version not in VERSIONS and self.state.has(91):
                answer = refuse(400, f"The X-GitHub-Api-Version {version} is not supported.")
            elif moved := self._moved(method, path, parts.query):
                answer = moved
            else:
                self.left -= 1
                path = path.replace(f"/repositories/{NUMBER}", f"/repos/{self.state.repository}", 1)
                answer = self._answer(method, path, parts.query, body, user, may)
            if fault and fault.done and fault.status:
                answer = answer_fault(fault)
            status = 0 if fault and fault.breaks else answer.status
            self.requests.append(Request(method, path, parts.query, body, user, status))
            left = self.left
        return add_limits(answer, left, self.state.enterprise, user), fault

    def _moved(self, method: str, path: str, query: str) -> Answer | None:
        """GitHub facts 86, 87: a repository that was renamed is redirected to, reads with 301 and writes with 307."""
        for name in self.state.former:
            if (path == f"/repos/{name}" or path.startswith(f"/repos/{name}/")) and self.state.has(86):
                at = f"{self.url}/repositories/{NUMBER}{path.removeprefix(f'/repos/{name}')}"
                address = f"{at}?{query}" if query and self.state.has(87) else at
                content = json.dumps({"message": "Moved Permanently", "url": address, "documentation_url": ""}).encode()
                return Answer(301 if method == "GET" else 307, content, (("Location", address),))
        return None

    def _answer(self, method: str, path: str, query: str, body: bytes, user: str, may: frozenset[str]) -> Answer:
        if (method, path) == ("POST", "/graphql"):
            return self._graphql(json.loads(body), user)
        known = operation(method, path)
        if known is None or (known[0].method, known[0].path) not in HANDLERS:
            self.breaches.append(f"{method} {path}: the contract does not have it (tests/github/contract/used.txt)")
            return refuse(404, "Not Found")
        one, values = known
        if faults := request_faults(one, query, body):
            self.breaches += [f"request {method} {path}: {fault}" for fault in faults]
            return refuse(422, f"Breach of contract: {faults[0]}")
        handler, needs = HANDLERS[one.method, one.path]
        answer = self._handled(
            Call(self.state, values, _flat(query), json.loads(body or b"null"), user), handler, needs, may, path
        )
        for fault in answer_faults(one, answer.status, answer.content):
            self.breaches.append(f"answer {answer.status} of {method} {path}: {fault}")
        return answer

    def _graphql(self, question: Any, user: str) -> Answer:
        """The one question that relbot asks of GraphQL; everything else is a breach. GitHub fact 59."""
        if not user:
            return refuse(401, "This endpoint requires you to be authenticated.")
        if not self.state.has(59):
            return Answer(200, json.dumps({"data": None, "errors": [{"message": "Field 'lastEditedAt' doesn't exist"}]}).encode())
        if "... on IssueComment { lastEditedAt }" not in question["query"]:
            self.breaches.append(f"POST /graphql: {question['query']}")
            return refuse(404, "Not Found")
        found = self.state.comments.get(int(question["variables"]["comment"].removeprefix("IC_")))
        node = None if found is None else {"lastEditedAt": found.edited}
        if found is not None and found.edited and not self.state.has(57):
            node = {"lastEditedAt": None}
        return Answer(200, json.dumps({"data": {"comment": node}}).encode())

    def _handled(self, call: Call, handler: Any, needs: str, may: frozenset[str], path: str) -> Answer:
        if "owner" in call.values and f"{call.values['owner']}/{call.values['repo']}" != self.state.repository:
            return refuse(404, "Not Found")
        if needs and not call.user:
            return refuse(401, "Requires authentication")
        if needs and self.state.archived:
            return refuse(403, "Repository was archived so is read-only.")
        if needs and not is_allowed(needs, may, call, path):
            refused = refuse(403, "Resource not accessible by integration")
            told = (("X-Accepted-GitHub-Permissions", accepted_permissions(needs, call, path)),) if self.state.has(45) else ()
            return refused if not call.user.endswith("[bot]") else Answer(403, refused.content, told)
        self.state.look()
        try:
            reply: Reply = handler(call)
        except Refusal as refusal:
            return Answer(refusal.status, self._shown(refusal.value))
        value, headers = self._page(reply, call, path) if reply.listed else (reply.value, ())
        return Answer(reply.status, b"" if reply.status == 204 else self._shown(value), headers)

    def _shown(self, value: Any) -> bytes:
        return json.dumps(value).replace(API, self.url).encode()

    def _page(self, reply: Reply, call: Call, path: str) -> tuple[list[Any], tuple[tuple[str, str], ...]]:
        """One page, and where the others are: https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api."""
        size = min(int(call.query.get("per_page", PER_PAGE)), MOST_PER_PAGE)
        page = max(int(call.query.get("page", 1)), 1)
        last = max(-(-len(reply.value) // size), 1)
        if last > 1 and not self.state.has(89):
            return reply.value, ()
        links = {"prev": page - 1, "first": 1} if page > 1 else {}
        links |= {"next": page + 1, "last": last} if page < last else {}
        header = ", ".join(
            f'<{self.url}{path}?{urlencode({**call.query, "page": number})}>; rel="{name}"' for name, number in links.items()
        )
        return reply.value[(page - 1) * size : page * size], (("Link", header),) if header else ()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """What a client that went away leaves behind is nothing to talk about."""
        import traceback

        text = traceback.format_exc()
        if not isinstance(_current(), (OSError, ValueError)):
            self.breaches.append(text)


def _current() -> BaseException | None:
    import sys

    return sys.exc_info()[1]


def _flat(query: str) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(query, keep_blank_values=True).items()}


class _Handler(BaseHTTPRequestHandler):
    server: GitHub
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one packet for an answer, or the client waits for 40 ms

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        version = self.headers.get("X-GitHub-Api-Version") or VERSIONS[0]
        answer, fault = self.server.take(self.command, self.path, body, self.headers.get("Authorization") or "", version)
        if fault and fault.breaks:
            if fault.breaks == "hang":
                self.server.over.wait(_PATIENCE)
            self._reset()
            return
        self.send_response(answer.status)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Content-Length": str(len(answer.content)),
            **dict(answer.headers),
        }
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.content)
        self.wfile.flush()

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _serve  # noqa: N815  # http.server wants these names

    def _reset(self) -> None:
        self.close_connection = True
        with suppress(OSError):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()

    def log_message(self, format: str, *args: Any) -> None: ...  # noqa: A002  # as http.server


Server = TypeVar("Server", bound=GitHub)


@contextmanager
def running(kind: type[Server]) -> Iterator[Server]:
    """A fake GitHub in a thread of its own. AssertionError at the end if anything broke GitHub's contract."""
    server = kind()
    with serving(server, server.over):
        yield server
    assert not server.breaches, "\n".join(server.breaches)
