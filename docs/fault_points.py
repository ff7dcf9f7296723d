"""`make fault-points`: lets each command that writes fail at every point, and writes into fault-points.json how many there were.

    python -m docs.fault_points [SUITE…] [ARGUMENT…]

With suites of SUITES, only these run, and the figures of other commands stay. docs/reliability.md shows the table. A test that
fails is a command that lost something: nothing is written then.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).parents[1]
FIGURES = ROOT / "docs" / "fault-points.json"
SUITES = (
    "tests/cli/test_writes_under_fire.py",
    "tests/cli/test_announce_under_fire.py",
    "tests/cli/test_build_crash.py",
    "tests/cli/test_deploy_run_killed.py",
    "tests/cli/test_deploy_github_under_fire.py",
    "tests/github/test_pr_under_fire.py",
    "tests/github/test_release.py",
    "tests/github/test_release_pr.py",
)
"""The tests that tell their points with `note_points` of tests/tiers.py."""


def count_points(report: str) -> dict[str, dict[str, int]]:
    """The points of each command, by how it was made to fail, from a report of pytest in JUnit's XML."""
    found: dict[str, dict[str, int]] = {}
    for noted in ET.fromstring(report).iterfind(".//property[@name='points']"):  # noqa: S314  # pytest's own
        points = json.loads(noted.attrib["value"])
        command = found.setdefault(points.pop("command"), {})
        for how, number in points.items():
            command[how] = command.get(how, 0) + number
    return found


def main(arguments: list[str]) -> int:
    """Runs the suites at all points, with these arguments for pytest, and writes the figures. The exit code is pytest's."""
    chosen = [] if set(arguments) & set(SUITES) else SUITES
    with tempfile.TemporaryDirectory() as room:
        report = Path(room) / "report.xml"
        words = (sys.executable, "-m", "pytest", *chosen, "-o", "junit_family=xunit1", f"--junitxml={report}", *arguments)
        code = subprocess.run(words, cwd=ROOT, env={**os.environ, "RELBOT_TEST_TIER": "long"}, check=False).returncode
        if code == 0:
            kept = {} if chosen else json.loads(FIGURES.read_text("utf-8"))
            FIGURES.write_text(json.dumps(kept | count_points(report.read_text("utf-8")), indent=1) + "\n", "utf-8")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
