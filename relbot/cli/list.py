"""`relbot list`: what is not released, and which old ways still work."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from relbot.app.lookup import known_component, known_type
from relbot.cli.exits import Exit, show_findings
from relbot.cli.project_options import with_project
from relbot.errors import Unknown
from relbot.files.folder import list_released, read_sources, read_unreleased
from relbot.finding import Level
from relbot.fragment.location import in_natural_order
from relbot.render import fragment_list
from relbot.review.check import check_fragments

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relbot.app.project import Project
    from relbot.fragment.model import Fragment
    from relbot.render.availability import ArrivedIn
    from relbot.review.check import CheckedFragments


@click.command(name="list", short_help="Lists the changes that are not released.")
@click.option("--type", "kind", metavar="TYPE", help="Only those of this type.")
@click.option("--component", metavar="NAME", help="Only those of this component.")
@click.option("--breaking", is_flag=True, help="Only breaking changes.")
@click.option("--migration", is_flag=True, help="Only those for which somebody has to act.")
@click.option("--contracts", is_flag=True, help="Released or not: those whose old way still works, and since when.")
@click.option("--format", "form", type=click.Choice(fragment_list.LIST_FORMATS), default="text", show_default=True)
@with_project
def command(
    project: Project, kind: str | None, component: str | None, breaking: bool, migration: bool, contracts: bool, form: str
) -> int:
    """Lists the fragments in changes/ that no release has taken.

    With --contracts: the fragments with `compat: shim`, of releases too, whose old way no later change takes away
    (one that `needs` them). Exit code 1 if some cannot be read: they are then named on standard error, and the list is not
    complete; 3 if it is not known since when.
    """
    known_type(project.config, kind)
    known_component(project.config, component)
    project.require_whole()
    checked, pool = _with_open_contracts(project) if contracts else _check_unreleased(project)
    shown = [
        fragment
        for fragment in sorted(pool, key=lambda fragment: in_natural_order(fragment.identity))
        if (kind is None or fragment.type == kind)
        and (component is None or fragment.component == component)
        and (fragment.breaking or not breaking)
        and (fragment.migration or not migration)
    ]
    times: dict[str, ArrivedIn] = {}
    if contracts:
        from relbot.app.availability import find_arrivals

        times = find_arrivals(project, shown)
    if shown or form == "json":
        _show_listing(shown, times, form)
    elif contracts:
        click.echo("No old way has to be removed." if not pool else "None of these old ways fits.")
    else:
        click.echo("No unreleased change." if not pool else "No unreleased change fits.")
    errors = [finding for finding in checked.findings if finding.level is Level.ERROR]
    if errors:
        show_findings(errors)
        return Exit.OPEN
    _all_known(times)
    return Exit.FINE


def _check_unreleased(project: Project) -> tuple[CheckedFragments, Sequence[Fragment]]:
    released = list_released(project.root, project.config.folders)
    checked = check_fragments(read_unreleased(project.root, project.config.folders), project.config, released)
    return checked, checked.fragments


def _with_open_contracts(project: Project) -> tuple[CheckedFragments, Sequence[Fragment]]:
    from relbot.deploy.plan.holds import open_contracts

    checked = check_fragments(read_sources(project.root, project.config.folders), project.config)
    return checked, open_contracts(checked.fragments)


def _show_listing(shown: Sequence[Fragment], times: dict[str, ArrivedIn], form: str) -> None:
    if form == "json":
        click.echo(fragment_list.list_json(shown, times), nl=False)
    elif sys.stdout.isatty():
        from rich.console import Console

        Console().print(fragment_list.list_table(shown, times))
    else:
        click.echo(fragment_list.list_text(shown, times), nl=False)


def _all_known(times: dict[str, ArrivedIn]) -> None:
    """Unknown if history that this clone lacks would tell since when something is there."""
    hidden = [identity for identity, since in times.items() if since.hidden]
    if hidden:
        what = f"This clone is shallow: it does not tell since when these are there: {', '.join(hidden)}."
        raise Unknown(what, tip="Fetch the rest of the history:", example="git fetch --unshallow")
