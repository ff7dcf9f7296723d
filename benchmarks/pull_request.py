"""How long `relbot pr` takes on a fake GitHub on this machine, with a change set of 50 files.

The unit is a run that imports PyGithub and waits for 0.7 seconds. Runs and units take turns, so that other work on the machine
slows both. Prints the median ratio of five pairs, and what a run takes above importing PyGithub: seconds on the clock, and
seconds of the processor. Exits with 1 if the ratio is more than 1.
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

from tests.github.fake.server import GitHub, running  # noqa: E402  # from this work tree
from tests.repository import Repo  # noqa: E402  # from this work tree

FILES = 50
SECONDS = 0.7
"""What a run may take above importing PyGithub."""
BOUND = 1.0
RUNS = 5


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="relbot-bench-") as work, running(GitHub) as github:
        folder = Path(work)
        repo = Repo(folder / "upstream")
        for number in range(FILES):
            repo.write(f"app/models/m{number}.rb", "".join(f"setting_{n} = ENV['S{n}']\n" for n in range(200)))
        base = repo.commit()
        repo.branch("topic")
        for number in range(FILES):
            repo.write(f"app/models/m{number}.rb", "".join(f"setting_{n} = ENV['T{n % 190}']\n" for n in range(200)))
        head = repo.commit()
        github.state.git = repo.path / ".git"
        pull = github.state.add_pull(head="topic", head_sha=head, base_sha=base)
        event = folder / "event.json"
        event.write_text(
            json.dumps(
                {"pull_request": {"number": pull.number, "head": {"sha": head}}, "repository": {"full_name": "acme/widgets"}}
            )
        )
        environment = os.environ | {
            "PYTHONPATH": str(ROOT), "GITHUB_API_URL": github.url, "GITHUB_TOKEN": github.token, "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": f"url.{repo.path.as_uri()}.insteadOf",
            "GIT_CONFIG_VALUE_0": "https://github.com/acme/widgets.git",
        }  # fmt: skip
        bare = [sys.executable, "-c", "import github"]
        bot = [sys.executable, "-m", "relbot", "pr", "--event", str(event)]
        pairs = [(_spent(bot, folder, environment), _spent(bare, folder, environment)) for _ in range(RUNS + 1)]
        ratio = statistics.median(run[0] / (floor[0] + SECONDS) for run, floor in pairs[1:])
        clock, busy = (statistics.median(run[i] - floor[i] for run, floor in pairs[1:]) for i in (0, 1))
        mark = "  " if ratio <= BOUND else "! "
        print(
            f"{mark}relbot pr, {FILES} files: {ratio:.2f} x importing PyGithub and {SECONDS:g} s (bound"
            f" {BOUND:g}); {clock:.2f} s above the import, {busy:.2f} s of the processor"
        )
        return 0 if ratio <= BOUND else 1


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
