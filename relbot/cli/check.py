"""`relbot check`: fragments, and what a change set lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from relbot.changeset import judged
from relbot.check import check_all
from relbot.cli.exits import Exit
from relbot.cli.project import Project, with_project
from relbot.errors import Unknown, UsageError
from relbot.finding import Level
from relbot.git.base import Here, read_base, rules_at
from relbot.git.changes import index_sources, staged
from relbot.render.findings import FORMATS, render
from relbot.rules.model import Judgement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relbot.changeset import Changed
    from relbot.check import Checked
    from relbot.config.model import Config
    from relbot.finding import Finding
    from relbot.fragment.model import Fragment
    from relbot.git.base import Base


@click.command(name="check", short_help="Checks fragments, and what a change set lacks.")
@click.option("--base", metavar="REV", help="Judge what has changed since HEAD left REV; only warn about the rest.")
@click.option("--staged", "from_index", is_flag=True, help="Judge what the next commit would change (for pre-commit).")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@with_project
def command(project: Project, base: str | None, from_index: bool, form: str) -> int:
    """Checks all fragments, or those that a change set adds or edits.

    A change set is judged by the configuration of its base, or with --staged by that of HEAD: none loosens what judges it. If
    you name a file with --config, it is read there too, unless it lies outside of the repository.

    Says nothing when all is well. Exit code 1 if something has to be mended, 3 if a revision cannot be found.
    """
    if base is not None and from_index:
        raise UsageError("`--base` and `--staged` are two different questions.", tip="Use one of them.")
    judgement = Judgement()
    if base is not None:
        findings, judgement = _since(project, base)
    elif from_index:
        findings, judgement = _staged(project)
    else:
        from relbot.files.folder import read_sources

        findings = check_all(read_sources(project.root, project.config.folders), project.config).findings
    findings = (*findings, *judgement.findings)
    click.echo(render(findings, form), nl=False)
    if judgement.unknown:
        raise Unknown(judgement.unknown[0], tip="What it would have seen is unknown, so this change set is not judged.")
    return Exit.OPEN if any(finding.level is Level.ERROR for finding in findings) else Exit.FINE


def _since(project: Project, base: str) -> tuple[Sequence[Finding], Judgement]:
    with read_base(project.git, base, Here(project.config, project.named)) as state:
        checked = _checked_since(project, state)
        changed = state.look.changed
        findings = judged(checked.findings, changed, state.config)
        if _only_fragments(changed, state.config):
            return findings, Judgement()
        from relbot.adapters.ask import ask_tools
        from relbot.git.judged import judged_work_tree

        return findings, judged_work_tree(project.git, state, _of_change_set(checked.fragments, changed), ask_tools)


def _checked_since(project: Project, state: Base) -> Checked:
    """All fragments of the work tree; only those that have changed since the base where the others are known to be sound.

    git looks for what has changed meanwhile, so that is asked for late.
    """
    from relbot.files.folder import read_sources
    from relbot.git.sound import Sound

    sound = Sound(project.git, state.commit, state.config)
    if sound.known() and (checked := _checked_of_change_set(project, state)):
        return checked
    checked = check_all(read_sources(project.root, state.config.folders), state.config)
    changed = state.look.changed
    paths = {change.path for change in changed if change.status != "D"}
    if not _deletes(changed) and all(finding.place.path in paths for finding in checked.findings):
        sound.remember()
    return checked


def _checked_of_change_set(project: Project, state: Base) -> Checked | None:
    """The fragments that have changed since the base, the others being sound. None if it takes all of them to judge these."""
    from relbot.files.folder import list_paths, read_files

    there = list_paths(project.root, state.config.folders)
    changed = state.look.changed
    if _deletes(changed):
        return None
    paths = {change.path for change in changed}
    others = [path for path in there if path not in paths]
    checked = check_all(read_files(project.root, [path for path in there if path in paths]), state.config, others)
    return None if any(fragment.needs for fragment in checked.fragments) else checked  # a cycle may lead through the others


def _deletes(changed: Sequence[Changed]) -> bool:
    return any(change.status == "D" and change.path.endswith(".md") for change in changed)


def _staged(project: Project) -> tuple[Sequence[Finding], Judgement]:
    config = rules_at(project.git, "HEAD", Here(project.config, project.named))
    checked = check_all(index_sources(project.git, [folder.path for folder in config.folders]), config)
    changed = staged(project.git)
    findings = judged(checked.findings, changed, config)
    if _only_fragments(changed, config):
        return findings, Judgement()
    from relbot.adapters.ask import ask_tools
    from relbot.git.judged import judged_index

    return findings, judged_index(project.git, config, _of_change_set(checked.fragments, changed), ask_tools)


def _only_fragments(changed: Sequence[Changed], config: Config) -> bool:
    folders = tuple(f"{folder.path}/" for folder in config.folders)
    return all(change.path.startswith(folders) for change in changed)


def _of_change_set(fragments: Sequence[Fragment], changed: Sequence[Changed]) -> list[Fragment]:
    """The unreleased fragments that a change set adds or edits: a release that moves some answers nothing."""
    paths = {change.path for change in changed if change.status != "D"}
    return [fragment for fragment in fragments if fragment.path in paths and fragment.version is None]
