"""`relbot motd`: what whoever logs in to a host should know."""

from __future__ import annotations

import sys

import click

from relbot.cli.between import between, planned
from relbot.cli.checklist import exit_code
from relbot.cli.deploy.opened import now as clock
from relbot.cli.exits import Exit
from relbot.cli.project import Project, with_project
from relbot.cli.recorded import recorded
from relbot.errors import Unknown
from relbot.render.checklist.motd import render_motd
from relbot.render.motd import not_known, runs, stands


@click.command(name="motd", short_help="Shows what whoever logs in to a host should know.")
@click.argument("environment", metavar="[ENV]", required=False)
@click.option("--from", "start", metavar="REV", help="The revision that runs; else the environment is asked.")
@click.option("--to", "target", metavar="REV", help="The revision that shall run; else that of the environment, else HEAD.")
@click.option("--component", metavar="NAME", help="Only what concerns this component, or no component in particular.")
@with_project
def command(project: Project, environment: str | None, start: str | None, target: str | None, component: str | None) -> int:
    """Shows which revision runs and what the next deploy will need, in ASCII and 78 columns, for a file in /etc/motd.d.

    Exit codes as of `relbot checklist`. If it is not known what runs, the text says so: the file must not stay empty.
    """
    wanted = between(project, environment, start, target, component)
    try:
        plan = planned(project, wanted)
        date = project.git.text("show", "--no-patch", "--format=%cs", plan.start.commit)
    except Unknown as error:
        if not sys.stdout.isatty():
            click.echo(not_known(error.what), nl=False)
        raise
    place = wanted.environment.name if wanted.environment else project.root.name
    code = exit_code(plan)
    head = runs(place, plan.start.commit, date)
    if wanted.environment and wanted.environment.deployed == "ledger":
        now = recorded(project, wanted.environment.name, local=True)  # it was fetched to learn what runs
        code = Exit.OPEN if now.later or now.deploy else code
        head += stands(now, now.holder(clock()))
    click.echo(f"{head}\n{render_motd(plan)}", nl=False)
    return code
