"""A plan over two trees with 10,000 fragments of which 500 differ: its material, what is run, and what git alone takes."""

from __future__ import annotations

import itertools
import subprocess
import sys
from typing import TYPE_CHECKING

from timing import Command

if TYPE_CHECKING:
    from pathlib import Path

PLAN = """
import gc, sys
gc.disable()  # as relbot.cli.main does
from pathlib import Path
from relbot.config.model import Config
from relbot.git.change_logs import change_logs
from relbot.git.process import Git
from relbot.deploy.plan.make import plan
made = plan(*change_logs(Git(Path(sys.argv[1])), sys.argv[2], sys.argv[3], lambda _: Config()))
assert (len(made.do), len(made.steps)) == (500, 500), (len(made.do), len(made.steps))
"""
FRAGMENT = """---
type: changed
deploy:
  - phase: before-restart
    run: rake task_{n}
    undo: rake back_{n}
---

Change {n}.
"""


def build(path: Path, commits: int, *, apart: bool) -> None:
    """Tags `a` and `b`: 500 fragments arrive, in one commit or each in its own, after `commits` that touch none."""
    lines: list[str] = []

    seconds = itertools.count(1_500_000_000)

    def commit(*files: tuple[str, str]) -> None:
        who = f"A <a@example.org> {next(seconds)} +0000"
        lines.append(f"commit refs/heads/main\ncommitter {who}\ndata 1\nC\n")
        lines.extend(f"M 100644 inline {name}\ndata {len(text)}\n{text}\n" for name, text in files)

    commit(*((f"changes/released/1.{n % 20}/{n}.md", FRAGMENT.format(n=n)) for n in range(9_500)))
    lines.append("reset refs/tags/a\nfrom refs/heads/main\n\n")
    for n in range(commits):
        commit((f"src/{n % 50}", str(n)))
    new = [(f"changes/{n}.md", FRAGMENT.format(n=n)) for n in range(9_500, 10_000)]
    for group in [[each] for each in new] if apart else [new]:
        commit(*group)
    lines.append("reset refs/tags/b\nfrom refs/heads/main\n\n")
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main", path], check=True)
    subprocess.run(["git", "-C", path, "fast-import", "--quiet"], input="".join(lines).encode(), check=True)
    subprocess.run(["git", "-C", path, "repack", "-adq"], check=True)


def planned(path: Path) -> Command:
    """The plan from `a` to `b`, made by a process of its own."""
    return Command([sys.executable, "-c", PLAN, str(path), "a", "b"], path)


def alone(path: Path) -> list[Command]:
    """What nobody can do without: an interpreter, both trees listed, and the 500 files read."""
    words = ["git", "-C", str(path), "diff-tree", "-r", "a", "b", "--", "changes"]
    changed = subprocess.run(words, capture_output=True, check=True, text=True).stdout.splitlines()
    ids = "".join(f"{line.split()[3]}\n" for line in changed).encode()
    trees = [Command(["git", "ls-tree", "-r", "-z", tag], path) for tag in "ab"]
    return [Command([sys.executable, "-c", "pass"], path), *trees, Command(["git", "cat-file", "--batch"], path, stdin=ids)]
