"""Plans of a deploy over a remote: their material, what is run, and the least that it can cost."""

from __future__ import annotations

import itertools
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from timing import Command

if TYPE_CHECKING:
    from collections.abc import Sequence

FRAGMENT = """---
type: changed
deploy:
  - phase: before-restart
    run: rake task_{n}
    undo: rake back_{n}
---

Change {n}.
"""
READ = """
import subprocess, yaml
changed = subprocess.run(["git", "diff-tree", "-r", "a", "b", "--", "changes"], capture_output=True, text=True).stdout
ids = "".join(f"{line.split()[3]}\\n" for line in changed.splitlines())
said = subprocess.run(["git", "cat-file", "--batch"], input=ids, capture_output=True, text=True).stdout
for part in said.split("\\n---\\n")[::2]:
    yaml.load(part.split("---\\n", 1)[-1].split("---")[0], Loader=yaml.CSafeLoader)
"""
"""Reads the fragments that differ, and parses their front matter with libyaml."""


def build(path: Path, old: int, new: int, *, between: int = 0, apart: bool = False) -> Path:
    """A clone of a remote with the tags `a`, which has `old` fragments, and `b`, which has `new` more; `a` is adopted.

    The new ones arrive in one commit, or each in its own (`apart`), after `between` commits that touch none.
    """
    lines: list[str] = []
    seconds = itertools.count(1_500_000_000)

    def commit(*files: tuple[str, str]) -> None:
        who = f"A <a@example.org> {next(seconds)} +0000"
        lines.append(f"commit refs/heads/main\ncommitter {who}\ndata 1\nC\n")
        lines.extend(f"M 100644 inline {name}\ndata {len(text)}\n{text}\n" for name, text in files)

    settings = ("relbot.toml", '[environments.production]\ndeployed = "ledger"\n')
    commit(settings, *((f"changes/released/1.{n % 20}/{n}.md", FRAGMENT.format(n=n)) for n in range(old)))
    lines.append("reset refs/tags/a\nfrom refs/heads/main\n\n")
    for n in range(between):
        commit((f"src/{n % 50}", str(n)))
    files = [(f"changes/{n}.md", FRAGMENT.format(n=n)) for n in range(old, old + new)]
    for group in [[each] for each in files] if apart else [files]:
        commit(*group)
    lines.append("reset refs/tags/b\nfrom refs/heads/main\n\n")
    remote = path.with_name(f"{path.name}.git")
    _git("init", "--quiet", "--bare", "--initial-branch=main", str(remote))
    subprocess.run(["git", "-C", remote, "fast-import", "--quiet"], input="".join(lines).encode(), check=True)
    _git("-C", str(remote), "repack", "-adq")
    _git("clone", "--quiet", "--no-checkout", f"file://{remote}", str(path))
    _git("-C", str(path), "checkout", "--quiet", "HEAD", "--", "relbot.toml")
    for key, value in (("user.name", "A"), ("user.email", "a@example.org")):
        _git("-C", str(path), "config", key, value)
    relbot(path, "deploy", "adopt", "production", "--at", "a").measure()
    return path


def with_deeds(path: Path, count: int) -> Path:
    """A clone in which so many steps of the deploy to `b` were recorded."""
    build(path, 10, count + 1)
    for number in range(10, 10 + count):
        relbot(path, "deploy", "tick", "production", f"{number}#1", "--to", "b").measure()
    return path


def relbot(path: Path, *words: str) -> Command:
    """A run of relbot, as installed beside this interpreter; an open step is no error."""
    return Command([str(Path(sys.executable).parent / "relbot"), *words], path, exits=(0, 1))


def checklist(path: Path) -> Command:
    """The checklist of the deploy to `b`. Nothing is begun."""
    return relbot(path, "checklist", "production", "--to", "b")


def floor(path: Path) -> Sequence[Command]:
    """What nobody can do without: an interpreter, what the remote has, both trees listed, and the fragments read and parsed."""
    refs = ("+refs/tags/*:refs/floor/tags/*", "+refs/heads/*:refs/floor/heads/*", "+refs/relbot/*:refs/floor/relbot/*")
    fetch = Command(["git", "fetch", "--quiet", "--no-tags", "origin", *refs], path)
    trees = [Command(["git", "ls-tree", "-r", "-z", tag], path) for tag in "ab"]
    return [fetch, *trees, Command([sys.executable, "-c", READ], path)]


def arrivals(path: Path) -> Sequence[Command]:
    """What git takes to tell in which commit each fragment arrived."""
    words = ["git", "log", "-m", "--first-parent", "--diff-filter=A", "--name-only", "a..b", "--", "changes"]
    return [Command(words, path)]


def _git(*words: str) -> None:
    subprocess.run(["git", *words], check=True)
