"""`relbot list`: what is not released."""

from __future__ import annotations

import sys

import click

from relbot.check import check_all
from relbot.cli.exits import Exit, show_findings
from relbot.cli.project import Project, with_project
from relbot.files.folder import list_released, read_unreleased
from relbot.finding import Level
from relbot.fragment.location import in_natural_order
from relbot.fragment.model import Compat
from relbot.render import listing


@click.command(name="list", short_help="Lists the changes that are not released.")
@click.option("--type", "kind", metavar="TYPE", help="Only those of this type.")
@click.option("--component", metavar="NAME", help="Only those of this component.")
@click.option("--breaking", is_flag=True, help="Only breaking changes.")
@click.option("--migration", is_flag=True, help="Only those for which somebody has to act.")
@click.option("--contracts", is_flag=True, help="Only those whose old way still works and has to be removed one day.")
@click.option("--format", "form", type=click.Choice(listing.FORMATS), default="text", show_default=True)
@with_project
def command(
    project: Project, kind: str | None, component: str | None, breaking: bool, migration: bool, contracts: bool, form: str
) -> int:
    """Lists the fragments in changes/ that no release has taken.

    Exit code 1 if some cannot be read: they are then named on standard error, and the list is not complete.
    """
    released = list_released(project.root, project.config.folders)
    checked = check_all(read_unreleased(project.root, project.config.folders), project.config, released)
    shown = [
        fragment
        for fragment in sorted(checked.fragments, key=lambda fragment: in_natural_order(fragment.identity))
        if (kind is None or fragment.type == kind)
        and (component is None or fragment.component == component)
        and (fragment.breaking or not breaking)
        and (fragment.migration or not migration)
        and (fragment.compat is Compat.SHIM or not contracts)
    ]
    if form == "json":
        click.echo(listing.as_json(shown), nl=False)
    elif not shown:
        click.echo("No unreleased change." if not checked.fragments else "No unreleased change fits.")
    elif sys.stdout.isatty():
        from rich.console import Console

        Console().print(listing.as_table(shown))
    else:
        click.echo(listing.as_text(shown), nl=False)
    errors = [finding for finding in checked.findings if finding.level is Level.ERROR]
    if errors:
        show_findings(errors)
    return Exit.OPEN if errors else Exit.FINE
