"""Publishes a release that was built, as a release on GitHub."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.app.next_version import canonical_version
from relbot.app.release_inputs import chosen_target, make_builder, read_released_tree, sorted_versions
from relbot.errors import UsageError
from relbot.fragment.location import RECORD
from relbot.git.revisions import resolve_revision
from relbot.github.release import WantedRelease, publish_release, release_body
from relbot.github.repository import find_repository
from relbot.release.results import Published
from relbot.release.version import parse_version
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relbot.app.project import Project
    from relbot.release.target import ReleaseTarget


class PublishRequest(NamedTuple):
    """Which release to publish, and how.

    `version` None means the highest that was built; `prerelease` None as the version says; `latest` None if it is the highest
    final version of the project; `target` None the commit that brought the release. `overwrite` allows to replace a text that
    somebody edited on GitHub. `repository` is OWNER/NAME, by default that of the runner, else of the remote `origin`.
    """

    version: str | None = None
    component: str | None = None
    draft: bool = False
    prerelease: bool | None = None
    latest: bool | None = None
    target: str | None = None
    overwrite: bool = False
    repository: str | None = None


def publish_built_release(project: Project, request: PublishRequest) -> Published | None:
    """Brings the release on GitHub to what `relbot build` made; None if nothing was built yet. Publishing again changes nothing.

    UsageError if there is no such release, or what is built is not committed; Refused if an edit on GitHub would be lost;
    GitHubError where GitHub does not let, or its answer was lost; Unknown if a revision is not known here.
    """
    project.require_whole()
    of = chosen_target(project.config, request.component)
    version = canonical_version(project, of, request.version) if request.version else _highest_version(project, of)
    if version is None:
        return None
    wanted = _wanted_release(project, of, version, request)
    outcome = publish_release(find_repository(project.git, project.github, request.repository), wanted)
    return Published(wanted.title, wanted.tag, outcome.did, outcome.url)


def refuse_uncommitted(project: Project, paths: Iterable[str]) -> None:
    """UsageError if the work tree at these paths is not what is committed: GitHub has only that."""
    changed = project.git.text("status", "--porcelain", "--untracked-files=all", "--", *paths)
    if changed:
        names = ", ".join(line[3:] for line in changed.splitlines()[:5])
        tip = "relbot publishes what is committed and pushed. Commit it first:"
        raise UsageError(f"Not committed: {names}.", tip=tip, example="git commit")


def _highest_version(project: Project, of: ReleaseTarget) -> str | None:
    versions = [parse_version(name, project.config.versions) for name in sorted_versions(project, of)]
    return max(versions).text if versions else None


def _wanted_release(project: Project, of: ReleaseTarget, version: str, request: PublishRequest) -> WantedRelease:
    folder = of.folder.of_release(version)
    builder = make_builder(project, of, read_released_tree(project, of, version), "markdown")
    record = builder.tree.releases[version].record
    if record is None:
        raise UsageError(f"The folder of release {version} was not written by `relbot build`.", example=f"relbot build {version}")
    refuse_uncommitted(project, [folder])
    notes = builder.notes(version, record.date, {}, with_unreleased=False)
    prerelease = parse_version(version, project.config.versions).prerelease if request.prerelease is None else request.prerelease
    highest = not prerelease and of.component is None and _highest_version(project, of) == version
    text = builder.render(notes).partition("\n")[2].strip("\n") + "\n"  # GitHub shows the title above it
    return WantedRelease(
        of.tag.format(version=version),
        notes.name,
        release_body(text, f"The rest is in `{of.changelog}`."),
        _tagged_commit(project, folder, request.target),
        request.draft,
        prerelease,
        (highest or None) if request.latest is None else request.latest,
        request.overwrite,
    )


def _tagged_commit(project: Project, folder: str, target: str | None) -> str:
    """The commit to be tagged: the one named, else the one that brought the release to this branch."""
    if target is not None:
        return resolve_revision(project.git, target)
    options = ("log", "-1", "--first-parent", "--diff-filter=A", "--format=%H")
    return project.git.text(*options, "HEAD", "--", f"{folder}/{RECORD}") or resolve_revision(project.git, "HEAD")
