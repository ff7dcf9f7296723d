"""`relbot detect`: what the diff between two revisions shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from relbot.cli.exits import Exit
from relbot.cli.output import print_rendered
from relbot.cli.project_options import with_project
from relbot.render.detected.formats import DETECTED_FORMATS

if TYPE_CHECKING:
    from relbot.app.project import Project


@click.command(name="detect", short_help="Shows what a diff requires of operators.")
@click.argument("base")
@click.argument("head", default="HEAD")
@click.option("--format", "form", type=click.Choice(DETECTED_FORMATS.names), default="text", show_default=True)
@with_project
def command(project: Project, base: str, head: str, form: str) -> int:
    """Shows what changed from where HEAD left BASE up to HEAD, and whether that needs a note, by the rules of BASE.

    Every fact is shown, with its level and why it has it. Fragments do not count here; `relbot check --base` goes by them. Exit
    code 0 whatever is found, 3 if something could not be looked at.
    """
    from relbot.app.detect_facts import detect_facts

    detected = detect_facts(project.git, base, head)
    print_rendered(DETECTED_FORMATS.render(detected, form))
    return Exit.UNKNOWN if detected.evaluation.unknown else Exit.FINE
