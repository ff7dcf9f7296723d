"""`relbot show`: one fragment, and where it was released."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from relbot.check import check_all
from relbot.cli.exits import Exit, show_findings
from relbot.cli.project import Project, with_project
from relbot.errors import UsageError
from relbot.files.folder import read_sources
from relbot.render import listing
from relbot.schema.faults import nearest

if TYPE_CHECKING:
    from relbot.fragment.model import Fragment


@click.command(name="show", short_help="Shows one fragment and where it was released.")
@click.argument("identity")
@click.option("--format", "form", type=click.Choice(listing.FORMATS), default="text", show_default=True)
@with_project
def command(project: Project, identity: str, form: str) -> int:
    """Shows the fragment IDENTITY (its file's name without `.md`): what it says, and which release has it."""
    identity = identity.rpartition("/")[2].removesuffix(".md")
    checked = check_all(read_sources(project.root, project.config.folders), project.config)
    found = next((fragment for fragment in checked.fragments if fragment.identity == identity), None)
    if found is None:
        faults = [finding for finding in checked.findings if finding.place.path.endswith(f"/{identity}.md")]
        if faults:
            show_findings(faults)
            return Exit.OPEN
        near = nearest(identity, [fragment.identity for fragment in checked.fragments])
        tip = f"Did you mean `{near}`?" if near else "To see which there are: relbot list"
        raise UsageError(f"There is no fragment `{identity}`.", tip=tip)
    if form == "json":
        click.echo(listing.as_json([found]), nl=False)
    else:
        click.echo(listing.in_full(found, [_where(found)]), nl=False)
    return Exit.FINE


def _where(fragment: Fragment) -> str:
    return f"{'released:':15}{fragment.version or 'not yet'}"
