"""Changes the code in small ways, and runs the nearest tests: `make mutants [ROOMS=FILES] [EACH=40]`.

mutants.toml says what is changed, and which tests must notice. The changes are made one after the other, in a copy of what git
tracks: a comparison is turned round, `and` stands for `or`, `True` for `False`; a `not` or a part of a list or union is left out;
a condition is negated. A change that no test notices within the time survives. With EACH, that many changes of each room are
tried, spread over its modules, else all. Exit code 1 if fewer are noticed than mutants.toml demands.

Each run of the tests is a fork of a process that has loaded the libraries, but nothing of relbot.
"""

from __future__ import annotations

import argparse
import ast
import copy
import importlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
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


def changed_sources(source: str) -> Iterator[tuple[str, str]]:
    """The module with one change, and what was changed: `line: before -> after`. Types and what is for types only stay."""
    tree = ast.parse(source)
    apart = {
        id(part)
        for node in ast.walk(tree)
        for field in ("annotation", "returns")
        if (said := getattr(node, field, None))
        for part in ast.walk(said)
    }
    for number, node in enumerate(ast.walk(tree)):
        if id(node) in apart or ast.unparse(getattr(node, "test", node)) == "TYPE_CHECKING":
            continue
        for new in changes_of(node):
            whole = ast.parse(source)
            old = next(each for at, each in enumerate(ast.walk(whole)) if at == number)
            after = ast.fix_missing_locations(_Replacement(old, new).visit(whole))
            line = getattr(node, "lineno", 0)
            shown = [ast.unparse(each).partition("\n")[0] for each in (node, new)]
            yield ast.unparse(after), f"{line}: {shown[0]} -> {shown[1]}"


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


def test_result(folder: Path, tests: list[str], timeout: float) -> int | None:
    """The exit code of the tests, None if they take longer than this."""
    child = os.fork()
    if child == 0:
        run_tests(folder, tests)
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def run_tests(folder: Path, tests: list[str]) -> None:
    """Becomes a run of these tests, in silence. Only in a child."""
    os.setpgid(0, 0)
    os.chdir(folder)
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silence, stream)
    sys.path.insert(0, str(folder))
    os.environ.update(PYTHONPATH=str(folder), CI="true", PYTHONDONTWRITEBYTECODE="1", RELBOT_TEST_TIER="mutants")
    sys.dont_write_bytecode = True
    code = 3
    try:
        loaded = "ignore::pytest.PytestAssertRewriteWarning"  # plugins that load_libraries has imported before
        code = int(pytest.main(["-q", "-x", "-p", "no:cacheprovider", "-W", loaded, *tests]))
    finally:
        os._exit(code)


def spread(items: list[Any], each: int) -> list[Any]:
    """So many of the items, at equal distances; all if there are fewer, or for 0."""
    if not each or len(items) <= each:
        return items
    return [items[number * len(items) // each] for number in range(each)]


def try_room(folder: Path, room: str, table: dict[str, Any], each: int) -> tuple[int, int]:
    """How many changes of the modules of a room are noticed, of how many. Prints those that are not."""
    tests, noticed = table["rooms"][room], 0
    if test_result(folder, tests, table["timeout"]) != 0:
        sys.exit(f"{room}: its tests fail as they are, or take too long")
    modules = sorted(folder.glob(room))
    mutants = spread([(file, *changed) for file in modules for changed in changed_sources(file.read_text("utf-8"))], each)
    for file, text, what in mutants:
        source = file.read_text("utf-8")
        file.write_text(text, "utf-8")
        if test_result(folder, tests, table["timeout"]) in _NOTICED:
            noticed += 1
        else:
            print(f"  survived: {file.relative_to(folder)}:{what}", flush=True)
        file.write_text(source, "utf-8")
    print(f"{room}: {noticed} of {len(mutants)} noticed", flush=True)
    return noticed, len(mutants)


def main() -> int:
    """Tries the chosen rooms, all if none is chosen, and prints a line for each, and what survived."""
    parser = argparse.ArgumentParser()
    parser.add_argument("rooms", nargs="*", help="as in mutants.toml")
    parser.add_argument("--each", type=int, default=0, help="how many changes of each room; 0 for all")
    chosen = parser.parse_args()
    table = tomllib.loads((ROOT / "benchmarks/mutants.toml").read_text("utf-8"))
    load_libraries()
    with tempfile.TemporaryDirectory() as name:
        copy_tracked_files(Path(name))
        scores = [try_room(Path(name), room, table, chosen.each) for room in chosen.rooms or table["rooms"]]
    noticed, tried = (sum(score[side] for score in scores) for side in (0, 1))
    share = 100 * noticed / max(tried, 1)
    print(f"{noticed} of {tried} noticed: {share:.1f} %, and {table['noticed']} % are demanded")
    return int(share < table["noticed"])


if __name__ == "__main__":
    sys.exit(main())
