"""Sparse checkouts: what git knows of and did not put into the work tree is not nothing."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING

from relbot.errors import Unknown
from relbot.git.process import split_paths

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from relbot.git.process import Git

_PATTERNS = "info/sparse-checkout"
_SKIPPED = b"S "


def require_checked_out(git: Git, wanted: Collection[str]) -> None:
    """Unknown, with the command that helps, if files at or below the `wanted` paths are left out of the work tree.

    git is asked only where there is, or was, a sparse checkout.
    """
    folder = _git_folder(git)
    if folder is None or not (folder / _PATTERNS).exists():
        return
    listing = git.run("ls-files", "-t", "-z", "--", *(f":(literal){path}" for path in wanted))
    skipped = [path[len(_SKIPPED) :] for path in listing.split(b"\0") if path.startswith(_SKIPPED)]
    missing = [path for path in split_paths(b"\0".join(skipped)) if not os.path.lexists(git.root / path)]
    if not missing:
        return
    count = f"{len(missing)} files that relbot reads are" if len(missing) > 1 else "1 file that relbot reads is"
    what = f"This is a sparse checkout: {count} not in it, such as {missing[0]}, so relbot does not know their contents."
    top = git.text("rev-parse", "--show-prefix")
    folders = [_folder_of([path for path in missing if path == one or path.startswith(f"{one}/")]) for one in wanted]
    lacking = dict.fromkeys(top + folder for folder in folders if folder)
    tip = "Check them out, at the top of the repository:" if top else "Check them out:"
    raise Unknown(what, tip=tip, example=f"git sparse-checkout add {shlex.join(lacking)}")


def _folder_of(missing: list[str]) -> str:
    """The folder that holds these files, "" if there are none: in its cone mode git takes nothing else."""
    if not missing:
        return ""
    return os.path.commonpath([path.rpartition("/")[0] or path for path in missing])


def _git_folder(git: Git) -> Path | None:
    """Git's own folder of this work tree, None outside of git."""
    root, named = git.root, git.environment.get("GIT_DIR")
    if named:
        return root / named
    for folder in (root, *root.parents):
        entry = folder / ".git"
        if entry.is_dir():
            return entry
        if entry.is_file():  # of a linked work tree or a submodule
            return folder / entry.read_text("utf-8", "surrogateescape").removeprefix("gitdir:").strip()
    return None
