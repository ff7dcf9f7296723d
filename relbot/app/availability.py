"""Finds out since when changes are there, and where they run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.app.deploys.running import running_commit
from relbot.errors import Unknown
from relbot.git.first_parent_walk import FirstParentWalk, commit_days
from relbot.git.trees import list_stems
from relbot.release.availability import ArrivedIn, DeployedIn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relbot.app.project import Project
    from relbot.config.model import Environment
    from relbot.fragment.model import Fragment
    from relbot.ledger.store import Surroundings


def find_arrivals(project: Project, fragments: Sequence[Fragment]) -> dict[str, ArrivedIn]:
    """Since when each fragment of the work tree is there, by identity. Unknown if git cannot tell."""
    commit = project.git.find("rev-parse", "--verify", "--quiet", "HEAD") if project.in_git else None
    if commit is None or not fragments:
        return {fragment.identity: ArrivedIn(fragment.version) for fragment in fragments}
    folders = project.config.folders
    committed = list_stems(project.git, commit, folders) & {fragment.identity for fragment in fragments}
    found = FirstParentWalk(project.git, commit, folders).arrivals(frozenset(), certain=committed)
    day = commit_days(project.git, {arrival.commit for arrival in found.values()})
    told = {}
    for fragment in fragments:
        arrival = found.get(fragment.identity)
        by = (arrival.commit, day[arrival.commit]) if arrival else ("", "")
        told[fragment.identity] = ArrivedIn(fragment.version, *by, hidden=not arrival and fragment.identity in committed)
    return told


def find_deployments(project: Project, fragment: Fragment, around: Surroundings) -> list[DeployedIn]:
    """Whether a change runs, for each environment of the configuration. What cannot be learned is told as such."""
    return [_find_deployment(project, fragment, environment, around) for environment in project.config.environments]


def _find_deployment(project: Project, fragment: Fragment, environment: Environment, around: Surroundings) -> DeployedIn:
    part = environment.component
    if part and not fragment.concerns(part):
        return DeployedIn(environment.name, None, component=part)
    try:
        commit = running_commit(project, environment.name, around)
        there = fragment.identity in list_stems(project.git, commit, project.config.folders)
    except Unknown as error:
        return DeployedIn(environment.name, None, problem=error.what)
    return DeployedIn(environment.name, there, commit)
