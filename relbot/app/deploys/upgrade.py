"""Plans the upgrade from one release to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.app.deploys.release_revisions import resolve_named, tag_patterns
from relbot.app.deploys.show import compare_commits
from relbot.app.lookup import known_component
from relbot.deploy.plan.changelog import Revision
from relbot.deploy.upgrade import ReleasedChanges, UpgradeGuide
from relbot.fragment.release_lines import list_releases_of_changes
from relbot.git.policy_source import own_config
from relbot.git.revisions import resolve_revision
from relbot.git.tags import TAGS, list_tags
from relbot.git.trees import list_tree_paths
from relbot.release.tag_names import strip_spelling
from relbot.release.version import readable_versions
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.app.project import Project
    from relbot.deploy.plan.model import Plan


class UpgradeRequest(NamedTuple):
    """From which release to which: versions in any spelling, tags or other revisions; of one component, or of all."""

    start: str
    target: str
    component: str | None = None


def plan_upgrade(project: Project, request: UpgradeRequest) -> UpgradeGuide:
    """What an upgrade needs, with releases to stop at where it cannot be made in one go.

    A release that is built and not tagged is the commit that built it. UsageError if there is no such component; Unknown if a
    revision is not known, or what lies between cannot be read.
    """
    part = known_component(project.config, request.component)
    first, last = (_find_release(project, name, part) for name in (request.start, request.target))
    plan = compare_commits(project, first, last, part, "relbot upgrade {} {}").plan
    return UpgradeGuide(plan, project.config.components, tuple(_releases_on_the_way(project, plan)))


def _find_release(project: Project, name: str, component: str | None) -> Revision:
    """The tag of a release where `name` is its version; else the revision of this name, else the commit that built it."""
    tags = list_tags(project.git)
    for pattern in tag_patterns(project, component):
        if (tag := pattern.replace("{version}", name)) in tags:
            return Revision(tag, resolve_revision(project.git, f"{TAGS}{tag}"))
    return resolve_named(project, name, component)


def _releases_on_the_way(project: Project, plan: Plan) -> Iterator[ReleasedChanges]:
    """The releases that bring the changes of a plan, the lowest first: of several that have one, the first after the start."""
    versions = project.config.versions
    before = readable_versions([strip_spelling(plan.start.name, project.config.tag)], versions)
    brought: dict[str, set[str]] = {}
    for commit, changes in ((plan.target.commit, plan.do), (plan.start.commit, plan.undo)):
        config = project.config if project.named else own_config(project.git, commit, project.config)
        known = list_releases_of_changes(list_tree_paths(project.git, commit, config.folders), config.folders)
        for change in changes:
            lines = sorted(readable_versions(known.get(change.identity, ()), versions))
            later = [version for version in lines if not before or version > before[0]]
            if found := later or lines:
                brought.setdefault(found[0].text, set()).add(change.identity)
    for version in sorted(readable_versions(brought, versions)):
        yield ReleasedChanges(version.text, frozenset(brought[version.text]))
