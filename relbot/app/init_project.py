"""Sets a repository up: configuration, the folder of the fragments, a workflow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.app.apply_operations import create_project_files
from relbot.app.scaffold import scaffold_files
from relbot.release.operations import Write
from relbot.release.results import InitResult

if TYPE_CHECKING:
    from relbot.app.project import Project


def init_project(project: Project) -> InitResult:
    """Writes the files of a set-up repository, each only where there is none.

    No relbot.toml is written where a configuration holds already. CannotWrite if one is refused; those before it stay.
    """
    wanted = scaffold_files(project.config)
    if project.config_path is not None:
        wanted.pop("relbot.toml", None)
    there = [path for path in wanted if (project.root / path).exists() or (project.root / path).is_symlink()]
    writes = tuple(Write(path, None, text.encode("utf-8")) for path, text in wanted.items() if path not in there)
    if writes:
        create_project_files(project, writes)
    return InitResult(tuple(write.path for write in writes), tuple(there))
