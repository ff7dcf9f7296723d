"""The command line: options in, exit code out. One file per command, imported when it is called."""

from __future__ import annotations

import gc
import sys


def main(argv: list[str] | None = None) -> None:
    """Runs `relbot` with these arguments, by default those of the process. Always raises SystemExit."""
    from relbot.cli.exits import run

    if argv is not None:
        sys.exit(run(argv))
    gc.disable()  # a process of seconds, whose ten thousand fragments are no cycles: a tenth of its time
    code = run(argv)
    gc.freeze()  # as the interpreter looks for cycles once more when it ends
    sys.exit(code)
