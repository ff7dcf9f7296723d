"""`relbot import TOOL`: takes over the notes of another tool."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from relbot.adoption.notes.registry import IMPORTED_TOOLS
from relbot.app.import_notes import ImportRequest, import_notes
from relbot.cli.exits import Exit
from relbot.cli.output import print_text
from relbot.cli.project_options import with_project
from relbot.render.import_report import render_import

if TYPE_CHECKING:
    from relbot.app.project import Project

_ABOUT = "\n\n".join(f"{tool.name}: {tool.about}." for tool in IMPORTED_TOOLS)


@click.command(
    name="import",
    short_help="Imports the notes of another tool.",
    help=f"""Makes fragments of the notes of another tool.

Writes the fragments, the configuration that they need, and below changes/released/ the releases that the tool has made, all or
none. Leaves the tool's own files as they are; a second run changes nothing. What has no place in a fragment stays in its text,
and the command lists it.

{_ABOUT}

Exit code 1 if a note cannot become a fragment, or a fragment is there and says something else.""",
)
@click.argument("tool", metavar="TOOL", type=click.Choice([tool.name for tool in IMPORTED_TOOLS]))
@click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing.")
@click.option("--all", "shows_all", is_flag=True, help="List everything that relbot cannot import.")
@with_project
def command(project: Project, tool: str, dry_run: bool, shows_all: bool) -> int:
    """Makes fragments of the notes of another tool."""
    plan = import_notes(project, ImportRequest(tool, dry_run))
    print_text(render_import(plan, is_dry=dry_run, most=None if shows_all else 20))
    return Exit.OPEN if plan.failed or plan.differing else Exit.FINE
