"""`relbot upgrade`: the upgrade guide between two releases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from relbot.app.deploys.upgrade import UpgradeRequest, plan_upgrade
from relbot.cli.exits import Exit
from relbot.cli.output import print_rendered
from relbot.cli.project_options import only_component, with_project
from relbot.finding import Level
from relbot.render.upgrade_guide import UPGRADE_FORMATS

if TYPE_CHECKING:
    from relbot.app.project import Project
    from relbot.deploy.plan.model import Plan


@click.command(name="upgrade", short_help="Prints the upgrade guide between two releases.")
@click.argument("start", metavar="FROM")
@click.argument("target", metavar="TO")
@only_component
@click.option("--format", "form", type=click.Choice(UPGRADE_FORMATS.names), default="markdown", show_default=True)
@with_project
def command(project: Project, start: str, target: str, component: str | None, form: str) -> int:
    """Prints the guide for those who upgrade from FROM to TO: what changes for them, then what to do, in order.

    FROM and TO are versions, tags or other revisions. Exit code 1 if fragments have faults, so that the guide is not
    complete; 3 if relbot does not find a revision.
    """
    guide = plan_upgrade(project, UpgradeRequest(start, target, component))
    print_rendered(UPGRADE_FORMATS.render(guide, form))
    return Exit.OPEN if _has_findings(guide.plan) else Exit.FINE


def _has_findings(plan: Plan) -> bool:
    return bool(plan.unreadable) or any(finding.level is Level.ERROR for finding in plan.findings)
