"""What every command of the group starts from: the ledger of an environment, and what it says."""

from __future__ import annotations

import functools
import random
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from relbot.app.lookup import known_environment
from relbot.cli.output import print_notice
from relbot.cli.project_options import with_project
from relbot.deploy.log.state import EnvironmentState, replay_records
from relbot.errors import Refused, Unknown, UsageError
from relbot.ledger.store import Surroundings
from relbot.ledger.who import identify_user
from relbot.render.common.units import format_time

if TYPE_CHECKING:
    from collections.abc import Callable

    from relbot.app.project import Project
    from relbot.config.model import Environment
    from relbot.deploy.log.record import Record, Who
    from relbot.ledger.store import Store


@dataclass(frozen=True, slots=True)
class Session:
    """A project, the ledger of one of its environments, and whether the remote is left out although there is one."""

    project: Project
    ledger: Store
    cut_off: bool

    @property
    def environment(self) -> str:
        """The name of the environment."""
        return self.ledger.environment

    @property
    def configured(self) -> Environment | None:
        """What the configuration says of the environment."""
        return self.project.config.environment(self.environment)

    @property
    def who(self) -> Who:
        """Who is asking."""
        return self.ledger.around.who

    def known(self) -> tuple[Record, ...]:
        """What everybody knows, at least one entry. Unknown if there is no such ledger, or if it cannot be read."""
        entries = self.ledger.synced()
        self.exists(entries)
        return entries

    def history(self) -> tuple[Record, ...]:
        """Everything that was ever recorded, at least one entry. Unknown as `known`."""
        entries = self.ledger.history()
        self.exists(entries)
        return entries

    def exists(self, entries: tuple[Record, ...]) -> None:
        """Unknown if there is no entry: a ledger without one is not there."""
        if not entries:
            there = self.ledger.all_environments()
            tip = f"There are ledgers of: {', '.join(there)}." if there else "Nothing was recorded of any environment."
            example = f"relbot deploy done {self.environment} --to REV"
            raise Unknown(
                f"There is no ledger of `{self.environment}`.", tip=f"{tip} To begin one, say what runs:", example=example
            )

    def state(self) -> EnvironmentState:
        """What follows from all that is known; nothing if there is no ledger yet. Unknown if it cannot be read."""
        return replay_records(self.ledger.synced())

    def respect(self, now: EnvironmentState) -> None:
        """Refused if somebody else holds the lock."""
        held = now.holder(self.ledger.around.now())
        if held and held.who.person != self.who.person:
            raise lock_held(self.environment, held)


def lock_held(environment: str, held: Record) -> Refused:
    """That somebody else holds the lock."""
    until = f" until {format_time(held.deed.until)}" if held.deed.until else ""
    what = f"{environment} is locked{until} by {held.who}: {held.deed.reason}"
    return Refused(what, tip=f"Ask {held.who.name}. If nobody answers:", example=f"relbot deploy unlock {environment} --force")


def utc_now() -> datetime:
    """The clock."""
    return datetime.now(UTC)


def open_ledger(project: Project, environment: str, remote: str | None = None, *, local: bool = False) -> Store:
    """The ledger of an environment, where the configuration says that it is kept.

    On a git ref it is shared through the remote of that name, or a likely one, or with `local` through none. UsageError if it
    is on GitHub, and nothing says where or with which token.
    """
    around = Surroundings(identify_user(project.git), utc_now, time.sleep, random.SystemRandom().random)
    configured = project.config.environment(environment)
    if configured and configured.store == "github":
        from relbot.app.deploys.environment_state import deploy_progress
        from relbot.github.repository import find_repository
        from relbot.ledger.github.store import GitHubLedger

        example = f'[environments.{environment}]\nrepository = "openSUSE/open-build-service"'
        github = find_repository(project.git, project.github, configured.repository or None, example)
        return GitHubLedger(github, environment, around, lambda now, deploy: deploy_progress(project, environment, now, deploy))
    from relbot.ledger.git_ref.remote import find_remote
    from relbot.ledger.git_ref.store import GitRefLedger

    return GitRefLedger(project.git, environment, None if local else find_remote(project.git, remote), around)


def with_ledger(function: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a command the argument ENV and the options of a ledger, and calls it with what they open."""

    @click.argument("environment", metavar="ENV")
    @click.option("--remote", metavar="NAME", help="The remote that has the ledger. Default: origin, or the only one.")
    @click.option("--local", is_flag=True, help="Leave the remote out: see and record only what this clone knows.")
    @with_project
    @functools.wraps(function)
    def opened(project: Project, *, environment: str, remote: str | None, local: bool, **options: Any) -> Any:
        if project.config.environments:  # a typing error must not begin a ledger
            known_environment(project.config, environment)
        _fits_store(project, environment, remote, local=local)
        ledger = open_ledger(project, environment, remote, local=local)
        try:
            return function(Session(project, ledger, _cut_off(project, remote, local=local)), **options)
        finally:
            for remark in ledger.remarks():
                print_notice(remark)

    return opened


def _fits_store(project: Project, environment: str, remote: str | None, *, local: bool) -> None:
    configured = project.config.environment(environment)
    if configured and configured.store == "github" and (local or remote is not None):
        option = "--local" if local else "--remote"
        what = f"`{option}` says nothing here: the ledger of {environment} is kept on GitHub."
        raise UsageError(what, tip='Leave it away; `store = "github"` is in the configuration.')


def _cut_off(project: Project, remote: str | None, *, local: bool) -> bool:
    """Whether a remote is left out although there is one."""
    if not local:
        return False
    from relbot.ledger.git_ref.remote import find_remote

    return find_remote(project.git, remote) is not None
