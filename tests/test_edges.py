"""What leaves relbot, and what reaches the programs that it starts: tokens, variables, requests."""

from __future__ import annotations

import ast
import os
import stat
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING

import pytest

import relbot.tools
from relbot.config.model import TOOLS
from tests.commandline import ROOT
from tests.syntax_trees import parse_file

if TYPE_CHECKING:
    from tests.commandline import Run
    from tests.repository import Repo

CONFIGURATION = """
[environments.production]
deployed = "github"
repository = "o/r"

[environments.staging]
deployed = "ledger"
store = "github"
repository = "o/r"
"""
COMMANDS = (
    ("checklist", "production"),
    ("motd", "production"),
    ("checklist", "staging"),
    ("deploy", "status", "staging"),
    ("deploy", "log", "staging"),
    ("deploy", "gate", "production", "--to", "HEAD"),
    ("deploy", "gate", "staging"),
    ("deploy", "done", "staging", "--to", "HEAD"),
    ("deploy", "lock", "staging", "--for", "1h", "--reason", "x"),
    ("pr", "--repo", "o/r", "--number", "1"),
    ("release", "1.0.0"),
    ("release", "--pr"),
)


@pytest.fixture
def project(repo: Repo) -> Repo:
    repo.write("relbot.toml", CONFIGURATION)
    repo.write("changes/1-a.md", "---\ntype: fixed\n---\n\nA.\n")
    repo.write("CHANGELOG.md", "# Changelog\n")
    repo.commit("Begin")
    return repo


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_no_command_sends_the_token_unencrypted(
    project: Repo, relbot: Run, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    """tests/traps.py ends the test at the first connection: the command must end before it makes one."""
    if words == ("release", "1.0.0"):
        assert relbot("build", "1.0.0").code == 0
        project.commit("Release 1.0.0")
    monkeypatch.setenv("GITHUB_API_URL", "http://192.0.2.1:8931")
    monkeypatch.setenv("GITHUB_TOKEN", "ghs_secret")
    monkeypatch.setenv("GITHUB_REPOSITORY", "o/r")
    done = relbot(*words)
    assert done.code == 2, done
    assert "GITHUB_API_URL" in done.err
    assert "ghs_secret" not in done.out + done.err


OWN_FILES = {"cli/environment.py", "processes.py"}


def test_the_environment_is_read_in_one_file_and_handed_on_by_another() -> None:
    """`os.environ` and `os.getenv` by the syntax tree, whatever the module is called there."""
    found = {
        path.relative_to(ROOT / "relbot").as_posix()
        for path in (ROOT / "relbot").rglob("*.py")
        for node in ast.walk(parse_file(path))
        if (isinstance(node, ast.Attribute) and node.attr in ("environ", "environb", "getenv", "getenvb"))
        or (isinstance(node, ast.ImportFrom) and node.module == "os" and any("env" in name.name for name in node.names))
    }
    assert found == OWN_FILES


SECRETS = {
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "secret1",
    "ACTIONS_RUNTIME_TOKEN": "secret2",
    "GITHUB_OUTPUT": "secret3",
    "INPUT_TOKEN": "secret4",
    "GITHUB_TOKEN": "secret5",
    "AWS_SECRET_ACCESS_KEY": "secret6",
}


def _spy(folder: Path, name: str, then: str = "exit 1") -> Path:
    """A program of that name, first on the PATH, that writes down its environment."""
    folder.mkdir(exist_ok=True)
    program = folder / name
    program.write_text(f'#!/bin/sh\nenv >> "{folder}/seen"\n{then}\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return folder / "seen"


@pytest.mark.parametrize("program", ["git", "squawk", "rpm", "command"])
def test_no_child_gets_what_it_does_not_need(
    repo: Repo, relbot: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    """A command of the project's own gets what the user has, and nothing of the runner's."""
    deployed = {
        "rpm": 'deployed = "rpm"\npackage = "x"',
        "command": f'deployed = "command"\ncommand = ["{tmp_path}/bin/command"]',
    }
    environment = f"[environments.production]\n{deployed[program]}\n" if program in deployed else ""
    repo.write("relbot.toml", f'[rules]\nsquawk = "ask"\n\n{environment}')
    repo.commit("Begin")
    real = next(Path(p) / "git" for p in os.environ["PATH"].split(os.pathsep) if (Path(p) / "git").exists())
    monkeypatch.setenv("PATH", f"{tmp_path}/bin{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bin" / "python"))
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    seen = _spy(tmp_path / "bin", program, f'exec {real} "$@"' if program == "git" else "exit 1")
    if program == "squawk":
        repo.write("db/1.sql", "ALTER TABLE a ADD COLUMN b int;\n")
        repo.commit("Migrate")
        done = relbot("check", "--base", "HEAD~1")
    else:
        done = relbot("checklist", *(["production"] if environment else ["--from", "HEAD"]))
    assert seen.exists(), done
    told = seen.read_text()
    kept = {"secret5", "secret6"} if program == "command" else set()
    assert {value for value in SECRETS.values() if value in told} == kept


def test_every_tool_has_its_file_and_its_place_in_the_configuration() -> None:
    """Delete a file of relbot/tools or a row of TOOLS, and this fails."""
    modules = {found.name: import_module(f"relbot.tools.{found.name}") for found in iter_modules(relbot.tools.__path__)}
    adapters = {name: module.ADAPTER for name, module in modules.items() if hasattr(module, "ADAPTER")}
    assert set(adapters) == set(TOOLS)
    assert all(adapter.id == name and TOOLS[name] for name, adapter in adapters.items())
    assert set(modules) - {"ask", "breakages", "exchange", "model"} == set(adapters)
