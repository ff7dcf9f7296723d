"""Shows the notes that a build would write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.app.attribution import attribute_fragments, history_of, release_day
from relbot.app.next_version import canonical_version, has_something_to_build, version_to_build
from relbot.app.release_inputs import chosen_target, make_builder, read_preview_tree
from relbot.release.notes import UNRELEASED
from relbot.release.results import RenderedNotes

if TYPE_CHECKING:
    from relbot.app.next_version import BuildRequest
    from relbot.app.project import Project
    from relbot.fragment.model import NotesAudience


def draft_release(
    project: Project, request: BuildRequest, form: str | None = None, audience: NotesAudience | None = None
) -> RenderedNotes | None:
    """The notes that a build would write, without changing anything; None if there is nothing to build.

    `form` is one of NOTES_FORMATS and `audience` is who reads, both by default the changelog's. A request without `version` and
    `bump` gives notes that are titled `Unreleased`. Errors as `build_release`.
    """
    project.require_whole()
    of = chosen_target(project.config, request.component)
    with history_of(project) as history:
        version = None if request.version is None else canonical_version(project, of, request.version)
        tree = read_preview_tree(project, of, version)
        builder = make_builder(project, of, tree, form, audience)
        if not has_something_to_build(project, of, request, builder):
            return None
        if version is None and request.bump is not None:
            version = version_to_build(project, of, request, builder)
            tree = read_preview_tree(project, of, version)
            builder = make_builder(project, of, tree, form, audience)
        if not builder.has_unreleased(version or UNRELEASED) and not tree.releases:
            return None
        attributed = attribute_fragments(history, tree.unreleased)
        day = release_day(builder, version, request.day, request.today)
        notes = builder.notes(version or UNRELEASED, day, attributed.by_identity, with_unreleased=True)
        return RenderedNotes(notes, builder.render(notes), attributed.notices)
