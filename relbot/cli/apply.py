"""Carries out what a command planned, and first finishes what an interrupted one left."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import click

from relbot.errors import CannotWrite
from relbot.files.apply import apply, finish, unfinished
from relbot.files.journal import NAME
from relbot.git.index import entries, restore, stage
from relbot.git.process import GitFailed
from relbot.operations import Operations

if TYPE_CHECKING:
    from relbot.cli.project import Project
    from relbot.operations import Write


def carry_out(project: Project, operations: Operations) -> None:
    """Changes the work tree and stages what changed. CannotWrite, and nothing is changed, if either is refused."""
    before: list[bytes] = []

    def then() -> None:
        if project.in_git:
            before.append(entries(project.git, _paths(operations)))
        try:
            _stage(project, operations)
        except BaseException:  # Ctrl-C as well: git stages what it was told so far
            _restore(project, before)
            raise

    try:
        apply(project.root, operations, _journal(project), then)
    except CannotWrite:
        if unfinished(project.root, _journal(project)) is None:
            _restore(project, before)
        raise


def carry_out_writes(project: Project, title: str, writes: tuple[Write, ...]) -> None:
    """Writes files without staging them: their author goes on working on them."""
    finish_interrupted(project)
    apply(project.root, Operations(title, (), writes), _journal(project))


def finish_interrupted(project: Project) -> None:
    """Finishes what a killed run began, and says so."""
    left = unfinished(project.root, _journal(project))
    if left is None:
        return
    finish(project.root, _journal(project), lambda: _stage(project, left))
    click.echo(f"relbot: Finished what an interrupted run had begun: {left.title}.", err=True)


def _stage(project: Project, operations: Operations) -> None:
    if project.in_git:
        stage(project.git, _paths(operations))


def _restore(project: Project, before: list[bytes]) -> None:
    with suppress(GitFailed):  # what went wrong first is what has to be told
        for known in before:
            restore(project.git, known)


def _paths(operations: Operations) -> list[str]:
    moved = [path for move in operations.moves for path in (move.source, move.target)]
    return [*moved, *(write.path for write in operations.writes)]


def _journal(project: Project) -> str:
    return f"{project.config.directory}/{NAME}"
