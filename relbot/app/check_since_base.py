"""What `relbot check --base` finds: in the fragments of a change set, in those it leaves alone, and in what it lacks."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from relbot.git.policy_source import WorkTreeConfig, read_base
from relbot.review.changed_paths import is_of_fragments, of_change_set, only_fragments, weigh_findings
from relbot.review.check import check_fragments, find_faults, judged_by
from relbot.review.rules.model import Evaluation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relbot.app.project import Project
    from relbot.config.model import Config
    from relbot.finding import Finding
    from relbot.git.policy_source import PolicyBase
    from relbot.git.work_tree import WorkTreeDiff
    from relbot.review.changed_paths import ChangedPath


def since(project: Project, revision: str) -> tuple[Sequence[Finding], Evaluation]:
    """The findings of all fragments as they concern the change set, and what the rules say of it.

    Whether there is any fault in ten thousand fragments takes as long to find out as all the rest. So it is remembered of the
    base's, and where it is not, as in every new clone of CI, a second process finds out meanwhile.
    """
    from relbot.detect.engine.registry import load_detectors
    from relbot.files.meanwhile import Meanwhile
    from relbot.git.sound import Sound
    from relbot.git.work_tree import WorkTreeDiff

    with ExitStack() as ending:
        faulty = ending.enter_context(Meanwhile(lambda: _faulty(project)))
        base = read_base(project.git, revision, WorkTreeConfig(project.config, project.named))
        sound = Sound(project.git, base.commit, base.config)
        known = sound.known()
        if known:
            faulty.end()
        look = ending.enter_context(WorkTreeDiff(project.git, base.commit, base.config.folders))
        load_detectors()  # git takes as long to look
        changed = look.changed
        judgement = _judgement(project, base, look)
        found = faulty.found() if judged_by(base.config) == judged_by(project.config) else None
    if known:
        findings = _findings_alone(project, base.config, changed)
    elif found is None or not found <= {change.path for change in changed}:
        findings = _findings(project, base.config)
    else:
        if _leaves_alone(changed, base.config):
            sound.remember()
        findings = _findings_alone(project, base.config, changed) if found else ()
    return weigh_findings(findings, changed, base.config), judgement


def _findings(project: Project, config: Config) -> Sequence[Finding]:
    """Everything that is wrong with fragments."""
    from relbot.files.folder import read_sources

    return find_faults(read_sources(project.root, config.folders), config)


def _faulty(project: Project) -> list[str]:
    """Where something is wrong, if the base is configured as the work tree is: which it is nearly always."""
    return [finding.place.path for finding in _findings(project, project.config)]


def _findings_alone(project: Project, config: Config, changed: Sequence[ChangedPath]) -> Sequence[Finding]:
    """Everything that is wrong with fragments if those that a change set leaves alone are sound by themselves."""
    from relbot.files.folder import list_paths, read_files

    there = list_paths(project.root, config.folders)
    paths = {change.path for change in changed}
    own = [path for path in there if path in paths]
    checked = check_fragments(read_files(project.root, own), config, [path for path in there if path not in paths])
    gone = any(change.status == "D" and is_of_fragments(change, config) for change in changed)
    if gone or any(fragment.needs for fragment in checked.fragments):
        return _findings(project, config)  # some may need what is gone, or each other in a circle
    return checked.findings


def _leaves_alone(changed: Sequence[ChangedPath], config: Config) -> bool:
    """Whether what the base has of fragments is there as it was: what is said of those that are there is then said of them."""
    return not any(change.status != "A" and is_of_fragments(change, config) for change in changed)


def _judgement(project: Project, base: PolicyBase, look: WorkTreeDiff) -> Evaluation:
    changed = look.changed
    if only_fragments(changed, base.config):
        return Evaluation()
    from relbot.app.evaluate_work_tree import judged_work_tree
    from relbot.files.folder import read_files
    from relbot.tools.ask import ask_tools

    own = [change.path for change in changed if is_of_fragments(change, base.config)]
    fragments = check_fragments(read_files(project.root, own), base.config).fragments
    return judged_work_tree(project.git, base, look, of_change_set(fragments, changed), ask_tools)
