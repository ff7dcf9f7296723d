"""What is handed to GitHub Actions: nothing in it is another command, and nothing of it is lost for its size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from relbot.cli.environment import read_environment
from relbot.errors import CannotWrite
from relbot.finding import Finding, Place
from relbot.github.actions import MOST_SUMMARY, write_outputs, write_summary
from relbot.render.findings.workflow_commands import render

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder with the files of the step, `output` and `summary`."""
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "output"))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary"))
    return tmp_path


def test_no_output_can_set_another(given: Path) -> None:
    write_outputs(
        read_environment().runner,
        {"tag": "v1\nverdict=clean", "next-version": "1.0.0+b_1~a", "verdict": "ask", "of": "worker/1.0"},
    )
    assert (given / "output").read_text() == "tag=\nnext-version=1.0.0+b_1~a\nverdict=ask\nof=worker/1.0\n"


def test_a_summary_that_github_would_drop_is_said_to_be_too_long(given: Path) -> None:
    write_summary(read_environment().runner, "x" * MOST_SUMMARY)
    write_summary(read_environment().runner, "x" * (MOST_SUMMARY + 1))
    assert (given / "summary").read_text() == "x" * MOST_SUMMARY + "The summary would be too long.\n"


def test_outside_of_actions_nothing_is_written(given: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"):
        monkeypatch.delenv(name)
    write_outputs(read_environment().runner, {"tag": "v1"})
    write_summary(read_environment().runner, "x")
    assert list(given.iterdir()) == []


def test_a_file_that_cannot_be_written_is_told(given: Path) -> None:
    (given / "output").mkdir()
    with pytest.raises(CannotWrite, match="GITHUB_OUTPUT"):
        write_outputs(read_environment().runner, {"tag": "v1"})


def test_an_annotation_is_one_command_of_visible_characters() -> None:
    text = "a\r\n::error::b\x1b[31m\u202e%0A,c:d"
    lines = render([Finding("rule", Place(text, 1, 2), text, text, text, evidence=(text,))]).splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("::error file=a\\x0d%0A%3A%3Aerror%3A%3Ab\\x1b[31m\\u202e%250A%2Cc%3Ad,line=1,col=2,title=")
