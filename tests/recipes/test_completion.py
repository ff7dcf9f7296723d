"""Completion in the shells themselves: typed on a terminal, with the Tab key, set up as `relbot completion --help` says."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tests.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from tests.commandline import Run
    from tests.repository import Repo

pytestmark = pytest.mark.recipe
CONFIG = '[environments.production]\ndeployed = "ledger"\n[environments.staging]\ndeployed = "ledger"\n'
FRAGMENT = """---
type: changed
deploy:
  - phase: before-restart
    run: "true"
    undo: "true"
    restart: [web]
---

A text.
"""
SET_UP = {
    "bash": (".bashrc", "bash --rcfile .bashrc -i", 'PS1="> "\neval "$(relbot completion bash)"\n'),
    "zsh": (".zshrc", "zsh -i", 'PS1="> "\neval "$(relbot completion zsh)"\n'),
    "fish": (
        ".config/fish/config.fish",
        "setsid --ctty --wait fish -i",  # fish wants to control its terminal
        (
            'function fish_prompt\n  echo -n "> "\nend\nset -g fish_greeting ""\n'
            "relbot completion fish > ~/.config/fish/completions/relbot.fish\n"
        ),
    ),
}
"""By shell: its file, how it is started, and what stands in the file."""


@pytest.fixture
def deploying(repo: Repo, relbot: Run) -> Repo:
    """A deploy with a step and a restart is under way."""
    repo.write("relbot.toml", CONFIG)
    repo.commit("Begin")
    assert relbot("deploy", "adopt", "production", "--at", "HEAD").code == 0
    repo.write("changes/options.md", FRAGMENT)
    repo.commit("Change")
    assert relbot("deploy", "begin", "production", "--to", "HEAD").code == 0
    return repo


@pytest.mark.parametrize("shell", SET_UP)
def test_tab_completes(shell: str, deploying: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, programs = tmp_path / "of-the-shell", tmp_path / "bin"
    name, start, content = SET_UP[shell]
    (home / name).parent.mkdir(parents=True)
    (home / ".config/fish/completions").mkdir(parents=True, exist_ok=True)
    (home / name).write_text(content)
    programs.mkdir()
    (programs / "relbot").write_text(f'#!/bin/sh\nexec {sys.executable} -m relbot "$@"\n')
    (programs / "relbot").chmod(0o755)
    for variable, value in (("HOME", home), ("ZDOTDIR", home), ("XDG_CONFIG_HOME", home / ".config"), ("TERM", "xterm")):
        monkeypatch.setenv(variable, str(value))
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    program = tuple(start.replace(".bashrc", str(home / ".bashrc")).split())
    terminal = Terminal((), deploying.path, program=program)
    terminal.until_shown(">")
    for typed, shown in (
        ("relbot check --ba\t", ("check --base",)),
        ("HEAD --col\talw\t", ("check --base HEAD --color always",)),
        ("\x15relbot deploy st\t", ("deploy status",)),
        ("st\t", ("deploy status staging",)),
        ("\x15relbot deploy tick production restart\t", ("tick production restart:web",)),
        ("\x15relbot deploy tick production op\t", ("tick production options", "#1")),
        ("\x15relbot explain migrations/dro\t", ("explain migrations/dropped",)),
        ("\x15relbot deploy tick production \t\t", ("options", "restart:web")),
    ):
        terminal.type(typed)
        terminal.until_shown(*shown)
    terminal.kill()
