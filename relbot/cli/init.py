"""`relbot init`: sets a repository up, and overwrites nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from relbot.app.apply_operations import carry_out_writes
from relbot.app.scaffold import scaffold_files
from relbot.cli.exits import Exit
from relbot.cli.project_options import with_project
from relbot.release.operations import Write

if TYPE_CHECKING:
    from relbot.app.project import Project


@click.command(name="init", short_help="Sets up a repository: configuration, changes/, a workflow.")
@with_project
def command(project: Project) -> int:
    """Writes relbot.toml, changes/README.md and a GitHub workflow, each only where there is none."""
    wanted = scaffold_files(project.config)
    if project.config_path is not None:
        wanted.pop("relbot.toml", None)
    there = [path for path in wanted if (project.root / path).exists() or (project.root / path).is_symlink()]
    writes = tuple(Write(path, None, text.encode("utf-8")) for path, text in wanted.items() if path not in there)
    if writes:
        carry_out_writes(project, "init", writes)
    for path in wanted:
        click.echo(f"{'kept   ' if path in there else 'written'}  {path}")
    click.echo('\nNext: relbot new --type fixed --message "What changes, in a sentence."')
    return Exit.FINE
