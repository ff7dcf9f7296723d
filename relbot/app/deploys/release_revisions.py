"""The revision of a release that somebody names by its version: a tag in any spelling, else the commit that built it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.app.tagged_releases import list_tagged
from relbot.deploy.plan.changelog import Revision
from relbot.errors import Unknown
from relbot.git.revisions import RevisionUnknown, resolve_revision
from relbot.git.tags import TAGS
from relbot.release.tag_names import same_version, strip_spelling
from relbot.release.version import is_version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.app.project import Project


def resolve_named(project: Project, name: str, component: str | None) -> Revision:
    """The commit that a revision names, or a release by its version. RevisionUnknown if there is neither."""
    try:
        return Revision(name, resolve_revision(project.git, name))
    except RevisionUnknown:
        release = find_release(project, name, component)
        if release is None:
            raise
        return release._replace(commit=release.commit or resolve_revision(project.git, release.name))


def find_release(project: Project, name: str, component: str | None) -> Revision | None:
    """The tag of a release, without its commit, else the commit that built it; None if nothing has this version.

    Unknown if the release is built and not committed.
    """
    if tag := tag_of_version(project, name, component):
        return Revision(tag)
    for pattern in tag_patterns(project, component):
        plain = strip_spelling(name, pattern)
        if not is_version(plain, project.config.versions):
            continue
        names = list(dict.fromkeys([plain, *_folders_of(project, plain)]))
        folders = [folder.of_release(each) for folder in project.config.folders for each in names]
        if built := project.git.text("log", "-1", "--format=%H", "--diff-filter=A", "--", *folders):
            return Revision(names[-1], built)
        if any((project.root / folder).is_dir() for folder in folders):
            what = f"Release {names[-1]} is built and not committed, so there is no commit to compare."
            raise Unknown(what, tip="Commit it:", example=f'git commit -m "Release {names[-1]}"')
    return None


def tag_of_version(project: Project, name: str, component: str | None, refs: str = TAGS) -> str:
    """The tag below `refs` that names the version `name`, in any spelling; "" if there is none."""
    for pattern in tag_patterns(project, component):
        plain = strip_spelling(name, pattern)
        if "." not in plain or not is_version(plain, project.config.versions):
            continue
        for tagged in list_tagged(project.git, project.config, pattern, component, refs):
            if same_version(tagged.version, plain, project.config.versions):
                return tagged.tag
    return ""


def tag_patterns(project: Project, component: str | None) -> list[str]:
    """What the tags of releases look like, those of the component first."""
    part = project.config.component(component) if component else None
    return [*([part.tag.replace("{component}", part.name)] if part else []), project.config.tag]


def built_release(project: Project, version: str) -> str:
    """The name of the folder of a release that was built here; "" if there is none."""
    return next(_folders_of(project, version), "")


def _folders_of(project: Project, version: str) -> Iterator[str]:
    """The names of the folders of a release as they are here: `1.2.0` for `1.2`."""
    for folder in project.config.folders:
        released = project.root / folder.path / "released"
        for each in released.iterdir() if released.is_dir() else ():
            if same_version(each.name, version, project.config.versions):
                yield each.name
