"""Takes back a build that is not tagged yet."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from relbot.app.apply_operations import carry_out, finish_interrupted
from relbot.app.next_version import find_tag, released_version
from relbot.app.release_inputs import chosen_target, make_builder, read_whole_tree
from relbot.errors import Refused, UsageError
from relbot.git.index import IndexReading
from relbot.release.results import UndoneRelease
from relbot.release.undo import plan_undo

if TYPE_CHECKING:
    from relbot.app.project import Project
    from relbot.git.process import Git
    from relbot.release.target import ReleaseTarget


def undo_release(project: Project, version: str, component: str | None = None) -> UndoneRelease:
    """Takes the build of a version back: its fragments are unreleased again, its entry leaves the changelog.

    All of it happens, or nothing, and what changed is staged. UsageError if there is no such release or no build wrote it.
    Refused if it is tagged, if its entry was edited by hand, if files that would change have changes that are not staged, or if a
    later release has its changes. CannotWrite or GitFailed if a write is refused.
    """
    project.require_whole()
    of = chosen_target(project.config, component)
    finished = finish_interrupted(project)
    version = released_version(project, of, version)
    if tag := find_tag(project, of, version):
        tip = "A release that is out is not taken back. Correct its fragments instead, and:"
        raise Refused(f"{version} is out: it is tagged {tag}.", tip=tip, example=f"relbot build --refresh {version}")
    builder = make_builder(project, of, read_whole_tree(project, of))
    try:
        undo = plan_undo(builder, version)
    except KeyError:
        raise UsageError(
            f"The folder of release {version} was not written by `relbot build`, so there is no build to take back."
        ) from None
    tracked = None
    if project.in_git:
        with IndexReading(project.git, [of.changelog, *(folder.path for folder in project.config.folders)]) as tracked:
            _refuse_unstaged(project.git, of, version, [move.source for move in undo.operations.moves])
            carry_out(project, undo.operations, tracked)
    else:
        carry_out(project, undo.operations, None)
    return UndoneRelease(of, undo, finished)


def _refuse_unstaged(git: Git, of: ReleaseTarget, version: str, moved: list[str]) -> None:
    """Refused if the changelog or a file of the release differs from what is staged: nobody could tell the two changes apart."""
    below = [f":(literal){path}" for path in (of.changelog, *of.folders_of(version))]
    changed = _listed(git.run("diff", "--name-only", "--relative", "--no-ext-diff", "-z", "--", *below))
    changed |= set(moved) - _listed(git.run("ls-files", "-z", "--", *below))
    if changed:
        names = ", ".join(f"`{path}`" for path in sorted(changed)[:5])
        what = f"{names} {'has' if len(changed) == 1 else 'have'} changes that are not staged."
        raise Refused(what, tip="Stage, commit or take them back first:", example=f"git status {of.changelog} {of.folder.path}")


def _listed(names: bytes) -> set[str]:
    return {os.fsdecode(name) for name in names.split(b"\0") if name}
