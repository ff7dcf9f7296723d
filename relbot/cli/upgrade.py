"""`relbot upgrade`: the upgrade guide between two releases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from relbot.cli.between import Between, planned
from relbot.cli.exits import Exit
from relbot.cli.named import known_component
from relbot.cli.project import Project, with_project
from relbot.finding import Level

if TYPE_CHECKING:
    from relbot.plan.model import Plan

FORMATS = ("markdown", "text", "json")


@click.command(name="upgrade", short_help="Prints the upgrade guide between two releases.")
@click.argument("start", metavar="FROM")
@click.argument("target", metavar="TO")
@click.option("--component", metavar="NAME", help="Only what concerns this component, or no component in particular.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="markdown", show_default=True)
@with_project
def command(project: Project, start: str, target: str, component: str | None, form: str) -> int:
    """Prints the guide for those who upgrade from FROM to TO: what changes for them, then what to do, in order.

    FROM and TO are versions, tags or other revisions. Exit code 1 if fragments have faults, so that the guide is not
    complete; 3 if a revision is not known.
    """
    from relbot.cli.checklist import show
    from relbot.render.upgrade import render_upgrade

    part = known_component(project.config, component)
    first, last = (_tag(project, name, part) for name in (start, target))
    plan = planned(project, Between(None, first, last, part))
    if form == "markdown":
        click.echo(render_upgrade(plan, project.config.components), nl=False)
    else:
        show(plan, form)
    return Exit.OPEN if _faulty(plan) else Exit.FINE


def _tag(project: Project, name: str, component: str | None) -> str:
    """The tag of a release where `name` is its version; else the name as it is."""
    part = project.config.component(component) if component else None
    patterns = [project.config.tag, *([part.tag.replace("{component}", part.name)] if part else [])]
    tags = [pattern.replace("{version}", name) for pattern in reversed(patterns)]
    return next((tag for tag in tags if project.git.answer("rev-parse", "--verify", "--quiet", f"refs/tags/{tag}")[0] == 0), name)


def _faulty(plan: Plan) -> bool:
    return bool(plan.unreadable) or any(finding.level is Level.ERROR for finding in plan.findings)
