"""The traps spring, and what every test is given is as promised."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
import requests

from tests.repository import Repo
from tests.traps import TrapError

if TYPE_CHECKING:
    from pathlib import Path


def test_a_connection_is_a_fault() -> None:
    with socket.socket() as one, pytest.raises(TrapError, match=r"a connection to .*192\.0\.2\.1"):
        one.connect(("192.0.2.1", 80))


def test_a_datagram_is_a_fault() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as one, pytest.raises(TrapError, match="a connection to"):
        one.sendto(b"", ("192.0.2.1", 53))


def test_a_library_cannot_reach_the_network() -> None:
    with pytest.raises(TrapError):
        requests.get("http://example.org", timeout=1)


def test_this_machine_is_off_limits_unless_asked_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, pytest.raises(TrapError):
        socket.create_connection(server.getsockname(), timeout=1)


@pytest.mark.loopback
def test_this_machine_can_be_asked_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname(), timeout=1):
        pass
    with socket.socket() as one, pytest.raises(TrapError):
        one.connect(("192.0.2.1", 80))


def test_unix_sockets_are_let_be() -> None:
    left, right = socket.socketpair()
    with left, right:
        left.sendall(b"here")
        assert right.recv(4) == b"here"


def test_waiting_is_a_fault_but_not_within_subprocess() -> None:
    with pytest.raises(TrapError, match=r"time\.sleep\(3\)"):
        time.sleep(3)
    closes_its_output_before_it_ends = "import os, threading; os.close(1); os.close(2); threading.Event().wait(0.05)"
    done = subprocess.run([sys.executable, "-c", closes_its_output_before_it_ends], capture_output=True, timeout=10, check=False)
    assert done.returncode == 0


def test_the_home_is_empty_and_git_has_no_settings(home: Path, repo: Repo) -> None:
    assert os.environ["HOME"] == str(home)
    assert not list(home.iterdir())
    assert {line.split("\t")[0].split(":")[0] for line in repo.git("config", "--list", "--show-origin").splitlines()} == {"file"}
    assert "user." not in repo.git("config", "--list")


def test_nothing_of_this_machine_shows() -> None:
    for name in ("CI", "GITHUB_ACTIONS", "NO_COLOR", "GIT_DIR", "SOURCE_DATE_EPOCH", "XDG_CONFIG_HOME"):
        assert name not in os.environ
    assert os.environ["COLUMNS"] == "80"
    assert time.tzname == ("UTC", "UTC")


def test_what_is_left_in_the_home_is_a_fault(pytester: pytest.Pytester) -> None:
    pytester.makeconftest("from tests.conftest import home, shared_home")
    pytester.makepyfile("def test_it(home):\n    (home / '.rc').touch()")
    pytester.runpytest("-p", "no:cacheprovider").assert_outcomes(passed=1, errors=1)


def test_a_repository_is_the_same_at_every_run(tmp_path: Path) -> None:
    def history(path: Path) -> list[str]:
        repo = Repo(path)
        repo.write("a/b.txt", "one\n")
        first = repo.commit("First")
        repo.branch("topic")
        repo.write("c.txt", b"\xff")
        second = repo.commit("Second", author="Jane Doe <jane@example.org>")
        repo.switch("main")
        merged = repo.merge("topic")
        repo.tag("v1")
        repo.switch(first)
        assert not (repo.path / "c.txt").exists()
        assert repo.git("log", "--format=%an", "-1", second) == "Jane Doe"
        assert repo.git("rev-parse", "v1^{commit}", "v1^2").split() == [merged, second]
        return [first, second, merged, repo.git("rev-parse", "v1")]

    assert history(tmp_path / "one") == history(tmp_path / "two")


def test_git_fails_loudly(repo: Repo) -> None:
    with pytest.raises(AssertionError, match=r"git switch .*exit code 128"):
        repo.switch("nowhere")
