"""Measures relbot against floors and other tools, as ratios in one run: `make bench`.

Prints a row for each figure: what was measured, the ratio, the bound it shall keep, the medians of both times and of the most
memory that one program held. A bound that is known not to be kept has a `Miss`: the row is marked, and a line below says where
the time goes. Exits with 1 if another bound is not kept, or if a figure is worse than its `Miss` says. Other tools are taken from
the environment that runs this; a missing one is an error, not a blank.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import imports
import long_history
import past
import plan
from floors import MOVE_AND_STAGE, READ_AND_PARSE
from material import git, repository, scriv_project, towncrier_project
from timing import Command, Ratio, ratio

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

PYTHON = sys.executable
BIN = Path(sys.executable).parent


@dataclass(frozen=True, slots=True)
class Miss:
    """A bound that is not kept yet: the ratio that is kept instead, and where the time goes."""

    most: float
    reason: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: what, in units of what, and the bound of the ratio: of the processor's time, or of that on the clock."""

    what: str
    unit: str
    bound: float
    subject: Command
    reference: Sequence[Command]
    miss: Miss | None = None
    on_clock: bool = False


_CHECK = Miss(
    6.4,
    "of 5.3: 1 is the interpreter with click, 1.7 are the ten git processes (.8 the comparison, .5 the search for names in"
    " documentation), 1.2 the other modules, .4 expressions of detectors that look at the 20 changed files. See"
    " docs/decisions/0014-the-time-before-a-command-works.md.",
)
_CHECKLIST = Miss(
    3.5,
    "of 2.5, or 3.1 for 2,500 of 50,000: .6 is the interpreter with click, .5 the 170 modules of plans and ledgers, .4 are the"
    " git processes, 1 is reading, planning and showing the 500 fragments.",
)
_ARRIVALS = Miss(
    1.25,
    "one walk serves the order and the search for removed fragments; it tells renames from removals, which `git log` does not.",
)
_LOOK = Miss(
    17,
    "of 14: 4 are the interpreter and click, 3.5 the other 160 modules, 3.2 the reading and showing of 200 records and"
    " fragments, 2.7 the ten git processes. See docs/decisions/0014-the-time-before-a-command-works.md.",
)
_RECORD = Miss(22, "as for a gate, and seven more git processes that write the record, each to the disk, and publish it.")
_DRAFTS, _REAL = (1.8, 1.3, 1.0), (1.8, 1.4, 1.2)
"""The bounds of a draft and of a build, for up to 100, up to 1,000 and more fragments."""
_DRAFT = Miss(
    2.7,
    "start-up: of 2.2 for 100 fragments, 1.1 are the interpreter and click, .6 105 modules. Parsing is quicker than the floor's.",
)
_BUILD = Miss(2.4, "start-up, as for a draft, and the git processes that ask whether anything would be lost: together 1.2 of 2.")
_TOWNCRIER = Miss(
    1.6,
    "up to 1,000 fragments it is kept; relbot also reads steps, hosts and authors, and towncrier's have text alone.",
)


def _of_size(size: int, bounds: tuple[float, float, float]) -> float:
    return bounds[0] if size <= 100 else bounds[1] if size <= 1_000 else bounds[2]


_FEW = Miss(
    1.5,
    "of 1.1, up to 1.2 on a busy machine: .4 is the interpreter with click, git and the loading of modules, .1 the compilation"
    " of 140 expressions, the rest what detectors look at.",
)
_DETECT = Miss(
    17,
    "of 14: 3 are start-up and git, .7 the loading of detectors and of a grammar, .6 the compilation of expressions, 1.5 which"
    " lines and statements changed, the rest what ten detectors look at in 500 files. Only those statements of Python are parsed"
    " that are looked at: .2, where both sides of 60 modules took 7.",
)


def relbot(folder: Path, *words: str, **more: object) -> Command:
    """A run of relbot, as installed beside this interpreter."""
    return Command([str(BIN / "relbot"), *words], folder, **more)  # type: ignore[arg-type]  # passed through


def bare(folder: Path) -> Command:
    """The interpreter alone."""
    return Command([PYTHON, "-c", "pass"], folder)


def _working(folder: Path, seconds: float) -> Command:
    """A process that takes so much time of the processor."""
    return Command([PYTHON, "-c", f"import time\nwhile time.process_time() < {seconds}: pass"], folder)


def _restored(folder: Path) -> Callable[[], object]:
    def restore() -> None:
        git(folder, "reset", "-q", "--hard")
        git(folder, "clean", "-qfdx")

    return restore


def _start(work: Path, _: Sequence[int]) -> Iterator[Figure]:
    """What every run costs, and a small one."""
    small = repository(work / "small", 100)
    yield Figure("relbot --version", "bare interpreter", 5, relbot(small, "--version"), [bare(small)])
    yield Figure("relbot check, 100 fragments", "bare interpreter", 12, relbot(small, "check"), [bare(small)])


def _builds(work: Path, sizes: Sequence[int]) -> Iterator[Figure]:
    """Previews against other tools and against reading alone; the real build of the largest against moving alone."""
    for size in sizes:
        folder = repository(work / f"r{size}", size)
        draft = relbot(folder, "build", "--draft", "1.0.0")
        towncrier = Command([str(BIN / "towncrier"), "build", "--draft"], towncrier_project(work / f"t{size}", size))
        yield Figure(f"build --draft, {size} fragments", "towncrier build --draft", 1, draft, [towncrier], _TOWNCRIER)
        if size <= 1000:
            scriv_folder = scriv_project(work / f"s{size}", size)
            collect = Command([str(BIN / "scriv"), "collect"], scriv_folder, _restored(scriv_folder))
            yield Figure(f"build --draft, {size} fragments", "scriv collect", 1, draft, [collect])
        floor = Command([PYTHON, "-c", READ_AND_PARSE], folder)
        yield Figure(f"build --draft, {size} fragments", "read and parse YAML", _of_size(size, _DRAFTS), draft, [floor], _DRAFT)
        copies = [shutil.copytree(folder, work / f"{name}{size}") for name in ("built", "moved")]
        real = relbot(copies[0], "build", "1.0.0", prepare=_restored(copies[0]))
        moving = Command([PYTHON, "-c", MOVE_AND_STAGE], copies[1], _restored(copies[1]))
        bound = _of_size(size, _REAL)
        yield Figure(f"build, {size} fragments", "read, parse, move and stage", bound, real, [floor, moving], _BUILD)


def _checks(work: Path, sizes: Sequence[int]) -> Iterator[Figure]:
    """A change set of 20 files among many fragments and other files."""
    size = sizes[-1]
    folder = repository(work / "base", size, 2 * size)
    git(folder, "checkout", "-q", "-b", "topic")
    (folder / "changes" / "new.md").write_text("---\ntype: fixed\n---\n\nOne more.\n", "utf-8")
    for number in range(20):
        (folder / "src" / "0" / f"module_{number}.py").write_text("VALUE = 0\n", "utf-8")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "A change")
    floor = [Command(["git", "diff", "--name-status", "main"], folder), bare(folder)]
    check = relbot(folder, "check", "--base", "main")
    yield Figure(f"check --base in {3 * size} files", "git diff --name-status + bare", 2.5, check, floor, _CHECK)


def _plans(work: Path, _: Sequence[int]) -> Iterator[Figure]:
    """Checklists over a remote; what the order of arrival adds; the text of many steps; commands of a deploy with many deeds."""
    small, large = plan.build(work / "p500", 9_500, 500), plan.build(work / "p2500", 47_500, 2_500)
    unit = "fetch, two trees, read and parse"
    yield Figure("checklist, 500 of 10,000", unit, 2.5, plan.checklist(small), plan.floor(small), _CHECKLIST)
    yield Figure("checklist, 2,500 of 50,000", unit, 3, plan.checklist(large), plan.floor(large), _CHECKLIST)
    apart = plan.build(work / "apart", 9_500, 500, between=2_000, apart=True)
    order = [plan.checklist(small), *plan.arrivals(apart)]
    yield Figure("checklist, 500 arrived one by one", "the same at once, and git log", 1, plan.checklist(apart), order, _ARRIVALS)
    thousand, many = plan.build(work / "p1000", 10, 1_000), plan.build(work / "p10000", 10, 10_000)
    yield Figure("checklist, 10,000 steps", "1,000 steps", 10, plan.checklist(many), [plan.checklist(thousand)])
    yield Figure("checklist, 10,000 steps", "4 seconds", 1, plan.checklist(many), [_working(work, 4)])
    deeds = plan.with_deeds(work / "deeds", 200)
    for miss, words in (
        (_LOOK, ("status",)),
        (_LOOK, ("gate", "--before", "install")),
        (_RECORD, ("tick", "210#1", "--started")),
    ):
        command = plan.relbot(deeds, "deploy", words[0], "production", *words[1:])
        yield Figure(f"deploy {words[0]}, 200 deeds", "bare interpreter", 12.5, command, [bare(deeds)], miss)


def _histories(work: Path, _: Sequence[int]) -> Iterator[Figure]:
    """Previews in a long history: of few fragments, and of many."""
    words = ("build", "--draft", "1.0.0")
    few = long_history.long_history(work / "few", 200_000, 60, every=30)
    silent = relbot(long_history.without_history(few, work / "few-silent"), *words)
    yield Figure("build --draft, 60 of 200,000 commits", "the same without history", 1.5, relbot(few, *words), [silent])
    many = long_history.long_history(work / "many", 20_000, 5_000, every=4)
    silent = relbot(long_history.without_history(many, work / "many-silent"), *words)
    walk = Command(["git", "log", "--first-parent", "-m", "--diff-filter=A", "--name-only", "--", "changes"], many)
    yield Figure(
        "build --draft, 5,000 of 20,000 commits", "without history, and git log", 1.5, relbot(many, *words), [silent, walk]
    )


def _imports(work: Path, _: Sequence[int]) -> Iterator[Figure]:
    """Taking over 5,000 notes of another tool."""
    folder = imports.reno_notes(work / "reno", 5_000)
    read = Command([PYTHON, "-c", imports.READ_AND_PARSE], folder)
    dry = relbot(folder, "import", "reno", "--dry-run")
    yield Figure("import reno, 5,000 notes", "read and parse them", 1, dry, [read])


def _past(work: Path, _: Sequence[int]) -> Iterator[Figure]:
    """Looking at many changes, and at one of 50 files.

    The bound is that of a large real history, if RELBOT_BENCH_REPO names one: there git takes a millisecond or more for a
    change, in the made-up one a fifth of that.
    """
    histories = [("made up", past.history(work / "past", 400), 60)]
    if real := os.environ.get("RELBOT_BENCH_REPO"):
        histories.append(("real", Path(real), 10))
    for name, folder, bound in histories:
        patches = Command(["git", "log", "-p", "--first-parent", "-n300"], folder)
        replays = (relbot(folder, "backtest", "--fresh", "--limit=300", *jobs, exits=(0, 3)) for jobs in (["--jobs=1"], []))
        alone, together = replays
        yield Figure(f"backtest, {name}, one core", "git log -p --first-parent", bound, alone, [patches])
        if (os.cpu_count() or 1) > 1:
            yield Figure(f"backtest, {name}, all cores", "the same with one", 0.8, together, [alone], on_clock=True)
    past.fifty_files(work / "past")
    fifty = relbot(work / "past", "detect", "HEAD~1")
    yield Figure("detect, 50 files", "bare interpreter and 0.3 s", 1, fifty, [bare(work), _working(work, 0.3)], _FEW)
    past.five_hundred_files(work / "past")
    patch = Command(["git", "diff", "HEAD~1", "HEAD"], work / "past")
    many = relbot(work / "past", "detect", "HEAD~1")
    yield Figure("detect, 500 files", "git diff and bare", 12, many, [patch, bare(work)], _DETECT)


PARTS = {
    "start": _start,
    "build": _builds,
    "check": _checks,
    "plan": _plans,
    "histories": _histories,
    "imports": _imports,
    "past": _past,
}
"""The figures; each part makes its material when it is reached."""


def _is_busy() -> bool:
    """Whether more programs want to work than there are cores, so that several cores are not to be had."""
    return os.getloadavg()[0] > (os.cpu_count() or 1) + 0.5


def _row(figure: Figure, found: Ratio) -> str:
    times = [f"{(spent.clock if figure.on_clock else spent.busy) * 1000:.0f} ms" for spent in (found.subject, found.reference)]
    memory = [f"{spent.memory:.0f} MB" for spent in (found.subject, found.reference)]
    bound = f"(bound {figure.bound:g}; {' to '.join(times)}{' on the clock' * figure.on_clock}; {' to '.join(memory)})"
    return f"{figure.what:34} {found.median:6.2f} x {figure.unit:32} {bound}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="pairs of runs for each figure")
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 1000, 10_000], help="how many fragments")
    parser.add_argument("--only", choices=PARTS, nargs="+", default=list(PARTS), help="only these parts")
    options = parser.parse_args()
    kept = True
    with tempfile.TemporaryDirectory(prefix="relbot-bench-") as work:
        for figure in (each for part in options.only for each in PARTS[part](Path(work), options.sizes)):
            found = ratio(figure.subject, figure.reference, options.runs, on_clock=figure.on_clock)
            fine = found.median <= figure.bound
            if figure.on_clock and not fine and _is_busy():
                print(f"  {figure.what:34} cannot be told: other programs work on this machine", flush=True)
                continue
            kept = kept and found.median <= (figure.miss.most if figure.miss else figure.bound)
            print(f"{'  ' if fine else '! '}{_row(figure, found)}", flush=True)
            if figure.miss and not fine:
                print(f"    Not kept (at most {figure.miss.most:g} is): {figure.miss.reason}", flush=True)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
