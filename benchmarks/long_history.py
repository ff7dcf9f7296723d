"""Notes of few fragments in a long history, and of many in one: repositories made by `git fast-import`."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

from material import fragment, git

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def long_history(folder: Path, commits: int, fragments: int, *, every: int) -> Path:
    """A repository of so many commits, of which the newest ones bring fragments: each `every`-th one brings one."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    git(folder, "init", "-q", "-b", "main")
    stream = b"".join(_commits(commits, fragments, every))
    subprocess.run(["git", "fast-import", "--quiet"], cwd=folder, input=stream, check=True)
    git(folder, "repack", "-adq")
    git(folder, "commit-graph", "write", "--reachable")
    git(folder, "reset", "-q", "--hard")
    return folder


def without_history(folder: Path, copy: Path) -> Path:
    """The same repository, configured not to ask the history."""
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(folder, copy)
    (copy / "relbot.toml").write_text("[links]\nhistory = false\n", "utf-8")
    return copy


def _commits(commits: int, fragments: int, every: int) -> Iterator[bytes]:
    first = commits - fragments * every
    for number in range(commits):
        message = f"Change {number} (#{number})\n".encode()
        files = [(f"src/module{number % 100}.py", f"VALUE = {number}\n")]
        if number >= first and number % every == 0:
            files.append((f"changes/{number}.md", fragment(number + 1)))
        yield b"commit refs/heads/main\ncommitter Bench <bench@example.org> %d +0000\n" % (1_000_000_000 + 600 * number)
        yield b"data %d\n%s" % (len(message), message)
        for path, content in files:
            yield b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(content), content.encode())
