"""Finds fragments that somebody wrote and did not commit yet: what is compared by commits cannot have them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.fragment.location import Location, make_locator
from relbot.git.process import split_paths

if TYPE_CHECKING:
    from relbot.app.project import Project


def find_uncommitted(project: Project) -> tuple[str, ...]:
    """The unreleased fragments of the work tree that differ from HEAD, by path. GitFailed if git cannot tell."""
    folders = [f":(literal){folder.path}" for folder in project.config.folders]
    changed, new = project.git.runs(
        ("diff", "--name-only", "--relative", "--no-ext-diff", "--diff-filter=d", "-z", "HEAD", "--", *folders),
        ("ls-files", "-z", "--others", "--exclude-standard", "--", *folders),
    )
    locate = make_locator(project.config.folders)
    paths = {*split_paths(changed), *split_paths(new)}
    return tuple(path for path in sorted(paths) if isinstance(at := locate(path), Location) and at.version is None)
