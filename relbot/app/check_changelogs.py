"""Checks the changelogs of a project against the releases that were built."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.fragment.location import RELEASED

if TYPE_CHECKING:
    from relbot.app.project import Project
    from relbot.finding import Finding


def check_changelogs(project: Project) -> tuple[Finding, ...]:
    """What is wrong with the changelog of the project and of each component that has its own, in the order of the configuration.

    Only entries of releases that relbot built are looked at. Unknown if a changelog or the record of a release cannot be read.
    """
    config = project.config
    if not any((project.root / folder.path / RELEASED).exists() for folder in config.folders):
        return ()
    # What builds releases takes longer to load than a hundred fragments to be checked.
    from relbot.app.release_inputs import changelog_format
    from relbot.files.releases import read_changelog, read_records
    from relbot.release.changelog_check import check_changelog
    from relbot.release.target import find_target

    found: list[Finding] = []
    for component in (None, *(each.name for each in config.components if each.changelog)):
        of = find_target(config, component)
        records = read_records(project.root, of)
        if not records:
            continue
        text = (read_changelog(project.root, of.changelog) or b"").decode("utf-8", "surrogateescape")
        found += check_changelog(of.changelog, text, records, changelog_format(config, of), config.versions)
    return tuple(found)
