"""The small changes that `benchmarks/mutants.py` makes in a module: one node of its syntax tree stands for another."""

from __future__ import annotations

import ast
import copy
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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
