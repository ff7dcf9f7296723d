"""Histories with fragments, and the plans between two commits of them."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from relbot.config.model import Component, Config
from relbot.deploy.plan.make import make_plan
from relbot.deploy.plan.model import StepKind
from relbot.git.change_logs import read_change_logs
from relbot.git.passing import FragmentsOnTheWay
from relbot.git.process import Git

if TYPE_CHECKING:
    from relbot.deploy.plan.model import Plan
    from tests.repository import Repo


CONFIG = Config(components=(Component("api", "API", directory="api/changes"),))


def fragment(name: str, more: str = "", phase: str = "before-restart") -> str:
    return (
        f"---\ntype: changed\n{more}deploy:\n  - {{phase: {phase}, run: do {name}, undo: undo {name}}}\n---\n\nChange {name}.\n"
    )


def planned(repo: Repo, a: str, b: str) -> Plan:
    return make_plan(*read_change_logs(Git(repo.path), a, b, (CONFIG, CONFIG)))


def planned_on_the_way(repo: Repo, a: str, b: str) -> Plan:
    """The same plan, with what arrived from the log in which removed fragments are looked for."""
    git = Git(repo.path)
    with closing(FragmentsOnTheWay(git, (a, b), CONFIG.folders)) as way:
        return make_plan(*read_change_logs(git, a, b, (CONFIG, CONFIG), way))


def ids(made: Plan, kind: StepKind = StepKind.DO) -> list[str]:
    return [step.id for step in made.steps if step.kind is kind]


def add(repo: Repo, name: str, more: str = "", folder: str = "changes") -> str:
    """A fragment arrives by a pull request: a branch, merged."""
    back = repo.git("symbolic-ref", "--short", "HEAD")
    repo.branch(f"pr/{name}")
    repo.write(f"{folder}/{name}.md", fragment(name, more))
    repo.commit(f"Add {name}")
    repo.switch(back)
    return repo.merge(f"pr/{name}")


def release(repo: Repo, version: str, folder: str = "changes") -> None:
    for file in (repo.path / folder).glob("*.md"):
        repo.write(f"{folder}/released/{version}/{file.name}", file.read_bytes())
        file.unlink()
    repo.write(f"{folder}/released/{version}/release.json", "{}")
    repo.commit(f"Release {version}")
