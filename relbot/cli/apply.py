"""Carries out what a command planned, and first finishes what an interrupted one left."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import click

from relbot.errors import CannotWrite
from relbot.files.apply import apply, finish, unfinished
from relbot.files.journal import NAME
from relbot.git.index import Index, restore, stage
from relbot.git.process import GitFailed
from relbot.operations import Operations

if TYPE_CHECKING:
    from relbot.cli.project import Project
    from relbot.git.index import Tracked
    from relbot.operations import Write


def carry_out(project: Project, operations: Operations, tracked: Tracked | None) -> None:
    """Changes the work tree and stages what changed; `tracked` is a look at the index, None outside of git.

    CannotWrite or GitFailed if either is refused; then nothing is changed.
    """
    if tracked is None:
        apply(project.root, operations, _journal(project))
        return
    before = tracked.seen()

    def then() -> None:
        try:
            _stage(project, operations, before)
        except BaseException:  # Ctrl-C as well: git stages what it was told so far
            _restore(project, operations, before)
            raise

    try:
        apply(project.root, operations, _journal(project), then)
    except CannotWrite:
        if unfinished(project.root, _journal(project)) is None:
            _restore(project, operations, before)
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

    def then() -> None:
        if project.in_git and left.moves:  # only a build moves, and only a build stages
            _stage(project, left, Index({}, frozenset()))

    finish(project.root, _journal(project), then)
    click.echo(f"relbot: Finished what an interrupted run had begun: {left.title}.", err=True)


def _stage(project: Project, operations: Operations, before: Index) -> None:
    moves = [(move.source, move.target) for move in operations.moves]
    stage(project.git, moves, [write.path for write in operations.writes], before)


def _restore(project: Project, operations: Operations, before: Index) -> None:
    with suppress(GitFailed):  # what went wrong first is what has to be told
        restore(project.git, _paths(operations), before)


def _paths(operations: Operations) -> list[str]:
    moved = [path for move in operations.moves for path in (move.source, move.target)]
    return [*moved, *(write.path for write in operations.writes)]


def _journal(project: Project) -> str:
    return f"{project.config.directory}/{NAME}"
