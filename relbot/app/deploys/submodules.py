"""Submodules that a deploy changes: what they bring is in another repository."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from relbot.errors import quoted
from relbot.git.trees import list_entries

if TYPE_CHECKING:
    from relbot.app.deploys.resolve_range import DeployRange
    from relbot.app.project import Project

_LINK = "160000"
_MOST_TOLD = 5
_LIST = ".gitmodules"


def submodule_remarks(project: Project, of: DeployRange) -> list[str]:
    """That relbot does not read the submodules which are at other commits in the target of a deploy, in sentences.

    GitFailed if git cannot compare the two.
    """
    git = project.git
    if of.start.commit == of.target.commit or not list_entries(git, of.target.commit, (_LIST,)):
        return []  # without that list nothing is checked out there
    raw = git.text("diff-tree", "-r", "-z", "--no-abbrev", "--no-renames", "--relative", *of.commits, "--").split("\0")
    pairs = ((about.lstrip(":").split(), path) for about, path in zip(raw[::2], raw[1::2], strict=False))
    found = [(path, about[2], about[3]) for about, path in pairs if about[1] == _LINK]
    told = [
        f"{quoted(path)} is a submodule that changes, and relbot does not read its fragments. To see what it brings:"
        f" git -C {shlex.quote(path)} log {old[:12] + '..' if old.strip('0') else ''}{new[:12]}"
        for path, old, new in found[:_MOST_TOLD]
    ]
    return [*told, *([f"So are {len(found) - _MOST_TOLD} more."] if found[_MOST_TOLD:] else [])]
