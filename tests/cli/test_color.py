"""Colours where they help, and lines that are wrapped at words."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from relbot.render.checklist.terminal import ChecklistScreen
from tests.cli.fragments import FAULTY
from tests.render.cases import PLANS
from tests.terminal import Terminal

if TYPE_CHECKING:
    from tests.commandline import Run
    from tests.repository import Repo

RED = "\x1b[31m\x1b[1merror\x1b[0m"


@pytest.mark.parametrize(
    ("option", "variables", "colored"),
    [
        ((), {}, False),
        (("--color", "always"), {}, True),
        (("--color", "always"), {"NO_COLOR": "1"}, True),
        (("--color", "never"), {"FORCE_COLOR": "1"}, False),
        ((), {"FORCE_COLOR": "1"}, True),
        ((), {"CLICOLOR_FORCE": "1"}, True),
        ((), {"CLICOLOR_FORCE": "0"}, False),
        ((), {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ((), {"NO_COLOR": "", "FORCE_COLOR": "1"}, True),
    ],
)
def test_option_and_variables_decide_about_colours(
    repo: Repo,
    relbot: Run,
    monkeypatch: pytest.MonkeyPatch,
    option: tuple[str, ...],
    variables: dict[str, str],
    colored: bool,
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    repo.write("changes/1.md", FAULTY)
    said = relbot(*option, "check").out
    assert (RED in said) == colored
    assert ("\x1b" in said) == colored


def test_json_has_no_colours(repo: Repo, relbot: Run) -> None:
    repo.write("changes/1.md", FAULTY)
    assert "\x1b" not in relbot("--color", "always", "check", "--format", "json").out


def test_what_nothing_takes_back_is_never_dim() -> None:
    screen = io.StringIO()
    Console(file=screen, width=200, force_terminal=True, color_system="standard").print(ChecklistScreen(PLANS["everything"]))
    (line,) = {line.strip() for line in screen.getvalue().splitlines() if "CANNOT BE UNDONE" in line}
    assert "\x1b[1;31m" in line
    assert "\x1b[2m" not in line


def test_forty_columns_break_no_word(repo: Repo, relbot: Run) -> None:
    repo.write("relbot.toml", "")
    repo.commit()
    repo.tag("old")
    note = "Stop the workers of every queue first. Nothing brings the content back."
    step = ("--phase", "before-restart", "--run", "rake x", "--check", "rake y", "--undo", "rake z", "--restart", "apache2")
    told = relbot("new", "options", "--type", "changed", "--message", "The environment groups options.", "--note", note, *step)
    assert told.code == 0
    repo.commit("Group options")
    for args in (("checklist", "--from", "old"), ("check", "--base", "nope"), ("list",)):
        whole = relbot(*args)
        words = set(re.findall(r"\w+", whole.out + whole.err))
        terminal = Terminal(args, repo.path, lines=200, columns=40)
        assert terminal.end() == whole.code
        assert sorted(set(re.findall(r"\w+", terminal.screen)) - words) == [], args


def test_a_terminal_gets_no_broken_words(repo: Repo, relbot: Run) -> None:
    whole = relbot("explain", "heading-level").out
    assert max(map(len, whole.splitlines())) > 80, "a pipe gets paragraphs on one line"
    terminal = Terminal(("explain", "heading-level"), repo.path)
    assert terminal.end() == 0
    words = set(whole.split())
    assert [word for word in terminal.screen.split() if word not in words] == []


def test_faults_and_wrong_calls_break_no_word(repo: Repo, relbot: Run) -> None:
    repo.write("changes/1.md", FAULTY)
    for args in (("build", "9.9"), ("list", "unexpected")):
        whole = relbot(*args)
        assert max(map(len, whole.err.splitlines())) > 40
        terminal = Terminal(args, repo.path, columns=40)
        assert terminal.end() == whole.code
        assert sorted(set(terminal.screen.split()) - set(whole.err.split())) == [], args


def test_a_checklist_has_its_colours_where_they_are_asked_for(repo: Repo, relbot: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.write("relbot.toml", "")
    repo.commit()
    repo.write(
        "changes/1.md",
        "---\ntype: fixed\ndeploy:\n  - phase: later\n    run: make gc\n    irreversible: true\n    reason: x\n---\n\nA.\n",
    )
    repo.commit()
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[1;31mCANNOT BE UNDONE" in relbot("checklist", "--from", "HEAD~1").out


def test_a_question_breaks_no_word(repo: Repo) -> None:
    repo.commit()
    terminal = Terminal(("new", "x"), repo.path, columns=40)
    asked = terminal.until("[added]:")
    assert set(asked.split()) == set("Type (added, changed, deprecated, removed, fixed, security) [added]:".split())
    terminal.kill()
