"""`relbot notes`: the notes of a release."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from relbot.app.release_notes import read_notes
from relbot.cli.exits import Exit
from relbot.cli.output import print_text
from relbot.cli.project_options import with_project
from relbot.config.model import NOTES_FORMATS
from relbot.fragment.model import NOTES_READERS, NotesAudience

if TYPE_CHECKING:
    from relbot.app.project import Project


@click.command(name="notes", short_help="Prints the notes of a release.")
@click.argument("version")
@click.option("--component", metavar="NAME", help="A component with its own releases.")
@click.option("--format", "form", type=click.Choice(NOTES_FORMATS), help="Default: that of the changelog.")
@click.option("--audience", type=click.Choice(NOTES_READERS), help="Who reads them. Default: `audience` of the configuration.")
@with_project
def command(project: Project, version: str, component: str | None, form: str | None, audience: str | None) -> int:
    """Prints the notes of VERSION as its fragments tell them now."""
    print_text(read_notes(project, version, component, form, NotesAudience(audience) if audience else None).text)
    return Exit.FINE
