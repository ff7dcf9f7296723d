"""`relbot motd`: what people who log in to a host should know."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from relbot.app.deploys.motd import compare_motd, show_motd
from relbot.app.deploys.session import SessionRequest
from relbot.app.deploys.show import ChecklistRequest
from relbot.cli.checklist import is_comparison, require_revisions
from relbot.cli.deploy import options as deploy_options
from relbot.cli.deploy.options import make_surroundings, remote_options
from relbot.cli.exits import Exit, answer_exit
from relbot.cli.output import print_line, print_text
from relbot.cli.project_options import only_component, with_project
from relbot.deploy.answers import CLOCKS_DIFFER, SavedMotd
from relbot.render.common.units import format_span, format_time
from relbot.render.deploys.motd_status import render_motd

if TYPE_CHECKING:
    from relbot.app.project import Project


@click.command(name="motd", short_help="Shows what people who log in to a host should know.")
@click.argument("environment", metavar="[ENV]", required=False)
@click.option(
    "--from",
    "start",
    metavar="REV|FILE",
    help="The revision that runs. Default: as the environment reports. Or a FILE that --save wrote, for hosts without a clone.",
)
@click.option("--save", "saved_file", metavar="FILE", type=click.Path(path_type=Path), help="Write it to FILE, too, as JSON.")
@click.option("--to", "target", metavar="REV", help="The target revision. Default: that of the environment, else HEAD.")
@only_component
@remote_options
@with_project
def command(
    project: Project,
    environment: str | None,
    start: str | None,
    target: str | None,
    component: str | None,
    remote: str | None,
    offline: bool,
    saved_file: Path | None,
) -> int:
    """Shows which revision runs and what the next deploy will need, in ASCII and 78 columns, for a file in /etc/motd.d.

    Of an environment it also shows what its ledger holds: since when that runs, the open steps of a deploy under way, what
    earlier ones left for later, notices, a lock. Exit codes as of `relbot checklist`. If relbot does not know something, the text
    says so, with exit code 3; if the remote does not answer, it shows what this clone knew last. It fits one screen: of a long
    checklist it names the steps alone.

    On a host without a clone, `relbot motd --from FILE` shows what `relbot motd ENV --save FILE` wrote elsewhere, with its age:
    exit code 3 if that is more than an hour.
    """
    if start and Path(start).is_file():
        from relbot.app.deploys.saved_motd import read_saved_motd  # files cost what an answer from a clone does not need

        return _show_saved(read_saved_motd(Path(start)))
    require_revisions(start, target)
    if is_comparison(project, environment, start, target):
        assert start is not None
        motd = compare_motd(project, start, target or "HEAD", component)
    else:
        request = SessionRequest(environment, remote, offline, tuple(filter(None, (start, target))))
        motd = show_motd(project, request, ChecklistRequest(start, target, component), make_surroundings(project.git))
    text = render_motd(motd)
    code = Exit.UNKNOWN if motd.unknown else answer_exit(is_open=motd.open, unclear=motd.unclear)
    print_text(text)
    if saved_file:
        from relbot.app.deploys.saved_motd import save_motd  # the same

        save_motd(saved_file, SavedMotd(text, deploy_options.utc_now(), code))
    return code


def _show_saved(saved: SavedMotd) -> int:
    from relbot.app.deploys.saved_motd import STALE  # the same

    age = deploy_options.utc_now() - saved.time
    ahead = age < -CLOCKS_DIFFER
    said = "later than this clock says: one of the two clocks is wrong" if ahead else f"{format_span(age)} ago"
    print_line(f"As of {format_time(saved.time)}, {said}.")
    print_text(saved.text)
    return Exit.UNKNOWN if ahead or age > STALE else saved.exit_code
