"""Where a deploy that cannot be made in one go stops on the way: at a release where there is one, else at a commit."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from relbot.app.deploys.release_revisions import tag_patterns
from relbot.app.tagged_releases import list_tagged
from relbot.deploy.plan.changelog import Revision
from relbot.deploy.plan.model import StepKind
from relbot.git.revisions import is_ancestor, resolve_revision
from relbot.git.tags import TAGS
from relbot.release.version import readable_versions

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from relbot.app.project import Project
    from relbot.deploy.plan.model import Plan, Split


def stop_at_releases(project: Project, plan: Plan, component: str | None) -> tuple[Split, ...]:
    """The splits of a plan, each with the last release at which it can stop, else with its commit by the name of its tag.

    People install releases, and know tags rather than commits.
    """
    back = [split for split in plan.splits if split.kind is StepKind.UNDO]
    onward = [split for split in plan.splits if split.kind is StepKind.DO]
    # What is taken back stops in the opposite order: the splits are looked at in that in which their changes arrived.
    return (*_choose_stops(project, plan, back[::-1], component)[::-1], *_choose_stops(project, plan, onward, component))


def name_by_tag(project: Project, revision: Revision) -> Revision:
    """The revision by the name of its tag, where it has one: by the one by which somebody called it, where it has several."""
    tags = project.git.text("tag", "--list", "--points-at", revision.commit).splitlines()
    return revision._replace(name=tags[0]) if tags and revision.name not in tags else revision


def _choose_stops(project: Project, plan: Plan, splits: Iterable[Split], component: str | None) -> list[Split]:
    """Splits in the order of their changes. Those that stop at one commit stop at releases, or all of them at that commit."""
    arrived = {change.identity: change.commit for change in (*plan.do, *plan.undo)}
    chosen: list[Split] = []
    before: Revision | None = None
    for stop, same in groupby(splits, key=lambda split: split.stop):
        group = list(same)
        if stop is None or not stop.commit:
            chosen += group
            continue
        releases = list(_releases_between(project, group, arrived, before, component))
        stops = releases if len(releases) == len(group) else [name_by_tag(project, stop)] * len(group)
        chosen += (split._replace(stop=at) for split, at in zip(group, stops, strict=True))
        before = stops[-1]
    return chosen


def _releases_between(
    project: Project, splits: Iterable[Split], arrived: Mapping[str, str], before: Revision | None, component: str | None
) -> Iterator[Revision]:
    """For each split the release to stop at, after `before`; ends at the first one that has none.

    That is the stop before where it has what the change needs, else the last release that has it and not the change.
    """
    git = project.git
    for split in splits:
        change, needed = arrived.get(split.change), [arrived.get(identity, "") for identity in split.needs]
        if not change or not all(needed):
            return
        if before is None or not all(is_ancestor(git, commit, before.commit) for commit in needed):
            tags = set(git.text("tag", "--list", "--merged", f"{change}^").split("\n"))
            for commit in (*needed, *((before.commit,) if before else ())):
                tags &= set(git.text("tag", "--list", "--contains", commit).split("\n"))
            before = _last_release(project, tags, component)
        if before is None:
            return
        yield before


def _last_release(project: Project, tags: Collection[str], component: str | None) -> Revision | None:
    """The release with the highest version among tags: one of the component, where there is one."""
    for pattern in tag_patterns(project, component) if tags else ():
        tag_of = {
            each.version: each.tag for each in list_tagged(project.git, project.config, pattern, component) if each.tag in tags
        }
        if inside := readable_versions(tag_of, project.config.versions):
            name = tag_of[max(inside).text]
            return Revision(name, resolve_revision(project.git, f"{TAGS}{name}"))
    return None
