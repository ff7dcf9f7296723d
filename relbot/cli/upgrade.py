"""`relbot upgrade`: the upgrade guide between two releases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from relbot.app.deploys.legs import with_legs
from relbot.app.deploys.show import compare_revisions
from relbot.app.lookup import known_component
from relbot.cli.exits import Exit
from relbot.cli.output import print_rendered
from relbot.cli.project_options import with_project
from relbot.deploy.plan.changelog import Revision
from relbot.finding import Level
from relbot.git.revisions import resolve_revision
from relbot.git.tags import tagged_versions
from relbot.release.version import readable_versions
from relbot.render.upgrade_guide import UPGRADE_FORMATS, UpgradeGuide

if TYPE_CHECKING:
    from relbot.app.project import Project
    from relbot.deploy.plan.model import Plan, Split


@click.command(name="upgrade", short_help="Prints the upgrade guide between two releases.")
@click.argument("start", metavar="FROM")
@click.argument("target", metavar="TO")
@click.option("--component", metavar="NAME", help="Only what concerns this component, or no component in particular.")
@click.option("--format", "form", type=click.Choice(UPGRADE_FORMATS.names), default="markdown", show_default=True)
@with_project
def command(project: Project, start: str, target: str, component: str | None, form: str) -> int:
    """Prints the guide for those who upgrade from FROM to TO: what changes for them, then what to do, in order.

    FROM and TO are versions, tags or other revisions. Exit code 1 if fragments have faults, so that the guide is not
    complete; 3 if a revision is not known.
    """
    part = known_component(project.config, component)
    first, last = (_release_tag(project, name, part) for name in (start, target))
    plan = _by_release(project, compare_revisions(project, first, last, part).plan, part)
    print_rendered(UPGRADE_FORMATS.render(UpgradeGuide(plan, project.config.components), form))
    return Exit.OPEN if _has_findings(plan) else Exit.FINE


def _release_tag(project: Project, name: str, component: str | None) -> str:
    """The tag of a release where `name` is its version; else the name as it is."""
    tags = [pattern.replace("{version}", name) for pattern in _tag_patterns(project, component)]
    return next((tag for tag in tags if project.git.answer("rev-parse", "--verify", "--quiet", f"refs/tags/{tag}")[0] == 0), name)


def _tag_patterns(project: Project, component: str | None) -> list[str]:
    """What the tags of releases look like, those of the component first."""
    part = project.config.component(component) if component else None
    return [*([part.tag.replace("{component}", part.name)] if part else []), project.config.tag]


def _by_release(project: Project, plan: Plan, component: str | None) -> Plan:
    """The plan, with releases to stop at where there are some: who upgrades from release to release installs no commits."""
    arrived = {change.identity: change.commit for change in (*plan.do, *plan.undo)}
    splits = tuple(split._replace(stop=_last_release(project, split, arrived, component) or split.stop) for split in plan.splits)
    return with_legs(project, plan._replace(splits=splits), component)


def _last_release(project: Project, split: Split, arrived: dict[str, str], component: str | None) -> Revision | None:
    """The last release that has what the change needs, and not the change."""
    change, *needed = (arrived.get(identity) for identity in (split.change, *split.needs))
    if not change or not all(needed):
        return None
    git = project.git
    between = set(git.text("tag", "--list", "--merged", f"{change}^").split("\n"))
    for commit in filter(None, needed):
        between &= set(git.text("tag", "--list", "--contains", commit).split("\n"))
    for pattern in _tag_patterns(project, component):
        for version in sorted(readable_versions(tagged_versions(git, pattern), project.config.versions), reverse=True):
            name = pattern.replace("{version}", version.text)
            if name in between:
                return Revision(name, resolve_revision(git, name))
    return None


def _has_findings(plan: Plan) -> bool:
    return bool(plan.unreadable) or any(finding.level is Level.ERROR for finding in plan.findings)
