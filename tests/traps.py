"""What no test may do, and the surroundings that every test finds. tests/conftest.py sets them for each."""

from __future__ import annotations

import ipaddress
import os
import socket
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

# Whatever tells relbot, git, rich, click, or a HTTP client how to behave on the machine at hand.
_FOREIGN = (
    "CI",
    "CLICOLOR",
    "EDITOR",
    "FORCE_COLOR",
    "LC_",
    "LESS",
    "LINES",
    "NO_COLOR",
    "CLICOLOR_FORCE",
    "PAGER",
    "SOURCE_DATE_EPOCH",
    "TTY_",
    "VISUAL",
)
_FOREIGN_FAMILIES = ("GH_", "GITHUB_", "GIT_", "RELBOT_", "XDG_")

_SURROUNDINGS = {
    "GIT_CONFIG_GLOBAL": str(Path(__file__).with_name("git.config")),
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_AUTHOR_NAME": "Ada Author",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_AUTHOR_DATE": "2018-08-15T08:00:00+00:00",
    "GIT_COMMITTER_NAME": "Cora Committer",
    "GIT_COMMITTER_EMAIL": "cora@example.org",
    "GIT_COMMITTER_DATE": "2018-08-15T08:00:00+00:00",
    "TZ": "UTC",
    "LANG": "C.UTF-8",
    "TERM": "xterm-256color",
    "COLUMNS": "80",
    # The traps below do not reach into child processes: these turn their ways out into dead ends.
    "GIT_ALLOW_PROTOCOL": "file",
    "http_proxy": "http://127.0.0.1:9",
    "https_proxy": "http://127.0.0.1:9",
    "no_proxy": "localhost,127.0.0.1,::1",
}


class TrapError(BaseException):
    """A test did what none may. Not an `Exception`, so that no handler under test takes it for a fault of the network."""


def set_surroundings(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """The same environment on every machine, and a home that is nobody's."""
    for name in list(os.environ):
        if name.startswith(_FOREIGN) or name.startswith(_FOREIGN_FAMILIES) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    for name, value in _SURROUNDINGS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("HOME", str(home))
    time.tzset()


def forbid_network(monkeypatch: pytest.MonkeyPatch, *, loopback: bool) -> None:
    """Connections raise, except to Unix sockets and, where `loopback` says so, to this machine."""

    def guarded(method: Callable[..., Any], address_at: int) -> Callable[..., Any]:
        def guard(self: socket.socket, *args: Any) -> Any:
            if self.family != socket.AF_UNIX and not (loopback and _is_this_machine(args[address_at][0])):
                _trapped(f"a connection to {args[address_at]}")
            return method(self, *args)

        return guard

    look_up = socket.getaddrinfo

    def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        if not (loopback and (host is None or _is_this_machine(host))):
            _trapped(f"a look-up of {host}")
        return look_up(host, *args, **kwargs)

    for name, address_at in (("connect", 0), ("connect_ex", 0), ("sendto", -1)):
        monkeypatch.setattr(socket.socket, name, guarded(getattr(socket.socket, name), address_at))
    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


def forbid_sleep(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting makes tests slow and flaky. What waits is given the clock it waits by."""
    sleep = time.sleep

    def trap(seconds: float) -> None:
        # With a time limit, subprocess sleeps for milliseconds between the end of the output and that of the process.
        if sys._getframe(1).f_globals.get("__name__") != "subprocess":
            _trapped(f"time.sleep({seconds})")
        sleep(seconds)

    monkeypatch.setattr(time, "sleep", trap)


def _is_this_machine(host: str | bytes) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def _trapped(what: str) -> NoReturn:
    message = f"The test attempted {what}; tests/traps.py says why it may not."
    raise TrapError(message)
