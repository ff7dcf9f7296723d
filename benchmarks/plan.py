"""A plan over two trees with 10,000 fragments of which 500 differ, against what git alone takes.

    python benchmarks/plan.py [--commits N]

The bound: 3 times (a bare interpreter + `git ls-tree -r` of both trees + `git cat-file --batch` of the 500), and no more with
N commits between the trees. Prints the best of several runs of each; exit code 1 if a bound is broken.
"""

from __future__ import annotations

import argparse
import itertools
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

RUNS = 15
PLAN = """
import sys
from pathlib import Path
from relbot.config.model import Config
from relbot.git.change_logs import change_logs
from relbot.git.process import Git
from relbot.plan.make import plan
made = plan(*change_logs(Git(Path(sys.argv[1])), sys.argv[2], sys.argv[3], Config()))
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


def best(run: Callable[[], object]) -> float:
    times = []
    for _ in range(RUNS):
        begin = time.perf_counter()
        run()
        times.append(time.perf_counter() - begin)
    return min(times)


def git(path: Path, *words: str, stdin: bytes | None = None) -> bytes:
    return subprocess.run(["git", "-C", path, *words], input=stdin, capture_output=True, check=True).stdout


def measure(path: Path) -> tuple[float, float]:
    """Seconds of git alone and of the plan."""
    changed = git(path, "diff-tree", "-r", "a", "b", "--", "changes").decode().splitlines()
    ids = "".join(f"{line.split()[3]}\n" for line in changed).encode()

    def alone() -> None:
        subprocess.run([sys.executable, "-c", "pass"], check=True)
        for tag in "ab":
            git(path, "ls-tree", "-r", "-z", tag)
        git(path, "cat-file", "--batch", stdin=ids)

    return best(alone), best(lambda: subprocess.run([sys.executable, "-c", PLAN, path, "a", "b"], check=True))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]  # the module has a docstring
    parser.add_argument("--commits", type=int, default=20_000, help="how many commits lie between (default: 20000)")
    commits = parser.parse_args().commits
    times: list[float] = []
    broken = False
    with tempfile.TemporaryDirectory() as folder:
        for between, apart in ((0, False), (commits, False), (0, True), (commits, True)):
            path = Path(folder) / f"{between}-{apart}"
            build(path, between, apart=apart)
            alone, planned = measure(path)
            times.append(planned)
            broken = broken or planned > 3 * alone
            how = "one by one" if apart else "at once"
            said = f"git {alone * 1e3:.0f} ms, plan {planned * 1e3:.0f} ms, {planned / alone:.2f} times"
            print(f"{between:6} commits, then 500 fragments {how}: {said}")
    return int(broken or times[1] > 1.2 * times[0] or times[3] > 1.2 * times[2])


if __name__ == "__main__":
    sys.exit(main())
