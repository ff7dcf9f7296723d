"""What somebody else wrote, on its way through the commands to a terminal, a file, a runner: it acts nowhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.cli.fragments import fragment
from tests.terminal import Terminal

if TYPE_CHECKING:
    from tests.commandline import Run
    from tests.repository import Repo

ACTS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def test_a_hold_does_not_clear_the_screen(repo: Repo) -> None:
    repo.write("changes/1.md", '---\ntype: fixed\nhold: ["x\\e[2J#1"]\n---\n\nA fix.\n')
    terminal = Terminal(("list",), repo.path)
    assert terminal.end() == 1  # such a reference is a fault, which is told below the list
    assert "U+001B" in terminal.screen
    assert "No unreleased change." in terminal.screen, "what stands above the fault is still there"


def test_the_name_of_an_author_acts_neither_in_notes_nor_in_the_changelog(repo: Repo, relbot: Run) -> None:
    repo.write("changes/1.md", fragment("fixed", "A fix\u200b with more."))
    repo.git("add", ".")
    repo.git("commit", "--quiet", "--message", "Fix", "--author=X\x1bc\u202e <e@example.org>")
    drafted = relbot("build", "--draft", "1.1.0").out
    assert relbot("build", "1.1.0").code == 0
    for text in (drafted, (repo.path / "CHANGELOG.md").read_text("utf-8"), relbot("notes", "1.1.0").out):
        assert "A fix" in text
        assert ACTS.search(text) is None


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
def test_the_name_of_a_file_gives_a_runner_no_command(
    repo: Repo, relbot: Run, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    repo.write("changes/a ##[set-output name=x]y ::stop-commands::z.md", "nothing\n")
    said = relbot("check", "--format", form)
    assert said.code == 1
    assert "##[" not in said.out + said.err
    assert all(not line.lstrip().startswith("::") or line.startswith("::error ") for line in said.out.splitlines())


def test_outside_of_a_runner_nothing_is_disarmed(repo: Repo, relbot: Run) -> None:
    repo.write("changes/1.md", fragment("fixed", "`std::sort` is stable."))
    assert "std::sort" in relbot("list").out


STEP = (
    "deploy:",
    "  - phase: before-install",
    "    run: |",
    "      true",
    "      ::stop-commands::x",
    "      =====[ RESTART NOW ]=====",
)


def test_a_step_gives_a_runner_no_command_and_stays_in_its_place(
    repo: Repo, relbot: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.write("relbot.toml", '[environments.production]\ndeployed = "ledger"\n')
    start = repo.commit("Begin")
    repo.write("changes/1.md", fragment("changed", "Options are grouped.", "migration: true", *STEP))
    target = repo.commit("Group")
    assert relbot("deploy", "adopt", "production", "--at", start).code == 0
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    for args in (
        ("checklist", "--from", start),
        ("deploy", "gate", "production", "--before", "install", "--to", target),
    ):
        said = relbot(*args)
        assert "stop-commands" in said.out
        assert "::" not in said.out + said.err
        assert not any(line.startswith(("=====[ RESTART", "true")) for line in said.out.splitlines())
