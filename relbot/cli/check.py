"""`relbot check`: fragments, and what a change set lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from relbot.app.check_since_base import since
from relbot.cli.exits import Exit
from relbot.cli.project_options import with_project
from relbot.errors import Unknown, UsageError
from relbot.finding import Level
from relbot.git.changes import list_staged_paths, read_index_sources
from relbot.git.policy_source import WorkTreeConfig, read_policy
from relbot.render.findings import FINDINGS_FORMATS, render_findings
from relbot.review.changed_paths import of_change_set, only_fragments, weigh_findings
from relbot.review.check import check_fragments, find_faults
from relbot.review.rules.model import Evaluation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relbot.app.project import Project
    from relbot.finding import Finding


@click.command(name="check", short_help="Checks fragments, and what a change set lacks.")
@click.option("--base", metavar="REV", help="Judge what has changed since HEAD left REV; only warn about the rest.")
@click.option("--staged", "from_index", is_flag=True, help="Judge what the next commit would change (for pre-commit).")
@click.option("--format", "form", type=click.Choice(FINDINGS_FORMATS), default="text", show_default=True)
@with_project
def command(project: Project, base: str | None, from_index: bool, form: str) -> int:
    """Checks all fragments, or those that a change set adds or edits.

    A change set is judged by the configuration of its base, or with --staged by that of HEAD: none loosens what judges it. If
    you name a file with --config, it is read there too, unless it lies outside of the repository.

    Says nothing when all is well. Exit code 1 if something has to be mended, 3 if a revision cannot be found.
    """
    if base is not None and from_index:
        raise UsageError("`--base` and `--staged` are two different questions.", tip="Use one of them.")
    judgement = Evaluation()
    if not from_index:
        project.require_whole()
    if base is not None:
        findings, judgement = since(project, base)
    elif from_index:
        findings, judgement = _staged(project)
    else:
        from relbot.files.folder import read_sources

        findings = find_faults(read_sources(project.root, project.config.folders), project.config)
    findings = (*findings, *judgement.findings)
    click.echo(render_findings(findings, form), nl=False)
    if judgement.unknown:
        raise Unknown(judgement.unknown[0], tip="What it would have seen is unknown, so this change set is not judged.")
    return Exit.OPEN if any(finding.level is Level.ERROR for finding in findings) else Exit.FINE


def _staged(project: Project) -> tuple[Sequence[Finding], Evaluation]:
    config = read_policy(project.git, "HEAD", WorkTreeConfig(project.config, project.named))
    checked = check_fragments(read_index_sources(project.git, [folder.path for folder in config.folders]), config)
    changed = list_staged_paths(project.git)
    findings = weigh_findings(checked.findings, changed, config)
    if only_fragments(changed, config):
        return findings, Evaluation()
    from relbot.app.evaluate_work_tree import judged_index
    from relbot.tools.ask import ask_tools

    return findings, judged_index(project.git, config, of_change_set(checked.fragments, changed), ask_tools)
