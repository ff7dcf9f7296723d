"""A bare remote and clones of it, and ledgers in them that neither wait nor read the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from relbot.deploy.log.record import Deed, DeedKind, Who
from relbot.git.process import Git
from relbot.ledger.git_ref.remote import find_remote
from relbot.ledger.git_ref.store import GitRefLedger
from relbot.ledger.store import Surroundings
from tests.repository import Repo, make_git_folder

if TYPE_CHECKING:
    from pathlib import Path

    from relbot.deploy.log.record import Record

ADA = Who("Ada", "ada@example.org", "ada-laptop")
BOB = Who("Bob", "bob@example.org", "bob-laptop")
A, B, C = "a" * 40, "b" * 40, "c" * 40
NOON = datetime(2018, 8, 15, 12, 0, tzinfo=UTC)


class Clock:
    """Each look is a second later than the one before."""

    def __init__(self, start: datetime = NOON) -> None:
        self.time = start

    def __call__(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time


def around(who: Who = ADA, start: datetime = NOON) -> Surroundings:
    return Surroundings(lambda: who, Clock(start), lambda _: None, lambda: 1.0)


def make_bare(path: Path) -> Path:
    make_git_folder(path, bare=True)
    return path


def clone_of(bare: Path, path: Path) -> Repo:
    repo = Repo(path)
    with (path / ".git/config").open("a") as config:
        config.write(f'[remote "origin"]\n\turl = {bare}\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n')
    return repo


def ledger_in(repo: Repo, who: Who = ADA, *, git: Git | None = None, start: datetime = NOON) -> GitRefLedger:
    git = git or Git(repo.path)
    return GitRefLedger(git, "production", find_remote(git, None), around(who, start))


def tick(step: str, kind: DeedKind = DeedKind.DONE, *, start: str = A, target: str = B) -> Deed:
    return Deed(kind, start, target, step=step, digest="d")


def steps(entries: tuple[Record, ...]) -> list[str]:
    """The steps that records are about, sorted."""
    return sorted(entry.deed.step for entry in entries)
