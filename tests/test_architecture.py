"""Imports point downward only, and the core does no I/O. The rules are in tests/rooms.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rooms import ROOMS, faults

RELBOT = Path(__file__).parents[1] / "relbot"


def test_relbot_keeps_its_rooms() -> None:
    found = faults(RELBOT)
    assert not found, "\n".join(["", *found])


def test_the_walk_reaches_relbot() -> None:
    """Were the folder wrong, nothing would be found to be wrong."""
    assert (RELBOT / "fragment" / "parse.py").is_file()


def test_a_room_is_declared_once_and_from_the_bottom_up() -> None:
    modules = [module for room in ROOMS for module in room.modules]
    assert len(modules) == len(set(modules))
    names = [room.name for room in ROOMS]
    for room in ROOMS:
        above = {"cli": {"demo"}, "app": {"cli"}}.get(room.name, set())
        assert room.below - above <= set(names[: names.index(room.name)])


@pytest.mark.parametrize(
    ("path", "source", "complaint"),
    [
        ("finding.py", "from relbot.schema.faults import Faults", "`finding` must not import `schema`"),
        ("schema/kinds.py", "import relbot.fragment.model", "`schema` must not import `fragment`"),
        ("fragment/parse.py", "from relbot.config import model", "`fragment` must not import `config`"),
        ("config/read.py", "from relbot import release", "`config` must not import `release`"),
        ("deploy/plan.py", "from relbot.git.process import run", "`deploy` must not import `git`"),
        ("detect/keys.py", "from relbot.cli import main", "`detect` must not import `cli`"),
        ("git/process.py", "from relbot.app.text import show", "`git` must not import `app`"),
        ("render/text.py", "from relbot.files import write", "`render` must not import `files`"),
        ("github/bot.py", "from relbot.cli import main", "`github` must not import `cli`"),
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
        ("helpers.py", "", "`helpers` belongs to no room. Declare it in ROOMS of tests/rooms.py."),
        ("cli/check.py", "import relbot.helpers", "imports `helpers`, which belongs to no room"),
    ],
)
def test_what_breaks_a_room_is_found(tmp_path: Path, path: str, source: str, complaint: str) -> None:
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
def test_what_a_room_may_do_is_let_be(tmp_path: Path, path: str, source: str) -> None:
    file = tmp_path / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(source)
    assert faults(tmp_path) == []


def test_a_circle_within_a_room_is_found(tmp_path: Path) -> None:
    for room, other in (("deploy", "review"), ("review", "deploy")):
        (tmp_path / room).mkdir()
        (tmp_path / room / "file.py").write_text(f"import relbot.{other}")
    (found,) = faults(tmp_path)
    assert "in a circle" in found
