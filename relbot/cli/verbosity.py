"""How much relbot says in this call of the command line: `--quiet`, `--verbose`, or neither."""

from __future__ import annotations

import click

_QUIET = f"{__name__}.quiet"
_VERBOSE = f"{__name__}.verbose"
"""Under these names the context of a call keeps what was asked for, for all commands in it."""


def ask_quiet(context: click.Context) -> None:
    """Makes this call quiet."""
    context.meta[_QUIET] = True


def ask_verbose(context: click.Context) -> None:
    """Makes this call verbose."""
    context.meta[_VERBOSE] = True


def is_quiet() -> bool:
    """Whether `--quiet` was given: only answers, findings, warnings and reasons of an exit code are printed."""
    return _has_asked(_QUIET)


def is_verbose() -> bool:
    """Whether `--verbose` was given: what relbot asks, and why a rule applies, is printed on standard error."""
    return _has_asked(_VERBOSE)


def _has_asked(key: str) -> bool:
    context = click.get_current_context(silent=True)
    return context is not None and key in context.meta
