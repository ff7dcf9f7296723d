"""Which version comes next, and which is out already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.app.release_inputs import versions_of
from relbot.errors import UsageError
from relbot.git.tags import tagged_versions
from relbot.release.version import bumped, parse, readable, wanted_bump

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from relbot.app.project import Project
    from relbot.fragment.model import Fragment
    from relbot.release.build import Target
    from relbot.release.version import Version


def next_version(
    project: Project, of: Target, unreleased: Iterable[Fragment], bump: str | None, pre: str | None, day: date
) -> str:
    """The last version with `bump` raised, by default what the unreleased changes ask for. UsageError if there is none."""
    current = _last(project, of)
    part = bump or "auto"
    if part == "auto":
        part = wanted_bump(unreleased, {t.name: t.bump for t in project.config.types})
        if part == "none" and not current.prerelease:
            raise UsageError(
                "Nothing unreleased raises the version.", tip="Say what to raise:", example="relbot build --bump patch"
            )
    named = bumped(current, part, pre, day, project.config.versions)
    if parse(named, project.config.versions) < current:
        raise UsageError(f"{named} would come before {current.text}.", tip="Name the version:", example="relbot build VERSION")
    return named


def waits_for_final(project: Project, of: Target) -> bool:
    """Whether the last release is a prerelease, so that a final one can be made of no more than there is."""
    return bool(versions_of(project, of)) and _last(project, of).prerelease


def _last(project: Project, of: Target) -> Version:
    """The highest version released, or tagged where no build has released anything yet."""
    versions = project.config.versions
    known = [parse(name, versions) for name in versions_of(project, of)]
    if not known and project.in_git:
        known = readable(tagged_versions(project.git, of.tag), versions)
    if not known:
        raise UsageError("There is no earlier version to raise.", tip="Name the first one:", example="relbot build 0.1.0")
    return max(known)


def refuse_tagged(project: Project, of: Target, version: str) -> None:
    """UsageError if a version is tagged already: nothing can be added to it."""
    if project.in_git and version in tagged_versions(project.git, of.tag):
        tip = f"It is tagged {of.tag.format(version=version)}, so what came later belongs to the next version."
        raise UsageError(f"{version} is out already.", tip=tip, example="relbot build --bump auto")
