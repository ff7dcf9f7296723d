"""`relbot checklist`: what a deploy needs, or a rollback."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from relbot.app.deploys.resolve_range import deploy_headline, plan_deploy, resolve_range
from relbot.cli.exits import Exit
from relbot.cli.project_options import with_project
from relbot.render.common.invisible_characters import make_visible

if TYPE_CHECKING:
    from relbot.app.project import Project
    from relbot.deploy.plan.model import Plan

FORMATS = ("text", "markdown", "json", "motd")


@click.command(name="checklist", short_help="Shows what a deploy needs, or a rollback.")
@click.argument("environment", metavar="[ENV]", required=False)
@click.option("--from", "start", metavar="REV", help="The revision that runs; else the environment is asked.")
@click.option("--to", "target", metavar="REV", help="The revision that shall run; else that of the environment, else HEAD.")
@click.option("--component", metavar="NAME", help="Only what concerns this component, or no component in particular.")
@click.option("--format", "form", type=click.Choice(FORMATS), help="On a terminal with colours; else text.")
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
        click.echo(make_visible(begun), err=True)
    return exit_code(plan)


def exit_code(plan: Plan) -> Exit:
    """Whether somebody has to do something, or must not go on."""
    return Exit.OPEN if plan.steps or plan.amended or plan.blocked else Exit.FINE


def show_checklist(plan: Plan, form: str | None) -> None:
    """Prints the checklist; without a format as it suits standard output."""
    match form:
        case "markdown":
            from relbot.render.checklist.markdown import checklist_markdown as render
        case "json":
            from relbot.render.checklist.as_json import checklist_json as render
        case "motd":
            from relbot.render.checklist.motd import checklist_motd as render
        case None if sys.stdout.isatty():
            from rich.console import Console

            from relbot.render.checklist.terminal import print_checklist

            return print_checklist(Console(), plan)
        case _:
            from relbot.render.checklist.text import checklist_text as render
    return click.echo(render(plan), nl=False)
