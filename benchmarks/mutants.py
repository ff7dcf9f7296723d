"""Changes the code in small ways, and runs the tests that reach it: `make mutants [ROOMS=FILES] [EACH=40] [SEED=1]`.

mutants.toml says what is changed, and which tests must notice. The changes are made one after the other, in a copy of what git
tracks: a comparison is turned round, `and` stands for `or`, `True` for `False`; a `not` or a part of a list or union is left out;
a condition is negated. A change that no test notices within the time survives. Those that mutants.toml explains as without an
effect are left out. With EACH, that many changes of each room are tried, chosen by chance, else all. Exit code 1 if fewer are
noticed than mutants.toml demands. mutants.json keeps the last score of each room, for docs/reliability.md.

The tests of a room run once to tell which of them reach which line. A change is judged by those that reach it, the quick ones
first. Each run is a fork of a process that has loaded the libraries, but nothing of relbot.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from code_changes import change_in_words, changed_source, list_changes
from forked_tests import ROOT, chosen_result, load_libraries, reach_lines

SCORES = ROOT / "benchmarks/mutants.json"
_NOTICED = (1, 2)
"""Exit codes of pytest: a test failed, or a module could not be imported."""


def copy_tracked_files(folder: Path) -> None:
    """Copies what git tracks into a folder."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    for path in filter(None, listed):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, folder / path, follow_symlinks=False)


def replace_module(file: Path, text: str) -> None:
    """Writes a module, and removes what was compiled from it: Python compares whole seconds and sizes."""
    file.write_text(text, "utf-8")
    for compiled in (file.parent / "__pycache__").glob(f"{file.stem}.*.pyc"):
        compiled.unlink()


def try_room(folder: Path, room: str, table: dict[str, Any], each: int, seed: int) -> tuple[int, int]:
    """How many changes of the modules of a room are noticed, of how many. Prints those that are not."""
    modules, noticed = sorted(folder.glob(room)), 0
    reached = reach_lines(folder, table["rooms"][room], modules)
    if reached is None:
        sys.exit(f"{room}: its tests fail as they are")
    changes = [change for file in modules for change in list_changes(file) if change_in_words(change) not in table["same"]]
    by_chance = random.Random(seed)  # noqa: S311  # no secret
    chosen = by_chance.sample(changes, each) if 0 < each < len(changes) else changes
    for number, change in enumerate(sorted(chosen)):
        source, text = change.file.read_text("utf-8"), changed_source(change)
        tests = reached.tests_for(change, table["seconds"])
        if tests and not number and chosen_result(folder, tests, table["timeout"]) != 0:
            sys.exit(f"{room}: tests that pass together fail alone")
        replace_module(change.file, text)
        if tests and chosen_result(folder, tests, table["timeout"]) in _NOTICED:
            noticed += 1
        else:
            print(f"  survived {len(tests)} tests: {change.file.relative_to(folder)}:{change.shown}", flush=True)
        replace_module(change.file, source)
    print(f"{room}: {noticed} of {len(chosen)} noticed", flush=True)
    keep_score(room, {"changes": len(changes), "tried": len(chosen), "noticed": noticed, "seed": seed})
    return noticed, len(chosen)


def keep_score(room: str, score: dict[str, int]) -> None:
    """Writes the score of a room in the place of its last one."""
    scores = json.loads(SCORES.read_text("utf-8"))
    SCORES.write_text(json.dumps({**scores, room: score}, indent=2, sort_keys=True) + "\n", "utf-8")


def main() -> int:
    """Tries the chosen rooms, all if none is chosen, and prints a line for each, and what survived."""
    parser = argparse.ArgumentParser()
    parser.add_argument("rooms", nargs="*", help="as in mutants.toml")
    parser.add_argument("--each", type=int, default=0, help="how many changes of each room, chosen by chance; 0 for all")
    parser.add_argument("--seed", type=int, default=0, help="another one chooses others")
    chosen = parser.parse_args()
    table = tomllib.loads((ROOT / "benchmarks/mutants.toml").read_text("utf-8"))
    load_libraries()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "code"
        copy_tracked_files(folder)
        scores = [try_room(folder, room, table, chosen.each, chosen.seed) for room in chosen.rooms or table["rooms"]]
    noticed, tried = (sum(score[side] for score in scores) for side in (0, 1))
    share = 100 * noticed / max(tried, 1)
    print(f"{noticed} of {tried} noticed: {share:.1f} %, and {table['noticed']} % are demanded")
    return int(share < table["noticed"])


if __name__ == "__main__":
    sys.exit(main())
