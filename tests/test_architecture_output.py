"""The way out: nothing but the sinks prints or asks, and no kind of a closed type is forgotten where relbot tells kinds apart."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import relbot
from tests.syntax_trees import parse_file

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(relbot.__file__).parent
SINKS = "cli/output.py"
ALLOWED = {
    "tools/breakages.py": "writes JSON to the relbot process that started it",
    "templates/template_process.py": "writes JSON to the relbot process that started it",
}
_CLICK = {"echo", "secho", "style", "prompt", "confirm", "pause", "echo_via_pager", "progressbar", "getchar", "clear"}
_STREAMS = {"sys.stdout", "sys.stderr", "sys.__stdout__", "sys.__stderr__"}


def _ways_around(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """What writes to a terminal or asks there, by line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from (
                (node.lineno, f"imports `{alias.name}` of {node.module}")
                for alias in node.names
                if (node.module == "click" and alias.name in _CLICK)
                or (node.module == "sys" and alias.name in ("stdout", "stderr"))
                or (node.module == "rich" and alias.name in ("print", "get_console"))
                or node.module == "logging"
            )
        elif isinstance(node, ast.Import):
            yield from ((node.lineno, "imports logging") for alias in node.names if alias.name.split(".")[0] == "logging")
        elif isinstance(node, ast.Attribute):
            whole = ast.unparse(node)
            if whole.startswith("click.") and node.attr in _CLICK:
                yield node.lineno, f"uses `{whole}`"
            if ast.unparse(node.value) in _STREAMS and node.attr in ("write", "writelines", "buffer"):
                yield node.lineno, f"uses `{whole}`"
        elif isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            written = node.args and isinstance(node.args[0], ast.Constant) and node.args[0].value in (1, 2)
            if called in ("print", "input", "Console", "rich.console.Console") or (called == "os.write" and written):
                yield node.lineno, f"calls `{called}`"
        elif isinstance(node, ast.keyword) and node.arg == "file" and ast.unparse(node.value) in _STREAMS:
            yield node.value.lineno, "writes to a standard stream"


@pytest.mark.parametrize(
    "source",
    [
        "import click\nclick.echo('x')",
        "import click\nclick.secho('x')",
        "import click\ndef f(say=click.echo): say('x')",
        "import click\nclick.confirm('x')",
        "from click import prompt",
        "print('x')",
        "import sys\nsys.stdout.write('x')",
        "import sys\nwrite = sys.stderr.write",
        "import sys\nsys.stdout.buffer.write(b'x')",
        "from sys import stdout",
        "from rich.console import Console\nConsole().print('x')",
        "import logging",
        "import os\nos.write(1, b'x')",
        "import sys, traceback\ntraceback.print_exc(file=sys.stderr)",
    ],
)
def test_a_way_around_the_sinks_is_found(source: str) -> None:
    assert list(_ways_around(ast.parse(source)))


def test_nothing_but_the_sinks_prints_or_asks() -> None:
    found = [
        f"relbot/{path}:{line}: {what}. Use relbot.cli.output."
        for path, tree in _modules()
        if path != SINKS and path not in ALLOWED
        for line, what in _ways_around(tree)
    ]
    assert found == []


def test_no_exception_to_the_sinks_is_out_of_date() -> None:
    trees = dict(_modules())
    assert [path for path in ALLOWED if not list(_ways_around(trees[path]))] == []


OPEN_MATCHES = {
    "cli/exits.py": "errors: a new kind of error is unknown until it says otherwise",
    "http.py": "exceptions of libraries",
}
"""Files whose matches over classes are over types that others may extend."""


def _open_ended(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Matches over classes or members of enums that do not end in `case _: assert_never(...)`."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Match):
            continue
        last = node.cases[-1]
        ends = isinstance(last.pattern, ast.MatchAs) and last.pattern.pattern is None and "assert_never(" in ast.unparse(last)
        named = [name for case in node.cases for name in _names(case.pattern)]
        if not ends and any(name.rpartition(".")[2][:1].isupper() for name in named):
            yield node.lineno, ast.unparse(node.subject)


def _names(pattern: ast.pattern) -> Iterator[str]:
    """The classes and constants that a pattern names, as they are written."""
    for node in ast.walk(pattern):
        if isinstance(node, ast.MatchClass):
            yield ast.unparse(node.cls)
        elif isinstance(node, ast.MatchValue) and isinstance(node.value, ast.Attribute):
            yield ast.unparse(node.value)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("match x:\n    case Kind.A: pass\n    case Kind.B: pass", 1),
        ("match x:\n    case Title(text): pass\n    case _: pass", 1),
        ("match x:\n    case Title(text) | Line(text): pass\n    case _: assert_never(x)", 0),
        ("match x:\n    case 'a': pass\n    case str(): pass\n    case _: pass", 0),
    ],
)
def test_a_match_that_may_forget_a_kind_is_found(source: str, found: int) -> None:
    assert len(list(_open_ended(ast.parse(source)))) == found


def test_every_match_over_a_closed_type_ends_in_assert_never() -> None:
    found = [
        f"relbot/{path}:{line}: end `match {subject}` in `case _: assert_never({subject})`."
        for path, tree in _modules()
        if path not in OPEN_MATCHES
        for line, subject in _open_ended(tree)
    ]
    assert found == []


def _modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(PACKAGE).as_posix(), parse_file(path)
