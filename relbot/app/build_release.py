"""Builds a release: its entry in the changelog, and its fragments moved to the folder of the version."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

from relbot.app.apply_operations import carry_out, finish_interrupted, refuse_unstaged
from relbot.app.attribution import attribute_fragments, history_of, release_day
from relbot.app.next_version import has_something_to_build, named_version, refuse_tagged, released_version, version_to_build
from relbot.app.release_inputs import chosen_target, make_builder, read_whole_tree
from relbot.errors import UsageError
from relbot.git.index import IndexReading
from relbot.release.results import BuildResult
from relbot.release.unreleased_text import find_left_text
from relbot.release.version import parse_version

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from relbot.app.next_version import BuildRequest
    from relbot.app.project import Project
    from relbot.release.build import Builder
    from relbot.release.build_plan import Build
    from relbot.release.target import ReleaseTarget


def build_release(project: Project, request: BuildRequest) -> BuildResult:
    """Releases what is unreleased: writes the entry, moves the fragments, and stages both where the project is in git.

    All of it happens, or nothing; what a killed run left is finished first. Building a version again changes nothing. UsageError
    if no version can be told, it is tagged already, or only earlier releases would be corrected; FaultyFragments with all faults;
    Refused if a file whose version it raises has changes that are not staged; CannotWrite or GitFailed if a write is refused;
    Unknown if the work tree is a sparse one without the fragments.
    """
    project.require_whole()
    of = chosen_target(project.config, request.component)
    with history_of(project) as history:
        finished = finish_interrupted(project)
        with _read_index(project, of) as tracked:
            builder = make_builder(project, of, read_whole_tree(project, of))
            tree = builder.tree
            if not has_something_to_build(project, of, request, builder):
                return BuildResult(of, "", None, finished)
            version = version_to_build(project, of, request, builder)
            if builder.has_unreleased(version):
                refuse_tagged(project, of, version)
            attributed = attribute_fragments(history, tree.unreleased)
            day = release_day(builder, version, request.day, request.today)
            planned = builder.build(version, day, attributed.by_identity)
            notices = (*finished, *attributed.notices, *_tell_left_text(builder, version))
            notes = planned.notes
            if not (notes.entries or notes.left_out or notes.prose or version in tree.releases):
                _refuse_only_corrections(planned)
                return BuildResult(of, version, None, notices)
            if planned.raised and project.in_git:
                refuse_unstaged(project.git, planned.raised)
            _apply_build(project, planned, tracked)
            return BuildResult(of, version, planned, notices)


def refresh_release(project: Project, version: str, component: str | None = None) -> BuildResult:
    """Renders the entry of a release that was built anew from its fragments as they are now, and writes it in place.

    Nothing is staged. UsageError if there is no such release or no build wrote it; else as `build_release`.
    """
    project.require_whole()
    of = chosen_target(project.config, component)
    finished = finish_interrupted(project)
    version = released_version(project, of, version)
    builder = make_builder(project, of, read_whole_tree(project, of))
    try:
        planned = builder.refresh(version)
    except KeyError:
        raise UsageError(
            f"The folder of release {version} was not written by `relbot build`.", example=f"relbot build {version}"
        ) from None
    _apply_build(project, planned, None)
    return BuildResult(of, version, planned, finished)


def _tell_left_text(builder: Builder, version: str) -> tuple[str, ...]:
    """A sentence on an unreleased part of the changelog that the build does not take."""
    versions, named = builder.config.versions, named_version(builder)
    if named and parse_version(named, versions) < parse_version(version, versions):
        what = f"What stands below {named} in {builder.target.changelog} is not part of {version}."
        return (f"{what} Build {named}, or move it by hand.",)
    form, path = builder.form, builder.target.changelog
    heading = (
        "" if form.unreleased or not form.by_version else find_left_text(builder.tree.text, form.headings(builder.tree.text))
    )
    why = "relbot takes no such text where a template makes the notes"
    return (f"What stands below `{heading}` in {path} is not part of the release: {why}. Move it by hand.",) if heading else ()


def _refuse_only_corrections(planned: Build) -> None:
    if planned.corrected:
        example = "\n".join(f"relbot build --refresh {name}" for name in planned.corrected)
        what = "There are only corrections of earlier releases, and no unreleased change to build."
        raise UsageError(what, tip="To correct their entries:", example=example)


def _apply_build(project: Project, planned: Build, tracked: IndexReading | None) -> None:
    if planned.operations.moves or planned.operations.writes:
        carry_out(project, planned.operations, tracked)


def _read_index(project: Project, of: ReleaseTarget) -> AbstractContextManager[IndexReading | None]:
    """The look at the index, begun so that git works while fragments are read; None outside of git."""
    if not project.in_git:
        return nullcontext()
    return IndexReading(project.git, [*of.written_paths, *(folder.path for folder in project.config.folders)])
