"""`relbot list`: what is not released, and which old ways still work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from relbot.app.list_fragments import ListRequest, list_fragments
from relbot.cli.exits import Exit, show_findings
from relbot.cli.output import print_line, print_rendered, print_screen, screen_columns, wants_screen
from relbot.cli.project_options import with_project
from relbot.errors import Unknown
from relbot.fragment.model import NOTES_READERS, NotesAudience
from relbot.render.fragment_list import LIST_FORMATS, list_table

if TYPE_CHECKING:
    from relbot.app.project import Project
    from relbot.release.results import Listing

_TABLE_COLUMNS = 72
"""A narrower table would break words."""


@click.command(name="list", short_help="Lists the unreleased changes.")
@click.option("--type", "kind", metavar="TYPE", help="Only those of this type.")
@click.option("--component", metavar="NAME", help="Only those of this component.")
@click.option("--breaking", is_flag=True, help="Only breaking changes.")
@click.option("--migration", is_flag=True, help="Only those that need action.")
@click.option(
    "--audience",
    type=click.Choice(NOTES_READERS),
    help="Only those that the notes for these readers show.",
)
@click.option("--contracts", is_flag=True, help="Changes with compatibility code, released or not, and since when.")
@click.option("--format", "form", type=click.Choice(LIST_FORMATS.names), default="text", show_default=True)
@with_project
def command(
    project: Project,
    kind: str | None,
    component: str | None,
    breaking: bool,
    migration: bool,
    audience: str | None,
    contracts: bool,
    form: str,
) -> int:
    """Lists the fragments in changes/ that no release has taken.

    With --contracts: the fragments with `compat: shim`, of releases too, whose old way no later change takes away
    (one that `needs` them). Exit code 1 if some cannot be read: they are then named on standard error, and the list is not
    complete; 3 if relbot does not know since when.
    """
    readers = NotesAudience(audience) if audience else None
    found = list_fragments(project, ListRequest(kind, component, breaking, migration, contracts, readers))
    if found.fragments or form == "json":
        _show_listing(found, form)
    elif contracts:
        print_line("No compatibility code is left to remove." if not found.total else "No compatibility code matches.")
    else:
        print_line("No unreleased change." if not found.total else "No unreleased change matches.")
    if found.errors:
        show_findings(found.errors)
        return Exit.OPEN
    if found.hidden:
        what = f"This clone is shallow, so relbot does not know when these arrived: {', '.join(found.hidden)}."
        raise Unknown(what, tip="Fetch the rest of the history:", example="git fetch --unshallow")
    return Exit.FINE


def _show_listing(found: Listing, form: str) -> None:
    if form == "text" and wants_screen() and screen_columns() >= _TABLE_COLUMNS:
        print_screen(list_table(found))
    else:
        print_rendered(LIST_FORMATS.render(found, form))
