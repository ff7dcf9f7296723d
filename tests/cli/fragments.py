"""Fragments for the tests of the commands, and what a tree looks like."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.repository import Repo

FIXED = "---\ntype: fixed\n---\n\nThe login page remembers you.\n"
ADDED = "---\ntype: added\n---\n\nThere is a dark theme.\n"
BREAKING = "---\ntype: changed\nbreaking: true\n---\n\nOptions moved.\n\n## Migration\n\nRun the task.\n"
FAULTY = "---\ntype: fixd\n---\n\nThe login page remembers you.\n"
NEW_FLAGS = ("--type", "fixed", "--message", "The login page remembers you.")
"""What `relbot new` needs to write FIXED."""
DAY = ("--date", "2018-08-15")


def fragment(kind: str = "fixed", text: str = "The login page remembers you.", *keys: str) -> str:
    """A fragment with these further lines of front matter."""
    return "\n".join(("---", f"type: {kind}", *keys, "---", "", text, ""))


def tree(repo: Repo) -> dict[str, bytes]:
    """Everything in the work tree, and the index as git lists it."""
    files = {_name(path, repo.path): path.read_bytes() for path in repo.path.rglob("*") if path.is_file()}
    files = {name: content for name, content in files.items() if not name.startswith(".git/")}
    return files | {"(index)": repo.git("ls-files", "--stage").encode()}


def _name(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()
