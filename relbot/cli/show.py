"""`relbot show`: one fragment, where it was released and where it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from relbot.app.show_fragment import show_fragment
from relbot.cli.deploy.options import make_surroundings
from relbot.cli.exits import Exit
from relbot.cli.output import print_rendered
from relbot.cli.project_options import with_project
from relbot.render.fragment_list import SHOW_FORMATS

if TYPE_CHECKING:
    from relbot.app.project import Project


@click.command(name="show", short_help="Shows one fragment, where it was released and where it runs.")
@click.argument("identity")
@click.option("--format", "form", type=click.Choice(SHOW_FORMATS.names), default="text", show_default=True)
@with_project
def command(project: Project, identity: str, form: str) -> int:
    """Shows the fragment IDENTITY (its file's name without `.md`): what it says, which release has it, and where it runs.

    Every environment of the configuration is asked. Exit code 3 if one of them does not tell: then so does the text.
    """
    found = show_fragment(project, identity, make_surroundings(project.git))
    print_rendered(SHOW_FORMATS.render(found, form))
    return Exit.FINE if found.certain else Exit.UNKNOWN
