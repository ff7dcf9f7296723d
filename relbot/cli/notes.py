"""`relbot notes`: the notes of a release."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from relbot.app.release_inputs import chosen_target, make_builder, read_released_tree
from relbot.cli.exits import Exit
from relbot.cli.project_options import with_project
from relbot.config.model import NOTES_FORMATS
from relbot.errors import UsageError

if TYPE_CHECKING:
    from relbot.app.project import Project


@click.command(name="notes", short_help="Prints the notes of a release.")
@click.argument("version")
@click.option("--component", metavar="NAME", help="A component that is released on its own.")
@click.option("--format", "form", type=click.Choice(NOTES_FORMATS), help="Default: that of the changelog.")
@with_project
def command(project: Project, version: str, component: str | None, form: str | None) -> int:
    """Prints the notes of VERSION as its fragments tell them now."""
    project.require_whole()
    of = chosen_target(project.config, component)
    tree = read_released_tree(project, of, version)
    builder = make_builder(project, of, tree, form)
    record = tree.releases[version].record
    if record is None:
        tip = f"Only `relbot build` writes {of.folder.of_release(version)}/release.json, which tells its date."
        raise UsageError(f"No build wrote the release {version}.", tip=tip, example=f"relbot build {version}")
    click.echo(builder.render(builder.notes(version, record.date, {}, with_unreleased=False)), nl=False)
    return Exit.FINE
