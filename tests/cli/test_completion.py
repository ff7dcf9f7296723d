"""Completion: commands, options, and the names of the project, without loading what that does not need."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import click
import pytest

from relbot.cli.commands import relbot as command_line
from tests.cli.fragments import FIXED
from tests.cli.test_verbosity import commands
from tests.commandline import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.deployed import Deploy, Site
    from tests.commandline import Run
    from tests.repository import Repo

Complete = Callable[..., list[str]]
CONFIG = """[environments.production]
deployed = "ledger"

[environments.staging]
deployed = "ledger"

[services.apache2]
restart = "systemctl restart apache2"

[components.api]
title = "API"
"""
FREE = frozenset(
    "text issues note reason run_command on check_command undo pre day skip failed mistaken host anyway when until hashes"
    " vouch action repository remote since revisions length name gone_from notes record_file".split()
)
"""Parameters that take a text of yours, a file, or a name that this clone does not tell."""


@pytest.fixture
def complete(monkeypatch: pytest.MonkeyPatch, relbot: Run, site: Site) -> Complete:
    """What bash is offered where these words stand, the last one not finished."""

    def run(*words: str, cwd: Path | None = None) -> list[str]:
        monkeypatch.setenv("_RELBOT_COMPLETE", "bash_complete")
        monkeypatch.setenv("COMP_WORDS", " ".join(("relbot", *words)))
        monkeypatch.setenv("COMP_CWORD", str(len(words)))
        done = relbot(cwd=cwd or site.ada.path)
        monkeypatch.delenv("_RELBOT_COMPLETE")
        assert (done.code, done.err) == (0, "")
        return [line.partition(",")[2] for line in done.out.splitlines() if line]

    return run


def test_the_names_of_the_project_are_completed(complete: Complete, site: Site) -> None:
    ada = site.ada
    ada.write("relbot.toml", CONFIG)
    ada.write("changes/login.md", FIXED)
    ada.write("changes/released/1.0/old.md", FIXED)
    ada.write("changes/released/1.0/evil\n.md", FIXED)
    ada.git("tag", "v0.9")
    for words, offered in (
        (("check", "--ba"), ["--base"]),
        (("dep",), ["deploy"]),
        (("deploy", "un"), ["unlock"]),
        (("checklist", ""), ["production", "staging"]),
        (("deploy", "status", "s"), ["staging"]),
        (("announce", "1"), ["1.0"]),
        (("announce", "p"), ["production"]),
        (("notes", ""), ["0.9", "1.0"]),
        (("new", "--type", "fi"), ["fixed"]),
        (("new", "--component", ""), ["api"]),
        (("new", "--restart", ""), ["apache2"]),
        (("new", "--undo", ""), []),
        (("show", "o"), ["options", "old"]),
        (("checklist", "--to", "ne"), ["new", "newer"]),
        (("explain", "migrations/drop"), ["migrations/dropped"]),
        (("explain", "placeh"), ["placeholder-left"]),
        (("schema", "fr"), ["fragment"]),
        (("completion", ""), ["bash", "zsh", "fish"]),
    ):
        assert complete(*words) == offered, words


def test_steps_are_those_of_the_deploy_under_way(complete: Complete, site: Site, deploy: Deploy) -> None:
    site.environment('deployed = "ledger"')
    assert complete("deploy", "tick", "production", "") == [], "no deploy is under way"
    assert deploy("begin", "--to", "new").code == 0
    steps = ["options#1", "options#2", "options#3", "restart:apache2"]
    assert sorted(complete("deploy", "tick", "production", "")) == steps
    assert complete("deploy", "tick", "r") == ["restart:apache2"], "ENV can be left out"
    assert complete("deploy", "tick", "production", "restart", ":", "ap") == ["apache2"], "as bash splits words"
    assert complete("deploy", "tick", "production", "restart", ":") == ["apache2"]
    assert complete("deploy", "overrule", "production", "step", ":", "options#3") == ["options#3"]
    assert complete("deploy", "lift", "production", "ne") == ["new", "newer"], "revisions, and no step"
    site.store = "github"
    site.environment('deployed = "ledger"')
    assert complete("deploy", "tick", "production", "") == [], "no server is asked"


def test_what_cannot_be_read_completes_to_nothing(complete: Complete, site: Site, tmp_path: Path) -> None:
    site.ada.write("relbot.toml", "types = 5")
    assert complete("checklist", "") == []
    (tmp_path / "elsewhere").mkdir()
    assert complete("checklist", "--to", "ne", cwd=tmp_path / "elsewhere") == []


def test_every_parameter_is_completed_or_free() -> None:
    from relbot.cli.completion import add_completion

    found = []
    for path, command in commands(command_line):
        plain = {
            parameter.name: parameter for parameter in command.params if isinstance(parameter.type, click.types.StringParamType)
        }
        add_completion(command)
        found += [(*path, name) for name, each in plain.items() if type(each.type) is type(click.STRING) and name not in FREE]
    assert found == []


@pytest.mark.parametrize("words", ["1 ", "2 deploy ", "2 check --", "2 explain migr"])
def test_completion_loads_nothing_heavy(words: str, repo: Repo) -> None:
    code = (
        "import sys\nfrom relbot.cli.exits import run\ncode = run(None)\n"
        "heavy = {'rich', 'github', 'requests', 'jinja2', 'mistune', 'sqlglot', 'tree_sitter', 'graphql', 'frontmatter'}\n"
        "print(code, sorted(heavy & set(sys.modules)), sorted(m for m in sys.modules if m.startswith('relbot.cli.') and"
        " m.endswith(('build', 'gate'))))"
    )
    variables = {"_RELBOT_COMPLETE": "bash_complete", "COMP_WORDS": f"relbot {words[2:]}", "COMP_CWORD": words[0]}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=repo.path,
        env=os.environ | variables | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "0 [] []"
    assert len(done.stdout.splitlines()) > 1


def test_the_script_of_a_shell_is_printed(repo: Repo, relbot: Run) -> None:
    for shell in ("bash", "zsh", "fish"):
        assert f"{shell}_complete" in relbot("completion", shell).out
