"""Checks the changelogs of a project against the releases that were built."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from relbot.errors import FaultyFragments
from relbot.fragment.location import RELEASED

if TYPE_CHECKING:
    from relbot.app.project import Project
    from relbot.finding import Finding
    from relbot.release.record import ReleaseRecord
    from relbot.release.target import ReleaseTarget


def check_changelogs(project: Project) -> tuple[Finding, ...]:
    """What is wrong with the changelog of the project and of each component that has its own, in the order of the configuration.

    Only entries of releases that relbot built are looked at. Unknown if a changelog or the record of a release cannot be read.
    """
    config = project.config
    if not any((project.root / folder.path / RELEASED).exists() for folder in config.folders):
        return ()
    # What builds releases takes longer to load than a hundred fragments to be checked.
    from relbot.app.release_inputs import changelog_format
    from relbot.files.releases import read_changelog, read_records, released_versions
    from relbot.release.changelog_check import ChangelogToCheck, check_changelog
    from relbot.release.target import find_target

    found: list[Finding] = []
    for component in (None, *(each.name for each in config.components if each.changelog)):
        of = find_target(config, component)
        names = released_versions(project.root, of)
        if not names:
            continue
        records = read_records(project.root, of)
        built = {record.version for record in records}
        bare = [name for name in names if name not in built]
        text = (read_changelog(project.root, of.changelog) or b"").decode("utf-8", "surrogateescape")
        changelog = ChangelogToCheck(of.changelog, text, of.folder, records, bare, partial(_expected_entry, project, of))
        found += check_changelog(changelog, changelog_format(config, of), config.versions)
    return tuple(found)


def _expected_entry(project: Project, of: ReleaseTarget, record: ReleaseRecord) -> str:
    """The entry that the fragments of a release make; "" where they have faults, for these are told elsewhere."""
    # Few checks have an entry to compare, and what builds releases takes long to load.
    from relbot.app.release_inputs import make_builder, read_released_tree
    from relbot.files.releases import read_changelog

    tree = read_released_tree(project, of, record.version)._replace(changelog=read_changelog(project.root, of.changelog))
    builder = make_builder(project, of, tree)
    try:
        return builder.render(builder.notes(record.version, record.date, record.origins, with_unreleased=False))
    except FaultyFragments:
        return ""
