"""Changes the code in small ways, and runs the nearest tests: `make mutants [MODULES=FILE]`.

mutants.toml says what is changed, and which tests must notice. The changes are made one after the other, in a copy of what git
tracks: a comparison is turned round, `and` stands for `or`, `True` for `False`; a `not` or a part of a list or union is left out;
a condition is negated. A change that no test notices survives. Exit code 1 if one survives.
"""

from __future__ import annotations

import ast
import copy
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
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


def is_noticed(folder: Path, tests: list[str], timeout: float) -> bool:
    """Whether one of the tests fails within the time."""
    words = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
    try:
        return subprocess.run(words, cwd=folder, capture_output=True, timeout=timeout, check=False).returncode == 1
    except subprocess.TimeoutExpired:
        return False


def main(chosen: list[str]) -> int:
    """Tries the chosen modules, all if none is chosen, and prints a line for each, and what survived."""
    table = tomllib.loads((ROOT / "benchmarks/mutants.toml").read_text("utf-8"))
    survived = 0
    with tempfile.TemporaryDirectory() as room:
        copy_tracked_files(Path(room))
        for module in chosen or table["modules"]:
            file = Path(room) / module
            source = file.read_text("utf-8")
            if is_noticed(Path(room), table["modules"][module], table["timeout"]):
                sys.exit(f"{module}: its tests fail as they are")
            mutants = list(changed_sources(source))
            survivors = []
            for text, what in mutants:
                file.write_text(text, "utf-8")
                if not is_noticed(Path(room), table["modules"][module], table["timeout"]):
                    survivors.append(what)
                    print(f"  survived: {module}:{what}", flush=True)
            file.write_text(source, "utf-8")
            print(f"{module}: {len(mutants) - len(survivors)} of {len(mutants)} noticed", flush=True)
            survived += len(survivors)
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
