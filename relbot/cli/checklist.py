"""`relbot checklist`: what a deploy needs, or a rollback."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from relbot.app.deploys.session import SessionRequest
from relbot.app.deploys.show import ChecklistRequest, compare_revisions, plan_way_back, show_checklist
from relbot.app.uncommitted_fragments import find_uncommitted
from relbot.cli.deploy import options as deploy_options
from relbot.cli.deploy.options import open_command_session, remote_options, show_ledger_remarks
from relbot.cli.exits import answer_exit
from relbot.cli.output import print_notice, print_rendered, print_screen, print_text, wants_screen
from relbot.cli.project_options import only_component, with_project
from relbot.deploy.answers import ChecklistSheet
from relbot.errors import UsageError
from relbot.ledger.who import identify_user
from relbot.render.checklist.formats import CHECKLIST_FORMATS
from relbot.render.common.media import Medium
from relbot.render.deploys.checklist import checklist_frame, render_checklist, render_sheet, step_marks

if TYPE_CHECKING:
    from relbot.app.project import Project
    from relbot.deploy.answers import Checklist


@click.command(name="checklist", short_help="Shows what a deploy needs, or a rollback.")
@click.argument("environment", metavar="[ENV]", required=False)
@click.option("--from", "start", metavar="REV", help="The revision that runs. Default: as the environment reports.")
@click.option("--to", "target", metavar="REV", help="The target revision. Default: that of the environment, else HEAD.")
@only_component
@click.option("--format", "form", type=click.Choice(CHECKLIST_FORMATS.names), help="Default: colours on a terminal, else text.")
@remote_options
@with_project
def command(
    project: Project,
    environment: str | None,
    start: str | None,
    target: str | None,
    component: str | None,
    form: str | None,
    remote: str | None,
    offline: bool,
) -> int:
    """Shows what has to be done where one revision runs so that another one can: steps, checks, restarts, the way back.

    From a revision to an older one it is the checklist of the rollback. ENV is an environment of the configuration: what was
    done of its deploy is ticked. Exit code 0 if no step before the phase `later` is open, 1 if one is or if this must not be
    deployed, 3 if relbot cannot tell.
    """
    require_revisions(start, target)
    if is_comparison(project, environment, start, target):
        assert start is not None
        answer, name = compare_revisions(project, start, target or "HEAD", component), ""
    else:
        request = SessionRequest(environment, remote, offline, tuple(filter(None, (start, target))))
        session = open_command_session(project, request)
        try:
            answer, name = show_checklist(session, ChecklistRequest(start, target, component)), session.environment
        finally:
            show_ledger_remarks(session)
    if form == "html":
        way_back = plan_way_back(project, answer, component)
        print_rendered(
            render_sheet(ChecklistSheet(answer, name, str(identify_user(project.git)), deploy_options.utc_now(), way_back))
        )
    else:
        print_answer(answer, form)
    if answer.plan.target.name == "HEAD" and (left := find_uncommitted(project)):
        which = f"{left[0]} is" if len(left) == 1 else f"{left[0]} and {len(left) - 1} more are"
        print_notice(f"{which} not committed, so this checklist does not include {'it' if len(left) == 1 else 'them'}.")
    return answer_exit(is_open=answer.open, unclear=answer.unclear)


def is_comparison(project: Project, environment: str | None, start: str | None, target: str | None) -> bool:
    """Whether two revisions are compared, and no environment is meant."""
    if environment is not None or start is None:
        return False
    return target is not None or len(project.config.environments) != 1


def require_revisions(start: str | None, target: str | None) -> None:
    """UsageError if an option is empty: a script whose variable is not set must not get the answer about another revision."""
    for option, given in (("--from", start), ("--to", target)):
        if given == "":
            raise UsageError(f"`{option}` is empty.", tip="Name a revision:", example=f"{option} origin/main")


def print_answer(answer: Checklist, form: str | None) -> None:
    """Prints a checklist with what stands around it; JSON has that in its own keys. Without a format as it suits the output."""
    name = form or CHECKLIST_FORMATS.names[0]
    if name == "json":
        from relbot.render.deploys.as_json import checklist_answer_json  # its shapes take longer to load than an interpreter

        return print_text(checklist_answer_json(answer), Medium.JSON)
    before, after = checklist_frame(answer, name)
    print_rendered(before)
    if not answer.plan.quiet or answer.all_clear:  # "Nothing to do" is not to be read where something is
        if form is None and wants_screen():
            from relbot.render.checklist.terminal import ChecklistScreen  # Rich costs what a pipe does not need

            print_screen(ChecklistScreen(answer.plan, step_marks(answer)))
        else:
            print_rendered(render_checklist(answer, name))
    return print_rendered(after)
