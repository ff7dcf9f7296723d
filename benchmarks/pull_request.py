"""How long `relbot pr` takes on a fake GitHub on this machine, with change sets of 50 files.

Two change sets: one shaped after those of services (modules of 500 lines with changes in a few places, pages, tests, renames, a
migration, settings), and the heaviest that is known: 10,000 lines of code, each of which asks for another variable than before.

The unit is a run that imports PyGithub, and 0.7 seconds. What counts is the time of the processor, with that of git: on the
clock, a busy machine makes a ratio of what others do. Runs and units take turns. Prints the median ratio of five pairs, and what
a run takes above importing PyGithub: seconds on the clock, and seconds of the processor. Exits with 1 if a ratio is more than its
bound: 1 for the usual change set.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import past  # noqa: E402  # from this work tree

from tests.github.fake.server import GitHub, running  # noqa: E402  # from this work tree
from tests.repository import Repo  # noqa: E402  # from this work tree

FILES = 50
SECONDS = 0.7
"""What a run may take above importing PyGithub."""
BOUNDS = {"usual": 1.0, "heaviest": 3.2}
"""The heaviest is not kept at 1: 20,000 look-ups in syntax trees take a second, parsing two tenths, to pair the lines three.
That is 2; a busy machine takes longer."""
RUNS = 5


def main() -> int:
    kept = True
    for kind, bound in BOUNDS.items():
        with tempfile.TemporaryDirectory(prefix="relbot-bench-") as work, running(GitHub) as github:
            ratio, clock, busy = _measure(kind, Path(work), github)
        kept = kept and ratio <= bound
        print(
            f"{'  ' if ratio <= 1 else '! '}relbot pr, {FILES} files, {kind}: {ratio:.2f} x importing PyGithub and {SECONDS:g} s"
            f" (bound {bound:g}); {clock:.2f} s above the import, {busy:.2f} s of the processor",
            flush=True,
        )
    return 0 if kept else 1


def _measure(kind: str, folder: Path, github: GitHub) -> tuple[float, float, float]:
    """The median ratio, and the seconds above importing PyGithub: on the clock, and of the processor."""
    repo = Repo(folder / "upstream")
    base, head = _usual(repo, folder / "past") if kind == "usual" else _heaviest(repo)
    github.state.git = repo.path / ".git"
    pull = github.state.add_pull(head="topic", head_sha=head, base_sha=base)
    event = folder / "event.json"
    event.write_text(
        json.dumps({"pull_request": {"number": pull.number, "head": {"sha": head}}, "repository": {"full_name": "acme/widgets"}})
    )
    environment = os.environ | {
        "PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(folder / "bytecode"), "GITHUB_API_URL": github.url,
        "GITHUB_TOKEN": github.token, "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": f"url.{repo.path.as_uri()}.insteadOf",
        "GIT_CONFIG_VALUE_0": "https://github.com/acme/widgets.git",
    }  # fmt: skip
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # what is installed has been compiled
    bare = [sys.executable, "-c", "import github"]
    bot = [sys.executable, "-m", "relbot", "pr", "--event", str(event)]
    pairs = [(_spent(bot, folder, environment), _spent(bare, folder, environment)) for _ in range(RUNS + 1)][1:]
    ratio = statistics.median(run[1] / (floor[1] + SECONDS) for run, floor in pairs)
    clock, busy = (statistics.median(run[i] - floor[i] for run, floor in pairs) for i in (0, 1))
    return ratio, clock, busy


def _usual(repo: Repo, made: Path) -> tuple[str, str]:
    """The base and the head of the change set that `make bench` looks at, too."""
    past.history(made, 60)
    past.fifty_files(made)
    repo.git("fetch", "-q", str(made), "main")
    repo.git("reset", "-q", "--hard", "FETCH_HEAD~1")
    base = repo.git("rev-parse", "HEAD").strip()
    repo.branch("topic")
    repo.git("reset", "-q", "--hard", "FETCH_HEAD")
    return base, repo.git("rev-parse", "HEAD").strip()


def _heaviest(repo: Repo) -> tuple[str, str]:
    """The base and the head of a change set in which every line asks for another variable."""
    for number in range(FILES):
        repo.write(f"app/models/m{number}.rb", "".join(f"setting_{n} = ENV['S{n}']\n" for n in range(200)))
    base = repo.commit()
    repo.branch("topic")
    for number in range(FILES):
        repo.write(f"app/models/m{number}.rb", "".join(f"setting_{n} = ENV['T{n % 190}']\n" for n in range(200)))
    return base, repo.commit()


def _spent(words: list[str], folder: Path, environment: dict[str, str]) -> tuple[float, float]:
    """Seconds on the clock and of the processor, with those of the processes that it started."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, check=False)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stderr.decode())
    return wall, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


if __name__ == "__main__":
    sys.exit(main())
