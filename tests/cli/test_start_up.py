"""What a command loads and starts before it answers. Loading is most of its time, so what it does not need stays unloaded."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.commandline import ROOT

if TYPE_CHECKING:
    from tests.cli.stories import Story

PROGRAM = """
import subprocess, sys

started = []

class Counted(subprocess.Popen):
    def __init__(self, words, *args, **more):
        started.append(list(words))
        super().__init__(words, *args, **more)

subprocess.Popen = Counted
from relbot.cli.exits import run

code = run(sys.argv[2:])
modules = sorted(sys.modules)
import json

with open(sys.argv[1], "w") as file:
    json.dump([code, modules, started], file)
"""
HEAVY = frozenset(
    "asyncio concurrent.futures difflib email frontmatter github http.client importlib.metadata jinja2 jsonschema markdown_it"
    " multiprocessing packaging requests responses rich socket ssl tempfile tree_sitter unittest urllib.request xml yaml".split()
)
"""Each of them takes from a quarter of the time that a bare interpreter takes to twice as long."""
OF_DETECTORS = frozenset(("relbot.detect.engine.registry", "relbot.config.rules"))
OF_JSON = frozenset(("relbot.render.deploys.json_shapes", "relbot.schema.values"))
OF_DEPLOYS = HEAVY | OF_DETECTORS | OF_JSON


@pytest.mark.parametrize(
    ("command", "unneeded", "processes"),
    [
        ("--version", OF_DEPLOYS | {"dataclasses", "hashlib", "json", "pathlib", "tomllib"}, 0),
        ("deploy tick --help", HEAVY | OF_JSON | {"tomllib"}, 0),
        ("deploy status production", OF_DEPLOYS, 10),
        ("deploy gate production --before install", OF_DEPLOYS, 10),
        ("deploy tick production 1-a#1 --started", OF_DEPLOYS, 18),
        ("checklist production", OF_DEPLOYS, 10),
        ("motd production", OF_DEPLOYS - {"xml"}, 11),
        ("check", HEAVY | OF_JSON, 2),
        ("list", HEAVY | OF_JSON, 2),
        ("build --draft 1.0", HEAVY | OF_JSON | {"base64", "dataclasses", "hashlib", "relbot.files.apply"}, 7),
    ],
)
def test_a_command_loads_and_starts_what_it_needs(story: Story, command: str, unneeded: frozenset[str], processes: int) -> None:
    story.deploy("adopt", "--at", "v1")
    story.change("1-a")
    story.change("2-b")
    story.deploy("begin")
    found = story.folder / "found.json"
    words = [sys.executable, "-c", PROGRAM, str(found), *command.split()]
    done = subprocess.run(words, cwd=story.a.path, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, check=False)
    code, modules, started = json.loads(found.read_text())
    assert code in (0, 1), done
    assert unneeded & set(modules) == set()
    assert len(started) <= processes, "\n".join(" ".join(w)[:200] for w in started)
