"""The notes of a release that was built."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.app.next_version import canonical_version
from relbot.app.release_inputs import chosen_target, make_builder, read_released_tree
from relbot.errors import UsageError
from relbot.release.results import RenderedNotes

if TYPE_CHECKING:
    from relbot.app.project import Project
    from relbot.fragment.model import NotesAudience


def read_notes(
    project: Project, version: str, component: str | None = None, form: str | None = None, audience: NotesAudience | None = None
) -> RenderedNotes:
    """Renders the notes of a release as its fragments tell them now.

    `form` is one of NOTES_FORMATS and `audience` is who reads, both by default the changelog's.

    UsageError if there is no such release, or no build wrote it; FaultyFragments with all faults; Unknown if the work tree is a
    sparse one without the fragments.
    """
    project.require_whole()
    of = chosen_target(project.config, component)
    version = canonical_version(project, of, version)
    tree = read_released_tree(project, of, version)
    builder = make_builder(project, of, tree, form, audience)
    record = tree.releases[version].record
    if record is None:
        tip = f"Only `relbot build` writes {of.folder.of_release(version)}/release.json, which tells its date."
        raise UsageError(
            f"The folder of release {version} was not written by `relbot build`.", tip=tip, example=f"relbot build {version}"
        )
    notes = builder.notes(version, record.date, {}, with_unreleased=False)
    return RenderedNotes(notes, builder.render(notes))
