"""Carries out what a command planned, and first finishes what an interrupted one left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from relbot.files.apply import apply, finish, unfinished
from relbot.files.journal import NAME
from relbot.git.index import stage
from relbot.operations import Operations

if TYPE_CHECKING:
    from collections.abc import Mapping

    from relbot.cli.project import Project
    from relbot.operations import Write


def carry_out(project: Project, operations: Operations, known: Mapping[bytes, bytes]) -> None:
    """Changes the work tree and stages what changed. CannotWrite or GitFailed, and nothing is changed, if that is refused.

    `known` is what `relbot.git.index.Tracked` saw.
    """
    apply(project.root, operations, _journal(project), lambda: _stage(project, operations, known))


def carry_out_writes(project: Project, title: str, writes: tuple[Write, ...]) -> None:
    """Writes files without staging them: their author goes on working on them."""
    finish_interrupted(project)
    apply(project.root, Operations(title, (), writes), _journal(project))


def finish_interrupted(project: Project) -> None:
    """Finishes what a killed run began, and says so."""
    left = unfinished(project.root, _journal(project))
    if left is None:
        return
    finish(project.root, _journal(project), lambda: _stage(project, left, {}))
    click.echo(f"relbot: Finished what an interrupted run had begun: {left.title}.", err=True)


def _stage(project: Project, operations: Operations, known: Mapping[bytes, bytes]) -> None:
    if project.in_git:
        moves = [(move.source, move.target) for move in operations.moves]
        stage(project.git, moves, [write.path for write in operations.writes], known)


def _journal(project: Project) -> str:
    return f"{project.config.directory}/{NAME}"
