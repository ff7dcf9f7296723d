"""`--verbose`: prints which files relbot reads and writes, and what it asks other programs and servers, on standard error.

A line each, which begins with `+` and the time since relbot began. It listens to the audit events of Python (PEP 578,
https://docs.python.org/3/library/audit_events.html), so that nothing can be forgotten: opening a file, starting a program and
sending a request raise one, in relbot and in the libraries that it uses.
"""

from __future__ import annotations

import os
import shlex
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from relbot.cli.output import print_trace
from relbot.schema import lazy_re as re

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
    describers: dict[str, Callable[..., str]] = {
        "open": _describe_opening,
        "os.rename": _describe_writing,
        "os.link": _describe_writing,
        "subprocess.Popen": _describe_program,
        "http.client.send": _describe_request,
    }
    start = time.monotonic()

    def watch(event: str, details: tuple[Any, ...]) -> None:
        if event not in describers:
            return
        line = describers[event](*details)
        with suppress(OSError):  # standard error is closed, and that must not end what is watched
            if line:
                print_trace(f"+ {time.monotonic() - start:.2f} s  {line}"[:_LONGEST])

    sys.addaudithook(watch)
    call.callback(describers.clear)  # Python keeps the hook


def _describe_opening(path: object, mode: object, flags: int) -> str:
    """A file that is read; "" for others. relbot opens by `os.open`, which has no mode: Python's own modules have one."""
    is_read = mode is None and flags & os.O_ACCMODE == os.O_RDONLY and not flags & os.O_CREAT
    return f"reads {path}" if is_read and isinstance(path, str | os.PathLike) and os.path.isfile(path) else ""  # noqa: PTH113


def _describe_writing(_draft: object, path: object, _of_draft: int, folder: int) -> str:
    """A file that is written: as a draft first, which gets the name once it is whole. `folder` is a descriptor or -1."""
    with suppress(OSError):  # systems other than Linux do not tell its name
        return f"writes {os.path.join(os.readlink(f'/proc/self/fd/{folder}'), str(path))}"  # noqa: PTH115, PTH118
    return f"writes {path}"


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
