"""`relbot init`: sets a repository up, and overwrites nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from relbot.app.init_project import init_project
from relbot.cli.exits import Exit
from relbot.cli.output import print_line
from relbot.cli.project_options import with_project

if TYPE_CHECKING:
    from relbot.app.project import Project


@click.command(name="init", short_help="Sets up a repository: configuration, changes/, a workflow.")
@with_project
def command(project: Project) -> int:
    """Writes relbot.toml, changes/README.md and GitHub workflows, each only where there is none.

    Reads the tags, the changelog and the files of the repository: relbot.toml has what differs from the defaults.
    """
    done = init_project(project)
    for word, paths in (("kept   ", done.kept), ("written", done.written)):
        for path in paths:
            print_line(f"{word}  {path}")
    for sentence in done.found:
        print_line(f"found    {sentence}")
    kind = "fixed" if "fixed" in project.config.type_names else project.config.type_names[0]
    print_line(f'\nNext: relbot new first-note --type {kind} --message "What changes, in a sentence."')
    return Exit.FINE
