"""The revision that runs, from what a command prints."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import time
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from relbot.errors import quoted
from relbot.sources.response import LARGEST, SourceUnavailable

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence
    from pathlib import Path


class _Streams(NamedTuple):
    """What a process wrote to its standard output and standard error."""

    out: bytearray
    err: bytearray


def run_command(
    words: Sequence[str], root: Path, timeout: float, environment: Mapping[str, str] | None = None, fine: Container[int] = (0,)
) -> bytes:
    """What the command prints, started in `root` without a shell, `environment` on top of relbot's own.

    NoAnswer if its exit code is not `fine`, it takes too long or says too much.
    """
    try:
        process = subprocess.Popen(
            words,
            cwd=root,
            env=None if environment is None else {**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # so that what it starts can be ended with it
        )
    except (OSError, ValueError) as error:  # the latter for a NUL
        raise SourceUnavailable(f"could not be started: {getattr(error, 'strerror', error)}") from error
    with process:
        try:
            output = _read_streams(process, time.monotonic() + timeout)
            code = process.wait(timeout)
        except BaseException as error:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            if isinstance(error, TimeoutError | subprocess.TimeoutExpired):
                raise SourceUnavailable(f"did not end within {timeout:g} s") from None
            raise
    if code not in fine:
        said = output.err or output.out
        how = f"failed with exit code {code}" if code > 0 else f"was ended by signal {-code}"
        raise SourceUnavailable(f"{how} and said {quoted(bytes(said)) if said.strip() else 'nothing'}")
    return bytes(output.out)


def _read_streams(process: subprocess.Popen[bytes], deadline: float) -> _Streams:
    """Both streams to their ends. TimeoutError at the deadline."""
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
                if len(key.data) > LARGEST:
                    raise SourceUnavailable(f"said more than {LARGEST} bytes, beginning with {quoted(bytes(key.data[:500]), 60)}")
    return output
