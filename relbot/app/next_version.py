"""Which version comes next, and which is out already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.app.release_inputs import sorted_versions
from relbot.errors import UsageError
from relbot.git.tags import tagged_versions
from relbot.release.version import bump_version, parse_version, readable_versions, wanted_bump

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from relbot.app.project import Project
    from relbot.fragment.model import Fragment
    from relbot.release.build import ReleaseTarget
    from relbot.release.version import Version


def next_release_version(
    project: Project, of: ReleaseTarget, unreleased: Iterable[Fragment], bump: str | None, pre: str | None, day: date
) -> str:
    """The last version with `bump` raised, by default what the unreleased changes ask for. UsageError if there is none."""
    current = _last_version(project, of)
    part = bump or "auto"
    if part == "auto":
        part = wanted_bump(unreleased, {t.name: t.bump for t in project.config.types})
        if part == "none" and not current.prerelease:
            raise UsageError(
                "Nothing unreleased raises the version.", tip="Say what to raise:", example="relbot build --bump patch"
            )
    named = bump_version(current, part, pre, day, project.config.versions)
    if parse_version(named, project.config.versions) < current:
        raise UsageError(f"{named} would come before {current.text}.", tip="Name the version:", example="relbot build VERSION")
    return named


def waits_for_final(project: Project, of: ReleaseTarget) -> bool:
    """Whether the last release is a prerelease, so that a final one can be made of no more than there is."""
    return bool(sorted_versions(project, of)) and _last_version(project, of).prerelease


def _last_version(project: Project, of: ReleaseTarget) -> Version:
    """The highest version released, or tagged where no build has released anything yet."""
    versions = project.config.versions
    known = [parse_version(name, versions) for name in sorted_versions(project, of)]
    if not known and project.in_git:
        known = readable_versions(tagged_versions(project.git, of.tag), versions)
    if not known:
        raise UsageError("There is no earlier version to raise.", tip="Name the first one:", example="relbot build 0.1.0")
    return max(known)


def refuse_tagged(project: Project, of: ReleaseTarget, version: str) -> None:
    """UsageError if a version is tagged already: nothing can be added to it."""
    if project.in_git and version in tagged_versions(project.git, of.tag):
        tip = f"It is tagged {of.tag.format(version=version)}, so what came later belongs to the next version."
        raise UsageError(f"{version} is out already.", tip=tip, example="relbot build --bump auto")
