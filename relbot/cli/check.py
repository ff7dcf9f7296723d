"""`relbot check`: fragments, and what a change set lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from relbot.cli.exits import Exit
from relbot.cli.output import is_verbose, print_notice, print_rendered
from relbot.cli.project_options import with_project
from relbot.errors import Unknown, UsageError
from relbot.finding import Level
from relbot.render.findings.formats import FINDINGS_FORMATS
from relbot.review.reviewed import CheckReport

if TYPE_CHECKING:
    from relbot.app.project import Project


@click.command(name="check", short_help="Checks fragments, and whether a change set needs one.")
@click.option("--base", metavar="REV", help="Check what changed since HEAD left REV.")
@click.option("--staged", "from_index", is_flag=True, help="Check what the next commit would change (for pre-commit).")
@click.option("--fix", is_flag=True, help="With --base: write the missing fragment, filled in from the diff.")
@click.option("--format", "form", type=click.Choice(FINDINGS_FORMATS.names), default="text", show_default=True)
@with_project
def command(project: Project, base: str | None, from_index: bool, fix: bool, form: str) -> int:
    """Checks all fragments and the changelog; with --base or --staged, one change set.

    A change set is checked by the rules of its base, or with --staged by those of HEAD, so it cannot loosen them. The command
    then asks for a fragment if the diff needs one, checks the fragments that the change set adds or edits, and reports what it
    does to other fragments. If you name a file with --config, relbot reads that file in the base, unless it lies outside of the
    repository.

    Prints nothing if nothing is wrong. Exit code 1 for a finding of level error, 3 if a revision cannot be found.

    With --fix the command writes the fragment that the change set lacks. You fill in the lines that begin with "FILL IN": until
    then they are errors.
    """
    if base is not None and from_index:
        raise UsageError("`--base` and `--staged` exclude each other.", tip="Use one of them.")
    if fix and base is None:
        tip = "Name the base of the comparison:"
        raise UsageError("`--fix` needs `--base`.", tip=tip, example="relbot check --base origin/main --fix")
    if not from_index:
        project.require_whole()
    if base is None and not from_index:
        from relbot.app.check_changelogs import check_changelogs
        from relbot.app.check_fragment_files import check_fragment_files

        found = (*check_fragment_files(project.root, project.config), *check_changelogs(project))
        report = CheckReport(tuple(found))
    else:
        from relbot.app.check_change_set import CheckRequest, check_change_set
        from relbot.app.review_change_set import NextCommit, SinceRevision

        source = NextCommit() if base is None else SinceRevision(base)
        report = check_change_set(project, CheckRequest(source, fix))
    if report.reviewed is not None and is_verbose():
        from relbot.render.findings.account import render_account  # few ask why

        print_notice(render_account(report.reviewed))
    print_rendered(FINDINGS_FORMATS.render(report, form))
    if report.proposal:
        _tell_proposal(report.proposal.path, base, is_written=report.written)
    if any(finding.level is Level.ERROR for finding in report.findings):
        for sentence in report.unknown:
            print_notice(f"Unknown: {sentence}")
        return Exit.OPEN
    if report.unknown:
        raise Unknown(report.unknown[0], tip="`relbot detect` lists all facts. Check the unknown parts yourself.")
    return Exit.FINE


def _tell_proposal(path: str, base: str | None, *, is_written: bool) -> None:
    if is_written:
        print_notice(f"Written: {path}. Fill in the lines that begin with `FILL IN`, and add it to your change.")
    elif base is not None:
        print_notice(f"To write the fragment that is missing, {path}:\n    relbot check --base {base} --fix")
