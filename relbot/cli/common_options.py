"""The options that every command has, before its name or after it: how much relbot says, and in which colours."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import click

from relbot.cli.output import QUIET, VERBOSE, is_quiet, is_verbose

if TYPE_CHECKING:
    from collections.abc import Callable


def common_options() -> list[click.Parameter]:
    """The options, for one command or the group of all."""
    return [
        _make_option(
            ("-q", "--quiet"),
            _choose_quiet,
            "Print answers, findings and warnings only: no confirmation of what was done, no progress.",
        ),
        _make_option(
            ("-v", "--verbose"),
            _choose_verbose,
            "Also print, on standard error, which files relbot reads and writes, what it asks git, other programs and servers, "
            "and why a rule applies.",
        ),
        click.Option(
            ("--color",),
            type=click.Choice(["auto", "always", "never"]),
            help="Whether to use colours. Default: auto, on terminals; NO_COLOR, FORCE_COLOR and CLICOLOR count.",
            expose_value=False,
            callback=_choose_color,
        ),
    ]


def add_common_options(command: click.Command) -> click.Command:
    """Gives a command the options, unless it has them, and returns it."""
    if not any(isinstance(each, click.Option) and "--quiet" in each.opts for each in command.params):
        command.params += common_options()
    return command


def _make_option(
    names: tuple[str, ...], callback: Callable[[click.Context, click.Parameter, bool], None], about: str
) -> click.Option:
    return click.Option(names, is_flag=True, help=about, expose_value=False, callback=callback)


def _choose_quiet(context: click.Context, parameter: click.Parameter, value: bool) -> None:  # click's call
    if value:
        context.meta[QUIET] = True
        _refuse_both(context)


def _choose_verbose(context: click.Context, parameter: click.Parameter, value: bool) -> None:  # click's call
    if value and not is_verbose():
        context.meta[VERBOSE] = True
        _refuse_both(context)
        if not context.resilient_parsing:
            from relbot.cli.trace import start_trace  # what is not verbose needs none

            start_trace(context.find_object(ExitStack) or ExitStack())


def _refuse_both(context: click.Context) -> None:
    if is_quiet() and is_verbose():
        raise click.UsageError("`--quiet` and `--verbose` exclude each other. Use one of them.", context)


def _choose_color(context: click.Context, parameter: click.Parameter, value: str | None) -> None:
    if value is not None:
        context.color = {"always": True, "never": False}.get(value)
