"""The way out: relbot writes to terminals, pipes and the log of a runner here, and asks its questions here, and nowhere else.

Whatever is printed has passed `relbot.render.common.media`: no value that somebody else wrote acts on a terminal, hides from the
reader, or gives a command to a GitHub Actions runner.
"""

from __future__ import annotations

import codecs
import os
import re
import stat
import sys
from io import TextIOWrapper
from typing import TYPE_CHECKING, TextIO

import click

from relbot.cli.environment import read_output_variables
from relbot.render.common.media import Medium, neutralize_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.console import Console, RenderableType

    from relbot.render.formats import RenderedText

QUIET, VERBOSE = "relbot.quiet", "relbot.verbose"
"""Under these names the context of a call keeps what was asked for, for all commands in it."""
_ENCODING_HANDLER = "relbot-writes-out"
_NARROWEST = 40
_ROOM_OF_DEFAULT = 12
"""Columns behind a question, as for ` [added]: `."""
_CODE_OF_RENDERERS = 8
_CODE_OF_SENTENCES = 4
"""From this indentation on, a line is a command or an example: it stays whole, so that it can be copied."""
_PAINTED = (
    (r"^!!! .*|^ *\[!\].*|(?<=: )(?:error|required)(?=\s+\[)|(?<=: )stop\. Do not .*", "red"),
    (r"^ *CANNOT BE UNDONE.*|^.*POINT OF NO RETURN.*", "red"),
    (r"(?<=: )(?:warning|question)(?=\s+\[)", "yellow"),
    (r"^ *\[x\]", "green"),
)
"""What is painted in texts for people. Colours repeat what the words say."""


def is_quiet() -> bool:
    """Whether `--quiet` was given: only answers, findings, warnings and reasons of an exit code are printed."""
    return _is_asked(QUIET)


def is_verbose() -> bool:
    """Whether `--verbose` was given: what relbot asks, and why a rule applies, is printed on standard error."""
    return _is_asked(VERBOSE)


def _is_asked(key: str) -> bool:
    context = click.get_current_context(silent=True)
    return context is not None and key in context.meta


def print_rendered(rendered: RenderedText) -> None:
    """Writes what a renderer made to standard output: on a terminal with its marks in colour, and wrapped at words."""
    if rendered.medium is Medium.TEXT:
        _write_for_people(rendered.text, sys.stdout, _CODE_OF_RENDERERS)
    else:
        _write(rendered.text, rendered.medium, sys.stdout)


def print_text(text: str, medium: Medium = Medium.TEXT) -> None:
    """Writes a text, which has its line ends, to standard output."""
    _write(text, medium, sys.stdout)


def print_line(line: str = "") -> None:
    """Writes a line or a paragraph to standard output and ends it; on a terminal it is wrapped at words."""
    _write_for_people(f"{line}\n", sys.stdout, _CODE_OF_SENTENCES)


def print_confirmation(line: str) -> None:
    """Writes what was done to standard output, as `print_line`; not with `--quiet`, as the exit code says it."""
    if not is_quiet():
        print_line(line)


def print_trace(line: str) -> None:
    """Writes a line of `--verbose` to standard error, unwrapped, so that it can be copied."""
    _write(f"{line}\n", Medium.TEXT, sys.stderr)


def print_command(line: str) -> None:
    """Writes a command as somebody would have typed it, bold on a terminal."""
    click.secho(_inert(f"\n$ {line}", Medium.TEXT, sys.stdout), bold=True)


def print_notice(text: str) -> None:
    """Writes a line or a paragraph to standard error and ends it; on a terminal it is wrapped at words."""
    _write_for_people(f"{text}\n", sys.stderr, _CODE_OF_SENTENCES)


def print_rendered_notice(text: str) -> None:
    """Writes what a renderer made to standard error; on a terminal it is wrapped at words, but for its commands and examples."""
    _write_for_people(f"{text}\n", sys.stderr, _CODE_OF_RENDERERS)


def print_screen(renderable: RenderableType) -> None:
    """Writes something that Rich lays out to standard output; lines that are not to be wrapped go on beyond its edge."""
    from rich.segment import Segment, Segments

    console = _console(sys.stdout)
    shown = (
        Segment(_inert(segment.text, Medium.TEXT, sys.stdout), segment.style)
        for segment in console.render(renderable)
        if not segment.control
    )
    console.print(Segments(shown), crop=False, end="")


def progress_console() -> Console:
    """Gives Rich standard error for a bar of progress. What it shows must be relbot's own words and numbers."""
    return _console(sys.stderr)


def is_terminal() -> bool:
    """Whether standard output is a terminal."""
    return sys.stdout.isatty()


def wants_screen() -> bool:
    """Whether an answer is to be laid out for a screen: on a terminal, or where colours are asked for."""
    return is_terminal() or _wants_color(sys.stdout)


def screen_columns() -> int:
    """How wide lines may be on the terminal, at least 40; 80 where there is none."""
    import shutil  # takes as long to load as all that writes to a pipe

    return max(_NARROWEST, shutil.get_terminal_size().columns)


def is_error_terminal() -> bool:
    """Whether standard error is a terminal."""
    return sys.stderr.isatty()


def can_ask() -> bool:
    """Whether somebody sits at standard input and sees standard error, where questions are then asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask_text(question: str, *, suffix: str = ": ") -> str:
    """Asks on the terminal until something is answered, and gives it without the spaces around it."""
    answer: str = click.prompt(_lay_out_question(question), prompt_suffix=suffix, err=is_error_terminal())
    return answer.strip()


def ask_optional_text(question: str) -> str:
    """Asks on the terminal once, and gives the answer without the spaces around it; Enter gives ""."""
    answer: str = click.prompt(_lay_out_question(question), default="", show_default=False, err=is_error_terminal())
    return answer.strip()


def ask_choice(question: str, choices: Sequence[str], default: str) -> str:
    """Asks on the terminal until one of `choices` is answered; Enter gives `default`. An empty one stands for "not said"."""
    shown = ", ".join(filter(None, choices)) + ("; Enter: not said" if "" in choices else "")
    answer: str = click.prompt(
        _lay_out_question(f"{question} ({shown})"),
        type=click.Choice(list(choices)),
        default=default,
        show_choices=False,
        show_default=bool(default),
        err=is_error_terminal(),
    )
    return answer


def ask_confirmation(question: str, *, default: bool) -> bool:
    """Asks on the terminal for yes or no; Enter gives `default`."""
    return click.confirm(_lay_out_question(question), default=default, err=is_error_terminal())


def _lay_out_question(question: str) -> str:
    """A question for a terminal, wrapped at words, with room for its default behind it."""
    shown = _inert(question, Medium.TEXT, sys.stderr)
    if not is_error_terminal():
        return shown
    columns = screen_columns() - _ROOM_OF_DEFAULT
    return "\n".join(part for line in shown.split("\n") for part in _wrap_line(line, columns, _CODE_OF_SENTENCES))


def show_usage_error(error: click.ClickException, shorten: Callable[[str], str]) -> None:
    """Writes to standard error what click says of a wrong call; it quotes what was typed, which `shorten` makes short."""
    from io import StringIO

    text = StringIO()
    error.show(text)
    _write_for_people(shorten(text.getvalue()), sys.stderr, _CODE_OF_SENTENCES)


def escape_unencodable(stream: TextIO) -> Callable[[], str]:
    r"""Lets a stream write what its encoding lacks as `\u26d4`, where Python would break off.

    Where it is ASCII click writes UTF-8 instead. Gives a function that says afterwards, in a sentence, which characters were
    written like that; "" if none was.
    """
    lacking: list[str] = []

    def write_escaped(error: UnicodeError) -> tuple[str | bytes, int]:
        assert isinstance(error, UnicodeEncodeError)
        codes = dict.fromkeys(f"U+{ord(character):04X}" for character in error.object[error.start : error.end])
        lacking.extend(code for code in codes if code not in lacking and len(lacking) < 5)
        return codecs.backslashreplace_errors(error)

    def describe_lacking() -> str:
        if not lacking:
            return ""
        told = ", ".join(lacking)
        return (
            f"Standard output ({stream.encoding}) cannot show {told}, so relbot writes escape codes. Set PYTHONUTF8=1 "
            "to see all characters."
        )

    if isinstance(stream, TextIOWrapper) and stream.errors == "strict" and codecs.lookup(stream.encoding).name != "utf-8":
        codecs.register_error(_ENCODING_HANDLER, write_escaped)
        stream.reconfigure(errors=_ENCODING_HANDLER)
    return describe_lacking


def _write_for_people(text: str, stream: TextIO, code: int) -> None:
    """Writes plain text; on a terminal without breaking words, but for lines that are indented by `code` columns or more."""
    shown = _inert(text, Medium.TEXT, stream)
    if stream.isatty():
        columns = screen_columns()
        shown = "\n".join(part for line in shown.split("\n") for part in _wrap_line(line, columns, code))
    color = _wants_color(stream)
    click.echo(_paint_marks(shown) if color else shown, file=stream, nl=False, color=color)


def _paint_marks(text: str) -> str:
    for pattern, style in _PAINTED:
        text = re.sub(pattern, click.style(r"\g<0>", fg=style, bold=style == "red"), text, flags=re.MULTILINE)
    return text


def _wrap_line(line: str, columns: int, code: int) -> list[str]:
    from relbot.render.common.wrapping import display_width, wrap_words  # for terminals alone

    indent = len(line) - len(line.lstrip(" "))
    if indent >= code or display_width(line) <= columns:
        return [line]
    return wrap_words(line[indent:], columns, " " * indent, " " * (indent + 2))


def _wants_color(stream: TextIO) -> bool:
    """Whether to use colours: the option decides before the environment, and that before the kind of stream."""
    context = click.get_current_context(silent=True)
    given = context.color if context else None
    if given is None:
        given = read_output_variables().color
    return stream.isatty() if given is None else given


def _write(text: str, medium: Medium, stream: TextIO) -> None:
    click.echo(_inert(text, medium, stream), file=stream, nl=False)


def _inert(text: str, medium: Medium, stream: TextIO) -> str:
    shown = neutralize_text(text, medium)
    if not _is_runner_log(stream):
        return shown
    from relbot.render.common.runner_commands import disarm_runner_commands  # for GitHub Actions alone

    return disarm_runner_commands(shown, medium)


def _is_runner_log(stream: TextIO) -> bool:
    """Whether a GitHub Actions runner may read the stream: a pipe may lead to its log, a file that a shell opened does not."""
    if not read_output_variables().in_actions:
        return False
    try:
        return not stat.S_ISREG(os.fstat(stream.fileno()).st_mode)
    except (OSError, ValueError):
        return True


def _console(stream: TextIO) -> Console:
    from rich.console import Console

    color = _wants_color(stream)
    return Console(
        file=stream, highlight=False, force_terminal=color or None, color_system="auto" if color else None, no_color=not color
    )
