"""The table of states in docs/deploys.md: for each state and command the exit code, what is recorded and said."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.deployed import as_bob
from tests.cli.stories import GATE_INSTALL, LEDGER, Story

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = Path(__file__).parents[2] / "docs/deploys.md"
COLUMNS = ("checklist", "status", "motd", "gate", "begin", "done", "abort", "adopt")


def documented() -> dict[str, list[str]]:
    """The cells of the table, by the state."""
    rows = [line.strip("|").split("|") for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ")]
    at = next(number for number, row in enumerate(rows) if row[0].strip() == "State")
    return {row[0].strip(): [cell.strip() for cell in row[1:]] for row in rows[at + 1 :] if len(row) == len(COLUMNS) + 1}


def no_record(_: Story) -> None:
    pass


def source_answers(story: Story) -> None:
    (story.folder / "REV").write_text(story.configure(LEDGER.replace('"ledger"', '"file"\nfile = "../REV"')))


def adopted(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")


def begun(story: Story) -> None:
    adopted(story)
    assert story.deploy("gate", "--to", change(story), *GATE_INSTALL).code == 0


def with_deeds(story: Story) -> None:
    begun(story)
    assert story.deploy("tick", "1-a#1").code == 0


def aborted(story: Story) -> None:
    begun(story)
    assert story.deploy("abort", "--reason", "boom").code == 0


def held(story: Story) -> None:
    adopted(story)
    story.deploy("done", "--to", story.other("bad"))
    story.deploy("begin", "--to", "v1", "--rollback")
    assert story.deploy("done").code == 0


def locked(story: Story) -> None:
    adopted(story)
    assert story.deploy("lock", "--for", "1h", "--reason", "moving the database").code == 0


def silent(story: Story) -> None:
    adopted(story)
    change(story)


def change(story: Story) -> str:
    """A commit on main whose deploy needs two steps before the restart."""
    if not (story.a.path / "changes/1-a.md").exists():
        story.change("1-a")
        story.change("2-b")
    return story.a.head


BEFORE = {
    "no record, no source": (no_record, "3 3 3 3 3 3 1 0+", ""),
    "no record, a source answers": (source_answers, "1 3 1 0+ 0+ 3 1 0+", "No deploy of production is recorded"),
    "adopted, or ended": (adopted, "1 0 1 0+ 0+ 1 1 0+", ""),
    "begun, without deeds": (begun, "1 1 1 0 0 1 0+ 1", "under way"),
    "begun, with deeds": (with_deeds, "1 1 1 0 0 1 1 1", "1 of 2 steps"),
    "aborted": (aborted, "1 0 1 0+ 0+ 1 1 0+", ""),
    "held after a rollback": (held, "1 0 1 1 1 1 1 0+", "lift production"),
    "locked by another person": (locked, "1 0 1 1 1 1 1 1", ""),
    "remote does not answer": (silent, "3 3 3 3 3 3 3 3", ""),
}
"""How a state comes about, what the commands answer in the order of the columns (`+`: and record), what the checklist says."""


def test_the_page_has_these_states() -> None:
    assert list(documented()) == list(BEFORE)


@pytest.mark.parametrize(
    "state",
    [each if each.startswith(("held", "begun, with d")) else pytest.param(each, marks=pytest.mark.long) for each in BEFORE],
)
def test_each_command_answers_as_the_table_says(story: Story, monkeypatch: pytest.MonkeyPatch, state: str) -> None:
    make, answers, says = BEFORE[state]
    make(story)
    target = change(story)
    if state == "locked by another person":
        as_bob(monkeypatch)
    kept = story.folder.with_name(f"{story.folder.name}-kept")
    shutil.copytree(story.folder, kept)
    for column, cell, expected in zip(COLUMNS, documented()[state], answers.split(), strict=True):
        shutil.rmtree(story.folder)
        shutil.copytree(kept, story.folder)
        if state == "remote does not answer":
            story.bare.rename(story.bare.with_name("gone"))
        before = records(story)
        said = COMMANDS[column](story, target)
        assert said == int(expected[0]), (column, cell)
        assert (records(story) != before) == ("+" in expected), column
        told = re.findall(r"(?<![\d#])[0-3](?!\d)", cell)
        assert expected[0] in told or cell.startswith("as "), (column, cell)
        assert "+" not in expected or re.search("record|begins", cell) or cell.startswith("as "), (column, cell)
        if column == "checklist" and says:
            shown = story("checklist", "production")
            assert says in " ".join(shown.out.split())


COMMANDS: dict[str, Callable[[Story, str], int]] = {
    "checklist": lambda story, _: story("checklist", "production").code,
    "status": lambda story, _: story.deploy("status").code,
    "motd": lambda story, _: story("motd", "production").code,
    "gate": lambda story, target: story.deploy("gate", "--to", target, *GATE_INSTALL).code,
    "begin": lambda story, target: story.deploy("begin", "--to", target).code,
    "done": lambda story, target: story.deploy("done", "--to", target).code,
    "abort": lambda story, _: story.deploy("abort", "--reason", "x").code,
    "adopt": lambda story, target: story.deploy("adopt", "--at", target).code,
}


def records(story: Story) -> str:
    """The tip of the ledger on the remote, "" if there is none."""
    bare = story.bare if story.bare.exists() else story.bare.with_name("gone")
    words = ("git", "-C", str(bare), "for-each-ref", "--format=%(objectname)", "refs/relbot/production")
    return subprocess.run(words, check=True, capture_output=True, encoding="ascii").stdout
