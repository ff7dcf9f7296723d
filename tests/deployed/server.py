"""A web server on this machine that answers as badly as a test wants it to."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from tests.serving import serving

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator

    Answer = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Answers with what the server's `pages` hold for the path."""

    server: Server

    def do_GET(self) -> None:  # http.server wants this name
        self.server.seen.append((self.path, self.headers.get("Authorization", "")))
        self.server.pages[self.path.partition("?")[0]](self)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append((self.path, ""))
        self.server.pages.get(self.path, page("", 404))(self)

    def log_message(self, format: str, *args: Any) -> None: ...  # noqa: A002  # as http.server


class Server(ThreadingHTTPServer):
    """Its `pages` by path; `seen` are the paths asked for and the credentials that came along; `over` ends what waits."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.pages: dict[str, Answer] = {}
        self.seen: list[tuple[str, str]] = []
        self.over = threading.Event()

    def handle_error(self, request: Any, client_address: Any) -> None: ...

    @property
    def address(self) -> str:
        """Where it listens, without a scheme."""
        return f"127.0.0.1:{self.server_address[1]}"


@contextmanager
def running(tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """A server in a thread of its own."""
    server = Server()
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    with serving(server, server.over):
        yield server


def page(content: bytes | str, status: int = 200, **headers: str) -> Answer:
    """An ordinary answer."""
    body = content.encode() if isinstance(content, str) else content

    def answer(handler: Handler) -> None:
        handler.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **{n.replace("_", "-"): v for n, v in headers.items()}}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def redirect(location: str) -> Answer:
    """A redirect."""
    return page("", 302, Location=location)


def never(handler: Handler) -> None:
    """No answer, until the test is over."""
    handler.server.over.wait(20)


def drop_by_drop(handler: Handler) -> None:
    """An answer of which a byte comes now and then, for ever."""
    handler.send_response(200)
    handler.end_headers()
    while not handler.server.over.wait(0.02):
        handler.wfile.write(b"a")
        handler.wfile.flush()


def endless(handler: Handler) -> None:
    """An answer that comes as fast as it can, for ever."""
    handler.send_response(200)
    handler.end_headers()
    while not handler.server.over.is_set():
        handler.wfile.write(b"a" * 65_536)


def headers_drop_by_drop(handler: Handler) -> None:
    """A header of which a byte comes now and then, for ever."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
    while not handler.server.over.wait(0.02):
        handler.wfile.write(b"a")
        handler.wfile.flush()


def raw(content: bytes) -> Answer:
    """These bytes, and the end of the connection."""

    def answer(handler: Handler) -> None:
        handler.wfile.write(content)
        handler.close_connection = True

    return answer
