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
import ast
import copy
import importlib
import json
import os
import pickle
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from reached_lines import ChosenTests, ReachedLines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[1]
SCORES = ROOT / "benchmarks/mutants.json"
_NOTICED = (1, 2)
"""Exit codes of pytest: a test failed, or a module could not be imported."""
TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}


def changes_of(node: ast.AST) -> Iterator[ast.AST]:
    """What may stand in the place of a node: each is the node with one change."""
    made: Any = copy.deepcopy(node)
    match node:
        case ast.Compare(ops=[op]):
            made.ops = [TURNED[type(op)]()]
            yield made
        case ast.BoolOp(op=op):
            made.op = ast.Or() if isinstance(op, ast.And) else ast.And()
            yield made
        case ast.UnaryOp(op=ast.Not()):
            yield made.operand
        case ast.If() | ast.IfExp() | ast.While():
            made.test = ast.UnaryOp(ast.Not(), made.test)
            yield made
        case ast.comprehension(ifs=[_, *_]):
            made.ifs = made.ifs[1:]
            yield made
        case ast.Tuple(elts=elements) | ast.List(elts=elements) if isinstance(getattr(node, "ctx", None), ast.Load):
            for number, element in enumerate(elements):
                if isinstance(element, ast.Starred):
                    fewer: Any = copy.deepcopy(node)
                    del fewer.elts[number]
                    yield fewer
        case ast.BinOp(op=ast.BitOr() | ast.BitAnd() | ast.Sub() | ast.Add()):
            yield made.left
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)


class _Replacement(ast.NodeTransformer):
    """Puts one node in the place of another."""

    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> Any:
        return self.new if node is self.old else super().generic_visit(node)


class Change(NamedTuple):
    """One change of a module: of its so many-th node, to the so many-th of what may stand there."""

    file: Path
    node: int
    choice: int
    lines: range
    """The lines of the node, none if it stands outside of functions."""
    shown: str
    """`line: before -> after`."""


def list_changes(file: Path) -> Iterator[Change]:
    """All changes of a module. Types, and what is for types only, stay."""
    tree = ast.parse(file.read_text("utf-8"))
    apart = {
        id(part)
        for node in ast.walk(tree)
        for field in ("annotation", "returns")
        if (said := getattr(node, field, None))
        for part in ast.walk(said)
    }
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.Lambda)]
    inside = {id(part) for each in functions for body in _statements(each) for part in ast.walk(body)}
    for number, node in enumerate(ast.walk(tree)):
        if id(node) in apart or ast.unparse(getattr(node, "test", node)) == "TYPE_CHECKING":
            continue
        at: Any = node.iter if isinstance(node, ast.comprehension) else node
        for choice, new in enumerate(changes_of(node)):
            line = getattr(at, "lineno", 0)
            end = getattr(at.test if isinstance(at, ast.If | ast.While) else at, "end_lineno", 0)
            shown = [ast.unparse(each).partition("\n")[0] for each in (node, new)]
            yield Change(
                file,
                number,
                choice,
                range(line, end + 1) if id(node) in inside else range(0),
                f"{line}: {shown[0]} -> {shown[1]}",
            )


def change_in_words(change: Change) -> str:
    """A change as mutants.toml names it: the line as it is, and what becomes of a part of it."""
    number, _, said = change.shown.partition(": ")
    return f"{change.file.read_text('utf-8').splitlines()[int(number) - 1].strip()} | {said}"


def _statements(function: ast.FunctionDef | ast.Lambda) -> list[ast.AST]:
    return [*function.body] if isinstance(function, ast.FunctionDef) else [function.body]


def changed_source(change: Change) -> str:
    """The module with this change."""
    tree = ast.parse(change.file.read_text("utf-8"))
    old = next(each for at, each in enumerate(ast.walk(tree)) if at == change.node)
    new = list(changes_of(old))[change.choice]
    return ast.unparse(ast.fix_missing_locations(_Replacement(old, new).visit(tree)))


def copy_tracked_files(folder: Path) -> None:
    """Copies what git tracks into a folder."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    for path in filter(None, listed):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, folder / path, follow_symlinks=False)


def load_libraries() -> None:
    """Imports what relbot and its tests import, but nothing of them: each fork has it then."""
    found = set()
    for file in [*(ROOT / "relbot").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            match node:
                case ast.Import(names=names):
                    found |= {name.name for name in names}
                case ast.ImportFrom(module=str(module), level=0):
                    found.add(module)
    for name in sorted(name for name in found if name.partition(".")[0] not in ("relbot", "tests", "docs", "benchmarks")):
        try:
            importlib.import_module(name)
        except ImportError:  # what a test needs only if it is there
            continue


def in_child(folder: Path, do: Callable[[], int], timeout: float) -> int | None:
    """What this gives in a silent child in that folder, as its exit code, None if it takes longer."""
    child = os.fork()
    if child == 0:
        code = 3
        try:
            _settle_in(folder)
            code = do()
        finally:
            os._exit(code)
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def _settle_in(folder: Path) -> None:
    os.setpgid(0, 0)
    os.chdir(folder)
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silence, stream)
    sys.path.insert(0, str(folder))
    os.environ.update(PYTHONPATH=str(folder), CI="true", RELBOT_TEST_TIER="mutants")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False  # compiled once for all changes


def run_tests(tests: list[str], plugin: object) -> int:
    """The exit code of pytest. Only in a child."""
    loaded = "ignore::pytest.PytestAssertRewriteWarning"  # plugins that load_libraries has imported before
    swept = ("-o", "tmp_path_retention_policy=none", "--basetemp=../pytest")  # pytest would sweep up after other runs for minutes
    return int(pytest.main(["-q", "-x", "-p", "no:cacheprovider", "-W", loaded, *swept, *tests], plugins=[plugin]))


class Reached(NamedTuple):
    """Which tests reach which lines of a room, and how long they take."""

    tests_of: dict[tuple[str, int], set[str]]
    seconds: dict[str, float]

    def tests_for(self, change: Change, most: float) -> list[str]:
        """The tests that reach the change, the quick ones first, as many as fit into so many seconds.

        A module without functions is reached when it is loaded: all tests of the room judge it.
        """
        lines, file = change.lines, str(change.file)
        tests = {
            test
            for (path, line), found in self.tests_of.items()
            if path == file and (not lines or line in lines)
            for test in found
        } or (set(self.seconds) if not lines else set())
        ordered = sorted(tests, key=lambda test: (self.seconds[test], test))
        return [
            test for test, spent in zip(ordered, accumulate(map(self.seconds.__getitem__, ordered)), strict=True) if spent <= most
        ]


def reach_lines(folder: Path, tests: list[str], files: list[Path]) -> Reached | None:
    """Runs the tests of a room as they are, None if one fails."""
    told = folder / ".reached"

    def run() -> int:
        plugin = ReachedLines({str(file) for file in files})
        code = run_tests(tests, plugin)
        told.write_bytes(pickle.dumps((dict(plugin.tests_of), plugin.seconds)))
        return code

    if in_child(folder, run, 3600) != 0:
        return None
    return Reached(*pickle.loads(told.read_bytes()))  # noqa: S301  # written above


def replace_module(file: Path, text: str) -> None:
    """Writes a module, and removes what was compiled from it: Python compares whole seconds and sizes."""
    file.write_text(text, "utf-8")
    for compiled in (file.parent / "__pycache__").glob(f"{file.stem}.*.pyc"):
        compiled.unlink()


def chosen_result(folder: Path, tests: list[str], timeout: float) -> int | None:
    """The exit code of these tests, None if they take longer."""
    files = sorted({test.partition("::")[0] for test in tests})
    return in_child(folder, lambda: run_tests(files, ChosenTests(tests)), timeout)


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
