"""`relbot motd`: what whoever logs in to a host should know."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from relbot.app.deploys.environment_state import deferred_steps, deploy_progress, read_state
from relbot.app.deploys.resolve_range import plan_deploy, resolve_range
from relbot.cli.checklist import exit_code
from relbot.cli.deploy import options
from relbot.cli.exits import Exit
from relbot.cli.output import is_terminal, print_text
from relbot.cli.project_options import with_project
from relbot.errors import Unknown
from relbot.render.checklist.motd import checklist_motd
from relbot.render.deploys.deploy_status import DeployStatus
from relbot.render.deploys.motd_status import motd_plan_unknown, motd_running, motd_status, motd_steps_unknown

if TYPE_CHECKING:
    from relbot.app.project import Project
    from relbot.config.model import Environment


@click.command(name="motd", short_help="Shows what whoever logs in to a host should know.")
@click.argument("environment", metavar="[ENV]", required=False)
@click.option("--from", "start", metavar="REV", help="The revision that runs; else the environment is asked.")
@click.option("--to", "target", metavar="REV", help="The revision that shall run; else that of the environment, else HEAD.")
@click.option("--component", metavar="NAME", help="Only what concerns this component, or no component in particular.")
@with_project
def command(project: Project, environment: str | None, start: str | None, target: str | None, component: str | None) -> int:
    """Shows which revision runs and what the next deploy will need, in ASCII and 78 columns, for a file in /etc/motd.d.

    Of an environment it also shows what its ledger holds: since when that runs, the open steps of a deploy under way, what
    earlier ones left for later, a lock. Exit codes as of `relbot checklist`, and 1 for an open step. If something is not known,
    the text says so: the file must not stay empty.
    """
    wanted = resolve_range(project, environment, start, target, component)
    try:
        plan = plan_deploy(project, wanted)
        date = project.git.text("show", "--no-patch", "--format=%cs", plan.start.commit)
    except Unknown as error:
        if not is_terminal():
            print_text(motd_plan_unknown(error.what))
        raise
    place = wanted.environment
    head = motd_running(place.name if place else project.root.name, plan.start.commit, date)
    code, unread = exit_code(plan), None
    if place:
        try:
            status = _status(project, place)
        except Unknown as error:
            unread = error
            head += motd_steps_unknown(error.what)
        else:
            head += motd_status(status)
            code = Exit.OPEN if status.left or status.state.deploy else code
    print_text(f"{head}\n{checklist_motd(plan)}")
    if unread:
        raise unread
    return code


def _status(project: Project, environment: Environment) -> DeployStatus:
    """What the ledger holds, also where another source tells what runs. Unknown if it cannot be read."""
    name = environment.name
    now = read_state(project, name, local=environment.deployed == "ledger")  # which was fetched to learn what runs
    progress = deploy_progress(project, name, now, now.deploy) if now.deploy else None
    return DeployStatus(name, now, progress, deferred_steps(project, name, now), now.holder(options.utc_now()), unpublished=False)
