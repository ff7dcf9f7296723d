"""Fetching into a repository of relbot's own: with the token in a header for that server, and with nothing kept."""

from __future__ import annotations

import base64
import tempfile
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import pytest

from relbot.errors import Unknown
from relbot.git.temporary_clone import TRIES, temporary_clone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.repository import Repo

TOKEN = "ghs_" + "s" * 36


class Server(HTTPServer):
    """Has no repository, and remembers under which header it was asked for one."""

    seen: list[str | None]


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:  # http.server wants this name
        self.server.seen.append(self.headers.get("Authorization"))
        self.send_error(403, "Not here")

    def log_message(self, *_: object) -> None: ...


@contextmanager
def serving() -> Iterator[Server]:
    server = Server(("127.0.0.1", 0), _Handler)
    server.seen = []
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.loopback
def test_the_token_is_a_header_for_that_server_and_in_no_error(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving() as server, serving() as other:
        address = f"http://127.0.0.1:{server.server_port}/acme/widgets.git"
        elsewhere = f"http://127.0.0.1:{other.server_port}/"
        with pytest.raises(Unknown) as raised, temporary_clone(address, ("a" * 40,), TOKEN):
            pass
        monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
        monkeypatch.setenv("GIT_CONFIG_KEY_0", f"url.{elsewhere}.insteadOf")
        monkeypatch.setenv("GIT_CONFIG_VALUE_0", f"http://127.0.0.1:{server.server_port}/")
        with pytest.raises(Unknown), temporary_clone(address, ("a" * 40,), TOKEN):
            pass
    assert server.seen == [f"basic {base64.b64encode(f'x-access-token:{TOKEN}'.encode()).decode()}"] * TRIES
    assert other.seen == [None] * TRIES
    assert "cannot fetch" in raised.value.what
    assert "contents: read" in raised.value.tip
    assert TOKEN not in f"{raised.value.what}{raised.value.tip}{raised.value.example}"


def test_nothing_is_kept_and_nothing_is_checked_out(repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = tmp_path / "room"
    room.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(room))
    repo.write("a.txt", "1\n")
    repo.commit()
    head = repo.head
    with temporary_clone(repo.path.as_uri(), (head,), TOKEN) as git:
        assert git.run("cat-file", "blob", f"{head}:a.txt") == b"1\n"
        assert [file for file in git.root.rglob("*") if TOKEN.encode() in (file.read_bytes() if file.is_file() else b"")] == []
        assert not (git.root / "a.txt").exists()
        assert git.answer("config", "--get-regexp", "extraheader")[0] == 1  # what comes later gets no token
    assert list(room.iterdir()) == []


def test_a_commit_that_is_not_there_is_told(repo: Repo) -> None:
    repo.write("a.txt", "1\n")
    repo.commit()
    with pytest.raises(Unknown, match="cannot fetch"), temporary_clone(repo.path.as_uri(), ("a" * 40,), TOKEN):
        pass
