"""Runs other programs: what they find in their environment, how long they may take, and how much they may print.

git has an edge of its own, `relbot.git.process`, which takes its environment from here.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

from relbot.errors import RelbotError, quoted
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Container, Mapping, Sequence

LARGEST_OUTPUT = 1_048_576
"""Bytes that a program may print on each of its streams."""
_NEEDED = frozenset(
    # Where programs and their files are, who the user is, how texts and times are written, and how the net is reached.
    ("PATH", "HOME", "USER", "LOGNAME", "SHELL", "TMPDIR", "PWD", "LANG", "LANGUAGE", "TZ", "TERM", "SSH_AUTH_SOCK",
     "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "VIRTUAL_ENV", "LD_LIBRARY_PATH",
     "DYLD_LIBRARY_PATH", "SYSTEMROOT", "DBUS_SESSION_BUS_ADDRESS", "GNUPGHOME")
)  # fmt: skip
_NEEDED_FAMILIES = ("LC_", "XDG_", "PYTHON")
_PROXIES = frozenset(("http_proxy", "https_proxy", "ftp_proxy", "all_proxy", "no_proxy"))
_OF_RUNNER = ("ACTIONS_", "INPUT_", "RUNNER_")
"""Families of variables that a runner of GitHub Actions sets for its own steps: tokens, inputs, what steps may write to."""
_FILES_OF_RUNNER = frozenset(f"GITHUB_{name}" for name in ("OUTPUT", "ENV", "PATH", "STATE", "STEP_SUMMARY"))


class CommandFailed(RelbotError):
    """A program did not answer. `what` follows the name of what was asked: "failed with exit code 1 and said …".

    `hit_limit` is whether it printed too much, or was ended by a signal.
    """

    def __init__(self, what: str, *, hit_limit: bool = False) -> None:
        super().__init__(what)
        self.hit_limit = hit_limit


class _Streams(NamedTuple):
    """What a process wrote to its standard output and standard error."""

    out: bytearray
    err: bytearray


def child_environment(*families: str) -> dict[str, str]:
    """Of relbot's own environment what any program needs, by a list; and the variables whose names begin with `families`.

    No token is in it, nor what a runner of GitHub Actions gives its steps: the list names none of these.
    """
    return {
        name: value
        for name, value in os.environ.items()
        if name in _NEEDED or name.lower() in _PROXIES or name.startswith((*_NEEDED_FAMILIES, *families))
    }


def project_environment() -> dict[str, str]:
    """The environment for a command that the project itself has configured, such as a source of revisions.

    relbot cannot know what it needs (`KUBECONFIG`, `AWS_PROFILE`), so it gets all but what belongs to the runner's steps.
    """
    return {name: value for name, value in os.environ.items() if not name.startswith(_OF_RUNNER) and name not in _FILES_OF_RUNNER}


def locate_program(name: str) -> str | None:
    """The full path of a program, None if it is not installed: beside relbot's own Python first, where its extras are."""
    import shutil  # only for tools: takes as long to load as git to answer

    return shutil.which(name, path=os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath))))


def run_command(
    words: Sequence[str],
    folder: Path,
    timeout: float,
    environment: Mapping[str, str],
    success: Container[int] = (0,),
    *,
    stdin: IO[bytes] | None = None,
    largest: int = LARGEST_OUTPUT,
) -> bytes:
    """Runs a program without a shell in `folder`, and returns what it printed on its standard output.

    `environment` is all that it finds in its own, and `stdin` the file that is its standard input. CommandFailed if it cannot be
    started, its exit code is no `success`, it takes longer than `timeout` seconds, or prints more than `largest` bytes on a
    stream; it is killed then, with what it has started.
    """
    import subprocess  # takes as long to load as git to answer, and most commands only ask git

    try:
        process = subprocess.Popen(
            words,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL if stdin is None else stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # so that what it starts can be ended with it
        )
    except (OSError, ValueError) as error:  # the latter for a NUL
        raise CommandFailed(f"could not be started: {getattr(error, 'strerror', error)}") from error
    with process:
        try:
            output = _read_streams(process, time.monotonic() + timeout, largest)
            code = process.wait(timeout)
        except BaseException as error:
            import signal  # takes a millisecond to load, in every command

            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            if isinstance(error, TimeoutError | subprocess.TimeoutExpired):
                raise CommandFailed(f"did not end within {timeout:g} s") from None
            raise
    if code not in success:
        said = output.err or output.out
        how = f"failed with exit code {code}" if code > 0 else f"was killed by signal {-code}"
        raise CommandFailed(f"{how} and printed {quoted(bytes(said)) if said.strip() else 'nothing'}", hit_limit=code < 0)
    return bytes(output.out)


def _read_streams(process: subprocess.Popen[bytes], deadline: float, largest: int) -> _Streams:
    """Reads both streams to their ends. TimeoutError at the deadline, CommandFailed if one is too long."""
    import selectors  # as subprocess

    output = _Streams(bytearray(), bytearray())
    with selectors.DefaultSelector() as selector:
        for stream, kept in zip((process.stdout, process.stderr), output, strict=True):
            assert stream is not None
            selector.register(stream, selectors.EVENT_READ, kept)
        while selector.get_map():
            left = deadline - time.monotonic()
            ready = selector.select(left) if left > 0 else []
            if not ready:
                raise TimeoutError
            for key, _ in ready:
                data = os.read(key.fd, 65_536)
                if not data:
                    selector.unregister(key.fileobj)
                key.data.extend(data)
                if len(key.data) > largest:
                    start = quoted(bytes(key.data[:500]), 60)
                    raise CommandFailed(f"printed more than {largest} bytes, beginning with {start}", hit_limit=True)
    return output
