"""What every command about an environment starts from: the options that say which, and the session that they open."""

from __future__ import annotations

import functools
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from relbot.app.deploys.conflicts import Consent
from relbot.app.deploys.session import SessionRequest, open_session
from relbot.cli.environment import read_ci_user
from relbot.cli.output import print_notice
from relbot.cli.project_options import with_project
from relbot.errors import UsageError
from relbot.ledger.git_ref.remote import Unreachable
from relbot.ledger.store import Surroundings
from relbot.ledger.who import identify_user

if TYPE_CHECKING:
    from collections.abc import Callable

    from relbot.app.deploys.session import Session
    from relbot.app.project import Project
    from relbot.git.process import Git

WAIT = click.IntRange(0, 604_800)
"""The seconds that a command may wait: a week."""
_REVISIONS = ("target", "revision", "replaces")
"""The options whose values are revisions."""


def utc_now() -> datetime:
    """The clock."""
    return datetime.now(UTC)


def make_surroundings(git: Git) -> Surroundings:
    """Who uses relbot here (in CI: who began the run), and the clock, the waiting and the chance by which it works."""
    return Surroundings(lambda: read_ci_user() or identify_user(git), utc_now, time.sleep, _draw_chance)


def _draw_chance() -> float:
    """A number from 0 to 1."""
    import random  # only where somebody else was faster

    return random.SystemRandom().random()


OFFLINE_TOO = "With `--offline`, relbot uses what this clone has, and says how old that is."
"""What else can be done where the remote does not answer, of commands that work without it."""


def remote_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a command the options that say which remote is asked, or that none is."""
    offline = click.option("--offline", is_flag=True, help="Do not ask the remote. Use what this clone has.")
    about = "The remote that has target and ledger. Default: origin, or the only one."
    return click.option("--remote", metavar="NAME", help=about)(offline(function))


def with_session(positional: str = "", *, otherwise: str = OFFLINE_TOO) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Gives a command the argument ENV and the options of a session, and calls it with the session that they open.

    `positional` is the name of another argument that comes after ENV. ENV can be left out where there is one environment.
    `otherwise` says what else can be done if the remote does not answer, "" for nothing.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @click.argument("words", nargs=-1, metavar=f"[ENV] {positional.upper()}".strip())
        @remote_options
        @click.option("--from", "gone_from", metavar="REV", hidden=True)
        @click.option("--local", "gone_local", is_flag=True, hidden=True)
        @with_project
        @functools.wraps(function)
        def opened(project: Project, *, words: tuple[str, ...], remote: str | None, offline: bool, **options: Any) -> Any:
            _refuse_gone_options(options.pop("gone_from"), local=options.pop("gone_local"))
            environment, more = _split_words(words, positional)
            revisions = _revisions_in({**options, **more})
            request = SessionRequest(environment, remote, offline, revisions, options.get("unverified") is not None)
            session = open_command_session(project, request, otherwise)
            try:
                return function(session, **options, **more)
            finally:
                show_ledger_remarks(session)

        return opened

    return decorate


def open_command_session(project: Project, request: SessionRequest, otherwise: str = OFFLINE_TOO) -> Session:
    """The session of a command. Where the remote does not answer, the error has `otherwise`, too: what else can be done."""
    try:
        return open_session(project, request, make_surroundings(project.git))
    except Unreachable as error:
        error.tip = f"{error.tip} {otherwise}".strip()
        raise


def show_ledger_remarks(session: Session) -> None:
    """Says on standard error what a reader should know of the ledger."""
    for remark in session.ledger.remarks():
        print_notice(remark)


def consent_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a command the options that say what somebody agrees to, and calls it with the `Consent` that they make."""

    @click.option("--rollback", is_flag=True, help="The target is older than what runs, and you want to go back.")
    @click.option("--diverged", is_flag=True, help="The target does not contain what runs, and you want to deploy it.")
    @click.option("--replaces", metavar="REV", help="The target of the deploy under way, which this one replaces.")
    @click.option("--reason", metavar="TEXT", default="", help="The reason. All who deploy see it.")
    @functools.wraps(function)
    def agreed(*args: Any, rollback: bool, diverged: bool, replaces: str | None, reason: str, **options: Any) -> Any:
        return function(*args, consent=Consent(rollback, diverged, replaces, reason), **options)

    return agreed


def _refuse_gone_options(start: str | None, *, local: bool) -> None:
    """UsageError, with what took its place, if somebody uses an option that is gone."""
    if start is not None:
        tip = "A deploy starts at the target of the one that ended last. If something else runs, record it:"
        raise UsageError("This command has no option `--from`.", tip=tip, example=f"relbot deploy adopt --at {start or 'REV'}")
    if local:
        raise UsageError("There is no option `--local`.", tip="Use `--offline`.", example="--offline")


def _split_words(words: tuple[str, ...], positional: str) -> tuple[str | None, dict[str, str]]:
    """The name of the environment, None if nobody said it, and the other argument by its name."""
    most = 2 if positional else 1
    if len(words) > most or (positional and not words):
        wanted = f"[ENV] {positional.upper()}".strip()
        raise UsageError(f"{len(words)} arguments were given.", tip=f"Allowed: {wanted}.")
    if not positional:
        return (words[0] if words else None), {}
    return (words[0] if len(words) == 2 else None), {positional: words[-1]}


def _revisions_in(options: dict[str, Any]) -> tuple[str, ...]:
    found = (options.get(key) for key in _REVISIONS)
    return tuple(each for each in found if isinstance(each, str) and each)
