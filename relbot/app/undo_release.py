"""Takes back a build that is not tagged yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.app.apply_operations import carry_out, finish_interrupted, read_interrupted, refuse_unstaged
from relbot.app.next_version import find_tag, released_version
from relbot.app.release_inputs import chosen_target, make_builder, read_whole_tree
from relbot.errors import Refused, UsageError
from relbot.files.releases import read_manifests
from relbot.git.index import IndexReading
from relbot.release.results import UndoneRelease
from relbot.release.tag_names import strip_spelling
from relbot.release.undo import plan_undo, resumed_undo

if TYPE_CHECKING:
    from relbot.app.project import Project
    from relbot.release.operations import Operations


def undo_release(
    project: Project, version: str, component: str | None = None, resumed: Operations | None = None
) -> UndoneRelease:
    """Takes the build of a version back: its fragments are unreleased again, its entry leaves the changelog.

    All of it happens, or nothing, and what changed is staged. What a killed run left is finished first; `resumed` is what the
    caller finished already. UsageError if there is no such release or no build wrote it. Refused if it is tagged, if its entry
    was edited by hand, if files that would change have changes that are not staged, or if a later release has its changes.
    CannotWrite or GitFailed if a write is refused.
    """
    project.require_whole()
    of = chosen_target(project.config, component)
    left = read_interrupted(project) or resumed
    finished = finish_interrupted(project)
    if left and (undone := resumed_undo(left, strip_spelling(version, of.tag), project.config.versions)):
        return UndoneRelease(of, undone, finished)
    version = released_version(project, of, version)
    if tag := find_tag(project, of, version):
        tip = "A release that is out is not taken back. Correct its fragments instead, and:"
        raise Refused(f"{version} is out: it is tagged {tag}.", tip=tip, example=f"relbot build --refresh {version}")
    tree = read_whole_tree(project, of)
    record = tree.releases[version].record
    of = of._replace(manifests=tuple(path for path in (record.raised if record else ()) if (project.root / path).is_file()))
    builder = make_builder(project, of, tree._replace(manifests=read_manifests(project.root, of.manifests)))
    try:
        undo = plan_undo(builder, version)
    except KeyError:
        what = f"The folder of release {version} was not written by `relbot build`, so there is no build to take back."
        tip = "Take back the commit that brought it, with git:"
        raise UsageError(what, tip=tip, example=f"git log -- {of.folders_of(version)[0]}") from None
    tracked = None
    if project.in_git:
        with IndexReading(project.git, [*of.written_paths, *(folder.path for folder in project.config.folders)]) as tracked:
            moved = [move.source for move in undo.operations.moves]
            refuse_unstaged(project.git, (*of.written_paths, *of.folders_of(version)), moved)
            carry_out(project, undo.operations, tracked)
    else:
        carry_out(project, undo.operations, None)
    return UndoneRelease(of, undo, finished)
