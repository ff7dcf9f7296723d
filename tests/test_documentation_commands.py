"""Every command in the tutorial, on the five-minute pages and in the how-to pages is run, and prints what the page shows.

To write the outputs anew, and read them: RELBOT_UPDATE_GOLDEN=1 python -m pytest tests/test_documentation_commands.py
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import relbot as package
from tests.ledger.clones import Clock
from tests.terminal import Terminal

if TYPE_CHECKING:
    from tests.commandline import Run
    from tests.repository import Repo

DOCS = Path(package.__file__).parent.parent / "docs"
WRITE = bool(os.environ.get("RELBOT_UPDATE_GOLDEN"))
_BLOCK = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.DOTALL | re.MULTILINE)


def empty(_repo: Repo, _relbot: Run) -> None:
    """The tutorial begins with nothing."""


def in_use(repo: Repo, relbot: Run) -> None:
    """A project that uses relbot, with one release."""
    relbot("init", "--forge", "other")
    repo.write("options.yml", "a: 1\n")
    repo.commit("Use relbot")
    repo.tag("v1.0.0")


def with_changes(repo: Repo, relbot: Run) -> None:
    """The same, with the changes of the author's page."""
    in_use(repo, relbot)
    for line in re.findall(r"^\$ (relbot new .*)$", (DOCS / "five-minutes-author.md").read_text("utf-8"), re.MULTILINE):
        assert relbot(*shlex.split(line)[1:]).code == 0
    repo.commit("Change things")


PAGES = {
    "tutorial": empty,
    "five-minutes-author": in_use,
    "five-minutes-release": with_changes,
    "five-minutes-operator": with_changes,
}
HOW_TO = {
    "how-to/daily-deploys": in_use,
    "how-to/stable-releases": in_use,
    "how-to/back-ports": in_use,
    "how-to/monorepo": in_use,
    "how-to/move-from-another-tool": empty,
}


@pytest.mark.parametrize("name", [*PAGES, *(pytest.param(name, marks=pytest.mark.long) for name in HOW_TO)])
def test_the_commands_of_a_page_print_what_it_shows(name: str, repo: Repo, relbot: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relbot.cli.deploy.options.utc_now", Clock())
    (PAGES | HOW_TO)[name](repo, relbot)

    def run_block(match: re.Match[str]) -> str:
        commands = [line for line in match[0].splitlines() if line.startswith("$ ")]
        return "".join(f"{line}\n{run_command(repo, relbot, line.removeprefix('$ '))}" for line in commands)

    page = DOCS / f"{name}.md"
    text = page.read_text("utf-8")
    shown = _BLOCK.sub(run_block, text)
    if WRITE:
        page.write_text(shown, encoding="utf-8")
    assert shown == text or WRITE


@pytest.mark.long
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_done_in_processes_of_their_own(name: str, repo: Repo, relbot: Run, run_relbot: Run) -> None:
    """As a new user does it: each command as it is written, in a shell, with nothing left in memory from the one before."""
    PAGES[name](repo, relbot)
    text = (DOCS / f"{name}.md").read_text("utf-8")
    for block in _BLOCK.findall(text):
        commands = [line.removeprefix("$ ") for line in block.splitlines() if line.startswith("$ ")]
        shown = "".join(f"$ {line}\n{run_command(repo, run_relbot, line)}" for line in commands)
        assert shown == block


def run_command(repo: Repo, relbot: Run, line: str) -> str:
    """What the command prints: relbot in this process, everything else by bash."""
    if line.startswith("relbot "):
        done = relbot(*shlex.split(line)[1:])
        said = done.out + done.err
    else:
        ended = subprocess.run(["bash", "-c", line], cwd=repo.path, capture_output=True, text=True, check=True)
        said = ended.stdout + ended.stderr
    return said.replace(os.uname().nodename, "bastion")


README = DOCS.parent / "README.md"
_ANSWERS = {
    "[added]:": "changed\n",
    "in a sentence:": "Options are grouped.\n",
    "[y/N]:": "n\n",
}
"""What is typed after the words with which each question ends."""


@pytest.mark.long
def test_the_commands_of_the_readme_do_what_it_says(repo: Repo, run_relbot: Run) -> None:
    """All of its second block, from `relbot init` on, as they are written; what asks is answered on a terminal."""
    repo.write("src.py", "")
    repo.commit()
    block = _BLOCK.findall(README.read_text("utf-8"))[1]
    lines = [line.partition("  #")[0].strip() for line in block.splitlines()]
    assert lines[2] == "relbot init"
    for line in lines[2:]:
        if line == "relbot new":
            terminal = Terminal(("new",), repo.path)
            while asked := terminal.until_any(tuple(_ANSWERS)):
                terminal.type(_ANSWERS[asked])
            assert terminal.end() == 0
            assert terminal.screen.endswith("changes/my-change.md")
        elif line.startswith("relbot "):
            done = run_relbot(*shlex.split(line)[1:])
            assert done.code == 0, (line, done)
        else:
            subprocess.run(["bash", "-c", line], cwd=repo.path, capture_output=True, check=True)
    changelog = (repo.path / "CHANGELOG.md").read_text("utf-8")
    assert "## 1.4.0" in changelog
    assert "- Options are grouped." in changelog
