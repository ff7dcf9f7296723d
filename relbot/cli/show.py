"""`relbot show`: one fragment, where it was released and where it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from relbot.app.availability import find_deployments
from relbot.cli.exits import Exit, show_findings
from relbot.cli.project_options import with_project
from relbot.errors import UsageError
from relbot.files.folder import read_sources
from relbot.render import fragment_list
from relbot.render.common.invisible_characters import one_line
from relbot.review.check import check_fragments
from relbot.schema.faults import nearest_word

if TYPE_CHECKING:
    from relbot.app.project import Project


@click.command(name="show", short_help="Shows one fragment, where it was released and where it runs.")
@click.argument("identity")
@click.option("--format", "form", type=click.Choice(fragment_list.LIST_FORMATS), default="text", show_default=True)
@with_project
def command(project: Project, identity: str, form: str) -> int:
    """Shows the fragment IDENTITY (its file's name without `.md`): what it says, which release has it, and where it runs.

    Every environment of the configuration is asked. Exit code 3 if one of them does not tell: then so does the text.
    """
    project.require_whole()
    identity = identity.rpartition("/")[2].removesuffix(".md")
    checked = check_fragments(read_sources(project.root, project.config.folders), project.config)
    found = next((fragment for fragment in checked.fragments if fragment.identity == identity), None)
    if found is None:
        faults = [finding for finding in checked.findings if finding.place.path.endswith(f"/{identity}.md")]
        if faults:
            show_findings(faults)
            return Exit.OPEN
        near = nearest_word(identity, [fragment.identity for fragment in checked.fragments])
        tip = f"Did you mean `{near}`?" if near else "To see which there are: relbot list"
        raise UsageError(f"There is no fragment `{identity}`.", tip=tip)
    where = find_deployments(project, found)
    if form == "json":
        click.echo(fragment_list.list_json([found], runs=where), nl=False)
    else:
        told = [("released", found.version or "not yet"), *((f"in {each.environment}", str(each)) for each in where)]
        click.echo(fragment_list.fragment_text(found, [f"{name + ':':15}{one_line(text)}" for name, text in told]), nl=False)
    return Exit.UNKNOWN if any(each.problem for each in where) else Exit.FINE
