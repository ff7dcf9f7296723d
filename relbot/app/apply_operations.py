"""Carries out what a command planned, and first finishes what an interrupted one left."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from relbot.errors import Refused
from relbot.files.apply import SideEffect, apply_operations, finish_operations, read_unfinished
from relbot.files.create import create_files
from relbot.files.journal import NAME
from relbot.git.index import IndexState, IndexUpdate, restore_index
from relbot.git.process import GitFailed
from relbot.release.operations import Operations

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from relbot.app.project import Project
    from relbot.git.index import IndexReading
    from relbot.git.process import Git
    from relbot.release.operations import Write


BUILD = "build "
"""How the titles of operations begin that are staged; what others write, its author goes on working on."""


def refuse_unstaged(git: Git, paths: Iterable[str], moved: Iterable[str] = ()) -> None:
    """Refused if a file at these paths differs from what is staged, or one of `moved` is not in git.

    Nobody could tell the two changes apart afterwards.
    """
    below = [f":(literal){path}" for path in paths]
    changed = _listed(git.run("diff", "--name-only", "--relative", "--no-ext-diff", "-z", "--", *below))
    if moved := set(moved):
        changed |= moved - _listed(git.run("ls-files", "-z", "--", *below))
    if changed:
        names = ", ".join(f"`{path}`" for path in sorted(changed)[:5])
        what = f"{names} {'has' if len(changed) == 1 else 'have'} changes that are not staged."
        raise Refused(what, tip="Stage, commit or take them back first:", example="git status")


def _listed(names: bytes) -> set[str]:
    return {os.fsdecode(name) for name in names.split(b"\0") if name}


def carry_out(project: Project, operations: Operations, tracked: IndexReading | None) -> None:
    """Changes the work tree and stages what changed; `tracked` is a look at the index, None outside of git.

    CannotWrite or GitFailed if either is refused; then nothing is changed.
    """
    beside = None if tracked is None else _Staged(project, operations, tracked.seen())
    apply_operations(project.root, operations, _journal_path(project), beside)


class _Staged(SideEffect):
    """Stages what changes, while it does."""

    def __init__(self, project: Project, operations: Operations, before: IndexState) -> None:
        self._git = project.git
        self._operations = operations
        self._before = before
        self._staging: IndexUpdate | None = None

    def begin(self) -> None:
        self._staging = IndexUpdate(self._git, [(move.source, move.target) for move in self._operations.moves], self._before)

    def complete(self) -> None:
        assert self._staging is not None
        self._staging.finish(self._operations.changed_paths)

    def take_back(self) -> None:
        if self._staging is None:
            return
        self._staging.stop()
        moved = (path for move in self._operations.moves for path in (move.source, move.target))
        with suppress(GitFailed):  # what went wrong first is what has to be told
            restore_index(self._git, (*moved, *self._operations.changed_paths), self._before)


def create_project_files(project: Project, writes: Sequence[Write]) -> tuple[str, ...]:
    """Writes files that are not there yet, without staging them: their author goes on working on them.

    Notices as `finish_interrupted`, errors as `create_files`.
    """
    notices = finish_interrupted(project)
    create_files(project.root, writes)
    return notices


def change_project_files(project: Project, title: str, writes: Sequence[Write]) -> tuple[str, ...]:
    """Writes files, all of them or none, without staging them.

    `title` says what for, as the notice of a run that was killed shows it. Notices and errors as `finish_interrupted`;
    CannotWrite if a file is not as expected.
    """
    notices = finish_interrupted(project)
    apply_operations(project.root, Operations(title, (), tuple(writes)), _journal_path(project))
    return notices


def read_interrupted(project: Project) -> Operations | None:
    """What a killed run left to be finished; None if nothing. Unknown if it cannot be believed."""
    return read_unfinished(project.root, _journal_path(project))


def finish_interrupted(project: Project) -> tuple[str, ...]:
    """Finishes what a killed run began. Gives a sentence for people that says so; nothing where nothing was left.

    CannotWrite where what is left cannot be finished.
    """
    left = read_interrupted(project)
    if left is None:
        return ()
    staged = project.in_git and left.title.startswith(BUILD)
    beside = _Staged(project, left, IndexState({}, frozenset())) if staged else None
    finish_operations(project.root, _journal_path(project), beside)
    return (f"Finished an interrupted run: {left.title}.",)


def _journal_path(project: Project) -> str:
    return f"{project.config.directory}/{NAME}"
