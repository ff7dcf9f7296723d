"""Sets a repository up: configuration, the folder of the fragments, workflows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.app.apply_operations import create_project_files
from relbot.app.scaffold import scaffold_files
from relbot.errors import UsageError
from relbot.git.tags import list_tags
from relbot.release.operations import Write
from relbot.release.repository_facts import CHANGELOGS, OTHER_TOOLS, PRESETS, RepositoryFacts, propose_config
from relbot.release.results import InitResult

if TYPE_CHECKING:
    from relbot.app.project import Project


def init_project(project: Project) -> InitResult:
    """Writes the files of a set-up repository, each only where there is none.

    The configuration has what differs from the defaults, as tags, changelog and files of the repository tell. None is written
    where one holds already. UsageError outside of git; CannotWrite if a file is refused; those before it stay.
    """
    if not project.in_git:
        what = f"{project.root} is not in a git repository, and relbot reads changes from git."
        raise UsageError(what, tip="Make it one, or go into one:", example="git init")
    proposal = propose_config(_read_facts(project), project.config)
    wanted = scaffold_files(project.config, proposal.lines)
    if project.config_path is not None:
        wanted.pop("relbot.toml", None)
    there = [path for path in wanted if (project.root / path).exists() or (project.root / path).is_symlink()]
    writes = tuple(Write(path, None, text.encode("utf-8")) for path, text in wanted.items() if path not in there)
    if writes:
        create_project_files(project, writes)
    return InitResult(tuple(write.path for write in writes), tuple(there), proposal.found)


def _read_facts(project: Project) -> RepositoryFacts:
    """Which of the telling files are there, by their exact names, and the tags."""
    telling = {*CHANGELOGS, *PRESETS, *OTHER_TOOLS}
    names = {folder: _names_in(project, folder) for folder in {path.rpartition("/")[0] for path in telling}}
    paths = {path for path in telling if path.rpartition("/")[2] in names[path.rpartition("/")[0]]}
    return RepositoryFacts(paths, list_tags(project.git))


def _names_in(project: Project, folder: str) -> frozenset[str]:
    try:
        return frozenset(entry.name for entry in (project.root / folder).iterdir())
    except OSError:
        return frozenset()  # not there, or not to be read: then it tells nothing
