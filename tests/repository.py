"""A real git repository for a test, with the same commit ids at every run."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

START = datetime(2018, 8, 15, 8, 0, tzinfo=UTC)


def make_git_folder(folder: Path, *, bare: bool = False) -> None:
    """What `git init --template=` makes, without a process: a thousand tests begin with it."""
    for name in ("objects/info", "objects/pack", "refs/heads", "refs/tags"):
        (folder / name).mkdir(parents=True)
    (folder / "HEAD").write_text("ref: refs/heads/main\n")
    kind = "bare = true" if bare else "bare = false\n\tlogallrefupdates = true"
    (folder / "config").write_text(f"[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\t{kind}\n")


class Repo:
    """A repository at `path`, on the branch `main`, empty. Each commit and tag is a minute younger than the one before."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._minutes = 0
        if not (path / ".git").exists():
            make_git_folder(path / ".git")

    def copy_to(self, path: Path) -> Repo:
        """A copy with the same history, made without a process."""
        shutil.copytree(self.path, path, symlinks=True)
        made = object.__new__(Repo)
        made.path, made._minutes = path, self._minutes
        return made

    def git(self, *args: str, stdin: str | None = None) -> str:
        """What git prints, without the last newline. Raises with git's own words if it fails."""
        now = (START + timedelta(minutes=self._minutes)).isoformat()
        done = subprocess.run(
            ["git", *args],
            cwd=self.path,
            env=os.environ | {"GIT_AUTHOR_DATE": now, "GIT_COMMITTER_DATE": now},
            input=stdin if stdin is not None else "",
            capture_output=True,
            encoding="utf-8",
            errors="surrogateescape",
            check=False,
        )
        assert done.returncode == 0, f"git {' '.join(args)}: exit code {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout.removesuffix("\n")

    @property
    def head(self) -> str:
        """The commit that is checked out. Read from the files where they tell: a process takes 5 ms."""
        head = (self.path / ".git/HEAD").read_text().strip() if (self.path / ".git").is_dir() else ""
        ref = self.path / ".git" / head.removeprefix("ref: ")
        return ref.read_text().strip() if head.startswith("ref: refs/heads/") and ref.is_file() else self.git("rev-parse", "HEAD")

    def write(self, path: str, text: str | bytes = "") -> Path:
        """Writes a file of the work tree, with its folders."""
        file = self.path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    def read(self, path: str) -> str:
        """The text of a file of the work tree."""
        return (self.path / path).read_text()

    def remove(self, path: str) -> None:
        """Removes a file of the work tree."""
        (self.path / path).unlink()

    def commit(self, message: str = "Change", *, author: str | None = None) -> str:
        """Commits the whole work tree, changed or not. `author` is written `Name <address>`."""
        self._minutes += 1
        self.git("add", "--all")
        by = [f"--author={author}"] if author else []
        self.git("commit", "--quiet", "--allow-empty", f"--message={message}", *by)
        return self.head

    def branch(self, name: str, at: str = "HEAD") -> None:
        """Creates a branch and switches to it."""
        self.git("switch", "--quiet", "--create", name, at)

    def switch(self, name: str) -> None:
        """Checks out a branch, or any revision without one."""
        self.git("switch", "--quiet", *(["--detach"] if not self._is_branch(name) else []), name)

    def merge(self, name: str, message: str | None = None) -> str:
        """Merges a branch into the present one, always with a merge commit."""
        self._minutes += 1
        self.git("merge", "--quiet", "--no-ff", f"--message={message or f'Merge {name}'}", name)
        return self.head

    def tag(self, name: str, at: str = "HEAD") -> None:
        """Sets an annotated tag."""
        self._minutes += 1
        self.git("tag", "--annotate", f"--message={name}", name, at)

    def _is_branch(self, name: str) -> bool:
        return (self.path / ".git/refs/heads" / name).is_file() or bool(self.git("for-each-ref", f"refs/heads/{name}"))
