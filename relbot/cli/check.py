"""`relbot check`: fragments, and what a change set lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from relbot.changeset import judged
from relbot.check import check_all
from relbot.cli.exits import Exit
from relbot.cli.project import Project, with_project
from relbot.errors import UsageError
from relbot.finding import Level
from relbot.git.base import read_base
from relbot.git.changes import index_sources, staged
from relbot.render.findings import FORMATS, render

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relbot.finding import Finding


@click.command(name="check", short_help="Checks fragments, and what a change set lacks.")
@click.option("--base", metavar="REV", help="Judge what has changed since HEAD left REV; only warn about the rest.")
@click.option("--staged", "from_index", is_flag=True, help="Judge what the next commit would change (for pre-commit).")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@with_project
def command(project: Project, base: str | None, from_index: bool, form: str) -> int:
    """Checks all fragments, or those that a change set adds or edits.

    Says nothing when all is well. Exit code 1 if something has to be mended, 3 if a revision cannot be found.
    """
    if base is not None and from_index:
        raise UsageError("`--base` and `--staged` are two different questions.", tip="Use one of them.")
    if base is not None:
        findings = _since(project, base)
    elif from_index:
        findings = _staged(project)
    else:
        from relbot.files.folder import read_sources

        findings = check_all(read_sources(project.root, project.config.folders), project.config).findings
    click.echo(render(findings, form), nl=False)
    return Exit.OPEN if any(finding.level is Level.ERROR for finding in findings) else Exit.FINE


def _since(project: Project, base: str) -> Sequence[Finding]:
    from relbot.files.folder import read_sources

    state = read_base(project.git, base, project.config)
    checked = check_all(read_sources(project.root, state.config.folders), state.config)
    return judged(checked.findings, state.changed, state.config)


def _staged(project: Project) -> Sequence[Finding]:
    folders = [folder.path for folder in project.config.folders]
    checked = check_all(index_sources(project.git, folders), project.config)
    return judged(checked.findings, staged(project.git), project.config)
