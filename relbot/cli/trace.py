"""`--verbose`: prints what relbot asks other programs and servers, on standard error, a line each that begins with `+`.

It listens to the audit events of Python (PEP 578, https://docs.python.org/3/library/audit_events.html), so that no question
can be forgotten: whatever starts a program or sends a request raises one, in relbot and in the libraries that it uses.
"""

from __future__ import annotations

import re
import shlex
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from relbot.cli.output import print_trace

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import ExitStack

_REQUEST = re.compile(rb"([A-Z]+) (\S+) HTTP/1\.[01]\r\n(?:.*\r\n)*?Host: *(\S+)", re.IGNORECASE)
_PASSWORD = re.compile(r"(?<=://)[^/@\s]+@")
_GIT_SETTINGS = ["-c", "core.quotePath=false", "-c", "color.ui=false"]
"""What every git gets that relbot starts."""
_LONGEST = 300
"""Characters of a line."""


def start_trace(call: ExitStack) -> None:
    """Prints what is asked from now on, until the call of the command line ends, with which `call` is closed."""
    describers: dict[str, Callable[..., str]] = {"subprocess.Popen": _describe_program, "http.client.send": _describe_request}

    def watch(event: str, details: tuple[Any, ...]) -> None:
        if event not in describers:
            return
        line = describers[event](*details)
        with suppress(OSError):  # standard error is closed, and that must not end what is watched
            if line:
                print_trace(f"+ {line}"[:_LONGEST])

    sys.addaudithook(watch)
    call.callback(describers.clear)  # Python keeps the hook


def _describe_program(executable: object, words: object, *_: object) -> str:
    """The command line of a program, without passwords in addresses and without the settings that every git gets."""
    given = [words] if isinstance(words, str | bytes) else list(words) if isinstance(words, list | tuple) else [executable]
    shown = [each.decode("utf-8", "replace") if isinstance(each, bytes) else str(each) for each in given]
    if shown[0] == "git" and shown[1:5] == _GIT_SETTINGS:
        del shown[1:5]
    return _PASSWORD.sub("", shlex.join(shown))


def _describe_request(connection: Any, data: object) -> str:
    """The method and the address of a request, "" for what follows its head. Neither query, header nor body.

    The path of what is not only read may be a secret, as that of a webhook is: it is shown for the API of GitHub alone.
    """
    found = _REQUEST.match(data) if isinstance(data, bytes) else None
    if found is None:
        return ""
    method, target, host = (each.decode("ascii", "replace") for each in found.groups())
    scheme = "https" if getattr(connection, "default_port", 0) == 443 else "http"
    path = urlsplit(target).path
    is_known = method in ("GET", "HEAD") or re.match(r"(/api/v3)?/(repos|user|graphql)\b", path)
    return f"{method} {scheme}://{host}{path if is_known else '/…'}"
