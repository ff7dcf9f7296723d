"""The names that a command may be given, for the completion of shells. Nothing here asks a remote, a source or a server."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relbot.app.project import Project
    from relbot.detect.engine.facts import Fact
    from relbot.ledger.store import Surroundings


def list_environment_names(project: Project) -> list[str]:
    """The names of the configured environments."""
    return [environment.name for environment in project.config.environments]


def list_service_names(project: Project) -> list[str]:
    """The names of the configured services."""
    return [service.name for service in project.config.services]


def list_fragment_names(project: Project) -> list[str]:
    """The identities of all fragments of the work tree: unreleased ones first. Unknown if a folder cannot be listed."""
    from relbot.files.folder import list_paths, list_released  # few commands take fragments
    from relbot.fragment.location import is_readme

    released = list_released(project.root, project.config.folders)
    unreleased = sorted(set(list_paths(project.root, project.config.folders)) - set(released))
    names = (path.rpartition("/")[2] for path in (*unreleased, *released))
    return _unique(name.removesuffix(".md") for name in names if name.endswith(".md") and not is_readme(name))


def list_rule_names() -> list[str]:
    """The ids of all rules, detectors and facts. Loads what the facts declare, and no detector."""
    from relbot.detect.engine.registry import DETECTOR_IDS  # few commands take rules
    from relbot.review.rulebook import RULES

    facts = (f"{name}/{fact.id}" for name in DETECTOR_IDS for fact in _list_facts(name))
    return [*RULES, *DETECTOR_IDS, *facts]


def list_version_names(project: Project) -> list[str]:
    """The versions of all releases: those with a tag, and those with a folder. GitFailed without a repository."""
    from relbot.app.tagged_releases import list_tagged  # few commands take versions

    config = project.config
    folders = (project.root / folder.path / "released" for folder in config.folders)
    built = (each.name for folder in folders if folder.is_dir() for each in folder.iterdir() if each.is_dir())
    parts = [(config.tag, None), *((part.tag.replace("{component}", part.name), part.name) for part in config.components)]
    tagged = (each.version for pattern, name in parts for each in list_tagged(project.git, config, pattern, name))
    return _unique((*tagged, *built))


def list_revision_names(project: Project) -> list[str]:
    """The names of tags and branches, those of remotes as this clone knows them. GitFailed without a repository."""
    listed = project.git.text("for-each-ref", "--format=%(refname:short)", "refs/tags", "refs/heads", "refs/remotes")
    return ["HEAD", *listed.splitlines()]


def list_step_names(project: Project, environment: str | None, around: Surroundings) -> list[str]:
    """The ids of the steps of the deploy under way, and of those that were left for later, by what this clone has.

    UsageError if there is no such environment, or if its ledger is on GitHub, which would have to be asked.
    """
    from relbot.app.deploys.environment_state import deploy_progress  # few commands take steps
    from relbot.app.deploys.session import SessionRequest, open_session

    session = open_session(project, SessionRequest(environment, offline=True), around)
    now = session.state()
    progress = deploy_progress(project, session.environment, now, now.deploy) if now.deploy else None
    steps = [status.step.id for status in progress.statuses] if progress else []
    return _unique((*steps, *now.deferred))


def _list_facts(detector: str) -> tuple[Fact, ...]:
    found: tuple[Fact, ...] = import_module(f"relbot.detect.{detector.replace('-', '_')}.facts").FACTS
    return found


def _unique(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))
