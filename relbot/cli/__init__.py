"""The command line: options in, exit code out. One file per command, imported when it is called."""

from __future__ import annotations

import gc
import sys


def main(argv: list[str] | None = None) -> None:
    """Runs `relbot` with these arguments, by default those of the process. Always raises SystemExit."""
    if argv is None:
        gc.disable()  # a process of seconds, whose ten thousand fragments are no cycles: a tenth of its time
    from relbot.cli.exits import run  # what it loads is no cycle either

    code = run(argv)
    if argv is not None:
        sys.exit(code)
    gc.freeze()  # as the interpreter looks for cycles once more when it ends
    sys.exit(code)
