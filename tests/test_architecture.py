"""Imports point downward only, and the core does no input or output. The rules are in tests/rooms.py."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path, PurePosixPath

import pytest

from relbot.cli import commands, deploy
from tests.rooms import FLOORS, faults
from tests.syntax_trees import relbot_trees

RELBOT = Path(__file__).parents[1] / "relbot"
FILES = {path.relative_to(RELBOT).as_posix(): path.read_text(encoding="utf-8") for path in sorted(RELBOT.rglob("*.py"))}
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)


def test_relbot_keeps_its_rooms() -> None:
    found = faults(RELBOT)
    assert not found, "\n".join(["", *found])


def test_the_walk_reaches_relbot() -> None:
    """A wrong folder would have no faults."""
    assert (RELBOT / "fragment" / "parse.py").is_file()


def test_each_entry_of_relbot_is_a_room_with_a_sentence_and_each_room_is_there() -> None:
    entries = {
        path.name.removesuffix(".py") for path in RELBOT.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()
    }
    rooms = [room for floor in FLOORS for room in floor]
    assert {room.name for room in rooms} == entries
    assert len({room.name for room in rooms}) == len(rooms)
    assert all(room.purpose.endswith(".") and len(room.purpose) > 20 for room in rooms)
    assert len(entries - {*DESIGNED, "__init__"}) <= 5, "who reads the house remembers no more"


DESIGNED = (
    "cli app ledger github sources tools git files processes http render review deploy release config fragment schema finding"
    " errors detect"
).split()
"""The rooms that the house was planned with."""


@pytest.mark.parametrize(
    ("path", "source", "complaint"),
    [
        ("finding.py", "from relbot.schema.faults import Faults", "`finding` must not import `schema`"),
        ("schema/kinds.py", "import relbot.fragment.model", "`schema` must not import `fragment`"),
        ("fragment/parse.py", "from relbot.config import model", "`fragment` must not import `config`"),
        ("config/read.py", "from relbot import release", "`config` must not import `release`"),
        ("deploy/plan.py", "from relbot.git.process import run", "`deploy` must not import `git`"),
        ("deploy/plan.py", "from relbot.review.check import check_fragments", "`deploy` must not import `review`"),
        ("detect/keys.py", "from relbot.cli import main", "`detect` must not import `cli`"),
        ("git/process.py", "from relbot.ledger.store import Store", "`git` must not import `ledger`"),
        ("render/text.py", "from relbot.files import write", "`render` must not import `files`"),
        ("github/bot.py", "from relbot.cli import main", "`github` must not import `cli`"),
        ("app/build.py", "from relbot.cli.exits import Exit", "`app` must not import `cli`"),
        ("cli/check.py", "import relbot.__main__", "`cli` must not import `__main__`"),
        ("deploy/plan.py", "from ..git import process", "`deploy` must not import `git`"),
        ("deploy/plan.py", "def f() -> None:\n    import relbot.git", "relbot/deploy/plan.py:2: `deploy` must not import `git`"),
        (
            "deploy/plan.py",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import relbot.git",
            "relbot/deploy/plan.py:3",
        ),
        ("deploy/plan.py", "import subprocess", "imports `subprocess`"),
        ("deploy/plan.py", "import os.path", "imports `os.path`"),
        ("deploy/plan.py", "import urllib.request", "imports `urllib.request`"),
        ("deploy/plan.py", "from urllib import request", "imports `urllib.request`"),
        ("deploy/plan.py", "from pathlib import Path", "more than pure paths"),
        ("review/rules.py", "import requests", "imports `requests`"),
        ("review/rules.py", "from github import Github", "imports `github.Github`"),
        ("render/html.py", "open('page.html')", "calls `open`"),
        ("render/html.py", "print('page')", "calls `print`"),
        ("render/html.py", "def f(page): page.write_text('')", "calls `.write_text()`"),
        ("render/html.py", "from jinja2 import FileSystemLoader", "reads templates from the file system"),
        ("release/notes.py", "import datetime\nday = datetime.date.today()", "reads the clock with `.today()`"),
        ("release/notes.py", "import datetime\nday = datetime.datetime.now(datetime.UTC)", "reads the clock with `.now()`"),
        ("helpers.py", "", "`helpers` belongs to no room. Declare it in FLOORS of tests/rooms.py."),
        ("cli/check.py", "import relbot.helpers", "imports `helpers`, which belongs to no room"),
    ],
)
def test_a_fault_of_a_room_is_found(tmp_path: Path, path: str, source: str, complaint: str) -> None:
    file = tmp_path / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(source)
    (found,) = faults(tmp_path)
    assert complaint in found
    assert found.startswith(f"relbot/{path}:")


@pytest.mark.parametrize(
    ("path", "source"),
    [
        (
            "deploy/plan.py",
            "from pathlib import PurePosixPath\nfrom urllib.parse import quote\nfrom relbot._version import __version__",
        ),
        ("deploy/plan.py", "from relbot.release.notes import Notes\nfrom relbot.config.model import Config"),
        ("git/process.py", "import subprocess\nfrom relbot.errors import Unknown"),
        ("demo/replay.py", "from relbot.cli import main"),
        ("cli/demo.py", "def command():\n    from relbot.demo import replay"),
        ("__main__.py", "from relbot.cli import main"),
    ],
)
def test_what_a_room_may_do_is_accepted(tmp_path: Path, path: str, source: str) -> None:
    file = tmp_path / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(source)
    assert faults(tmp_path) == []


@pytest.mark.parametrize(
    "late",
    [
        "import relbot.git.b",
        "from . import b",
        "def f() -> None:\n    from relbot.git.b import g",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from relbot.git import b",
    ],
)
def test_two_files_that_import_each_other_are_found(tmp_path: Path, late: str) -> None:
    (tmp_path / "git").mkdir()
    (tmp_path / "git" / "a.py").write_text(late)
    (tmp_path / "git" / "b.py").write_text("from relbot.git.a import f")
    (found,) = faults(tmp_path)
    assert "in a loop" in found


def test_a_use_case_knows_neither_click_nor_the_streams() -> None:
    forbidden = {"click", "rich", "sys"}
    known = {
        (name, module.split(".")[0])
        for name, tree in relbot_trees().items()
        if name.startswith("app/")
        for node in ast.walk(tree)
        for module in _imported_modules(node)
    }
    assert not {(name, module) for name, module in known if module in forbidden}


def _imported_modules(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []


def test_nearly_every_file_of_the_command_line_is_a_command() -> None:
    without = [
        name
        for name, tree in relbot_trees().items()
        if name.startswith("cli/") and not any(isinstance(node, FUNCTION) and node.name == "command" for node in tree.body)
    ]
    assert len([name for name in without if not name.endswith("__init__.py")]) <= 8, without


def test_each_command_is_in_the_registry_of_its_group() -> None:
    there: dict[str, set[str]] = defaultdict(set)
    for name, tree in relbot_trees().items():
        if name.startswith("cli/") and any(isinstance(node, FUNCTION) and node.name == "command" for node in tree.body):
            path = PurePosixPath(name).parent if name.endswith("__init__.py") else PurePosixPath(name).with_suffix("")
            there[path.parent.as_posix()].add(path.name.rstrip("_").replace("_", "-"))
    assert there == {"cli": set(commands.SUMMARIES), "cli/deploy": set(deploy.SUMMARIES)}


SHARED_NAMES = {
    "command": "the click command of each file in cli/",
    "render": "the function of each format in a registry",
}


def test_a_public_name_means_one_thing() -> None:
    places: dict[str, set[str]] = defaultdict(set)
    for name, tree in relbot_trees().items():
        for node in tree.body:
            if isinstance(node, (*FUNCTION, ast.ClassDef)) and not node.name.startswith("_"):
                places[node.name].add(name)
    twice = {name: sorted(found) for name, found in places.items() if len(found) > 1 and name not in SHARED_NAMES}
    assert not twice, "\n".join(f"{name}: {', '.join(found)}" for name, found in sorted(twice.items()))


def test_most_functions_say_in_two_words_or_more_what_they_do() -> None:
    names = [node.name.strip("_") for tree in relbot_trees().values() for node in tree.body if isinstance(node, FUNCTION)]
    short = [name for name in names if "_" not in name]
    assert len(short) < 0.4 * len(names), f"{len(short)} of {len(names)}"


def test_files_and_functions_are_small() -> None:
    large = [f"{name}: {text.count(chr(10))} lines" for name, text in FILES.items() if text.count("\n") > 300]
    large += [
        f"{name}:{node.lineno}: {node.name} has {node.end_lineno - node.lineno + 1} lines"
        for name, tree in relbot_trees().items()
        for node in ast.walk(tree)
        if isinstance(node, FUNCTION) and node.end_lineno is not None and node.end_lineno - node.lineno + 1 > 60
    ]
    assert not large, "\n".join(large)


def test_an_import_inside_a_function_says_what_it_saves() -> None:
    """Commands load what they use when they are called. Elsewhere a comment on the line, or on the one above, has the reason."""
    silent = []
    for name, tree in relbot_trees().items():
        if name.startswith(("cli/", "demo/")) or name == "__init__.py":
            continue
        lines = FILES[name].split("\n")
        for function in (node for node in ast.walk(tree) if isinstance(node, FUNCTION)):
            first = True
            for node in ast.walk(function):
                if isinstance(node, (ast.Import, ast.ImportFrom)) and first:
                    near = lines[max(0, node.lineno - 2) : node.end_lineno]
                    if not any("#" in line for line in near):
                        silent.append(f"relbot/{name}:{node.lineno}")
                    first = False
    assert not silent, "\n".join(silent)
