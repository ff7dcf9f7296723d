"""The one place that knows exit codes, and turns what went wrong into a message and a code."""

from __future__ import annotations

import os
import re
import sys
from contextlib import ExitStack
from enum import IntEnum
from typing import TYPE_CHECKING

import click

from relbot.cli.output import escape_unencodable, print_notice, print_rendered_notice, show_usage_error
from relbot.errors import CannotWrite, ConfigError, FaultyFragments, Refused, RelbotError, Unknown, UsageError, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from relbot.finding import Finding


class Exit(IntEnum):
    """What the exit codes mean, of every command."""

    FINE = 0
    """Nothing wrong, nothing open."""
    OPEN = 1
    """A finding, an open step, a hold."""
    USAGE = 2
    """Wrong usage or configuration."""
    UNKNOWN = 3
    """An answer could not be had, or the result could not be written."""
    NOTHING = 4
    """`relbot build` only: there is nothing to build."""
    BUG = 70
    """A bug in relbot."""
    INTERRUPTED = 130
    """Interrupted by Ctrl-C."""


def answer_exit(*, is_open: bool, unclear: bool) -> Exit:
    """The exit code of an answer about an environment: what is open counts more than what is not known."""
    return Exit.OPEN if is_open else Exit.UNKNOWN if unclear else Exit.FINE


_LONGEST_ARGUMENT = 200
"""Characters of an argument that a message repeats."""


def _is_impossible(argument: str) -> bool:
    """Whether no system passes it on: NUL, and surrogates but those that stand for a byte that is not UTF-8 (PEP 383)."""
    return "\0" in argument or not (argument.isascii() or re.search("[\ud800-\udc7f\udd00-\udfff]", argument) is None)


def run(argv: Sequence[str] | None) -> int:
    """Runs the command line and gives its exit code. Never raises, and leaves no traceback for anything foreseen."""
    from relbot.cli.commands import relbot

    if sys.stdout is None:
        return _said(Exit.UNKNOWN, "relbot cannot write its answer: standard output is closed.")
    if wrong := next(filter(_is_impossible, argv or ()), None):
        return _said(Exit.USAGE, f"The argument {quoted(wrong)} contains a character that names cannot have. Remove it.")
    out = sys.stdout
    remark = escape_unencodable(out)
    try:
        with ExitStack() as call:
            given = list(argv) if argv is not None else None
            code = relbot.main(args=given, prog_name="relbot", standalone_mode=False, obj=call)
        sys.stdout.flush()
        if told := remark():
            _said(Exit.FINE, told)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except (click.Abort, KeyboardInterrupt):
        return _said(Exit.INTERRUPTED, "Interrupted.")
    except click.ClickException as error:
        show_usage_error(error, lambda text: _shorten_arguments(text, argv))
        return Exit.USAGE
    except RelbotError as error:
        return _report_error(error, argv)
    except SystemExit as stop:  # click's: of a shell's completion; or 1, and another stdout, for a pipe that nobody reads
        code = stop.code if sys.stdout is out else Exit.UNKNOWN
    except BrokenPipeError:
        _silence_stdout()
        return Exit.UNKNOWN
    except OSError as error:
        _silence_stdout()
        name = f" about {error.filename!r}" if error.filename else ""
        what = f"The operating system reports an error{name}: {error.strerror or error}."
        return _said(Exit.UNKNOWN, f"{what} Correct that, and run the command again.", argv)
    except Exception as error:  # noqa: BLE001  # whatever is left is a bug, and its report is made here
        return _bug(error)
    return code if isinstance(code, int) else Exit.FINE


def _shorten_arguments(text: str, argv: Sequence[str] | None) -> str:
    """A message in which long arguments of the command line end in an ellipsis: you can see the rest where you typed it."""
    for argument in argv if argv is not None else sys.argv[1:]:
        option, equals, value = argument.partition("=")
        typed = value if equals and option.startswith("--") else argument
        if len(typed) > _LONGEST_ARGUMENT:
            text = text.replace(typed, f"{typed[:_LONGEST_ARGUMENT]}…")
    return text


def _report_error(error: RelbotError, argv: Sequence[str] | None) -> int:
    lines = [error.what]
    if isinstance(error, ConfigError | FaultyFragments):
        show_findings(error.findings)
    if error.tip:
        lines.append(error.tip)
    if error.example:
        lines += [f"    {line}" for line in error.example.split("\n")]
    return _said(_code(error), "\n".join(lines), argv)


def _code(error: RelbotError) -> Exit:
    match error:
        case FaultyFragments() | Refused():
            return Exit.OPEN
        case UsageError() | ConfigError():
            return Exit.USAGE
        case Unknown() | CannotWrite():
            return Exit.UNKNOWN
        case _:
            return Exit.UNKNOWN


def show_findings(findings: Sequence[Finding]) -> None:
    """Prints findings for people, on standard error."""
    from relbot.render.findings.text import render

    print_rendered_notice(render(findings))


def show_notices(notices: Iterable[str]) -> None:
    """Prints sentences of a use case that are no findings, each on a line of its own on standard error."""
    for notice in notices:
        print_notice(f"relbot: {notice}")


def _said(code: Exit, text: str, argv: Sequence[str] | None = ()) -> int:
    """Prints a text, in which long arguments of `argv` are shortened, and returns the code."""
    try:
        print_notice(f"relbot: {_shorten_arguments(text, argv)}")
    except OSError:
        return code  # there is nowhere left to say it
    return code


def _silence_stdout() -> None:
    """Keeps the interpreter from failing once more when it flushes standard output at its end."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _bug(error: Exception) -> int:
    import platform
    import traceback

    from relbot._version import __version__

    report = "".join(traceback.format_exception(error))
    about = f"relbot {__version__}, Python {platform.python_version()}, {platform.platform()}"
    text = f"This is a bug in relbot. Please report it with these lines:\n\n{about}\nrelbot {' '.join(sys.argv[1:])}\n{report}"
    return _said(Exit.BUG, text)
