"""`relbot checklist`: what a deploy needs, or a rollback."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from relbot.app.deploys.resolve_range import deploy_headline, plan_deploy, resolve_range
from relbot.cli.exits import Exit
from relbot.cli.output import is_terminal, print_notice, print_rendered, print_screen
from relbot.cli.project_options import with_project
from relbot.render.checklist.formats import CHECKLIST_FORMATS

if TYPE_CHECKING:
    from relbot.app.project import Project
    from relbot.deploy.plan.model import Plan


@click.command(name="checklist", short_help="Shows what a deploy needs, or a rollback.")
@click.argument("environment", metavar="[ENV]", required=False)
@click.option("--from", "start", metavar="REV", help="The revision that runs; else the environment is asked.")
@click.option("--to", "target", metavar="REV", help="The revision that shall run; else that of the environment, else HEAD.")
@click.option("--component", metavar="NAME", help="Only what concerns this component, or no component in particular.")
@click.option("--format", "form", type=click.Choice(CHECKLIST_FORMATS.names), help="On a terminal with colours; else text.")
@with_project
def command(
    project: Project, environment: str | None, start: str | None, target: str | None, component: str | None, form: str | None
) -> int:
    """Shows what has to be done where one revision runs so that another one can: steps, checks, restarts, the way back.

    From a revision to an older one it is the checklist of the rollback. ENV is an environment of the configuration.
    Exit code 0 if nothing is to be done, 1 if something is or if this must not be deployed, 3 if that is not known.
    """
    wanted = resolve_range(project, environment, start, target, component)
    plan = plan_deploy(project, wanted)
    show_checklist(plan, form)
    if begun := deploy_headline(project, wanted):
        print_notice(begun)
    return exit_code(plan)


def exit_code(plan: Plan) -> Exit:
    """Whether somebody has to do something, or must not go on."""
    return Exit.OPEN if plan.steps or plan.amended or plan.blocked else Exit.FINE


def show_checklist(plan: Plan, form: str | None) -> None:
    """Prints the checklist; without a format as it suits standard output."""
    if form is None and is_terminal():
        from relbot.render.checklist.terminal import ChecklistScreen

        print_screen(ChecklistScreen(plan))
    else:
        print_rendered(CHECKLIST_FORMATS.render(plan, form or CHECKLIST_FORMATS.names[0]))
