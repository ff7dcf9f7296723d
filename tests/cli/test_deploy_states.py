"""The table of states in docs/deploys.md: every command answers, records and says in each state what its cell promises."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.deployed import as_bob
from tests.cli.stories import LEDGER, Story

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.commandline import Result, Run

PAGE = Path(__file__).parents[2] / "docs/deploys.md"
ENDED = "adopted, or ended"
COLUMNS = ("checklist", "status", "motd", "gate", "begin", "done", "abort", "adopt")


def documented() -> dict[str, dict[str, str]]:
    """The cells of the table, by the state and the command; one that refers to another has the text of that."""
    rows = [line.strip("|").split("|") for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ")]
    at = next(number for number, row in enumerate(rows) if row[0].strip() == "State")
    found: dict[str, dict[str, str]] = {}
    above = ""
    for row in rows[at + 1 :]:
        state, *cells = (cell.strip() for cell in row)
        if len(cells) != len(COLUMNS):
            break
        found[state] = {}
        for column, cell in zip(COLUMNS, cells, strict=True):
            refers = {"as ended": (ENDED, column), "as its state": (ENDED, column), "as before": (above, column)}
            of, where = next((to for words, to in refers.items() if cell.startswith(words)), (state, "checklist"))
            more = cell.partition(",")[2]
            found[state][column] = f"{found[of][where]}, {more}" if cell.startswith("as ") else cell
        above = state
    return found


TABLE = documented()


def codes_of(cell: str) -> set[int]:
    return {int(each) for each in re.findall(r"(?<![\d#])[0-3](?!\d)", cell)}


def records_of(cell: str) -> bool:
    return re.search("record|begins|ends", cell.replace("no record", "")) is not None


def configure_source(story: Story) -> None:
    (story.folder / "REV").write_text(story.configure(LEDGER.replace('"ledger"', '"file"\nfile = "../REV"')))


def adopted(story: Story, _: str) -> None:
    assert story.deploy("adopt", "--at", "v1").code == 0


def begun(story: Story, new: str) -> None:
    adopted(story, new)
    assert story.deploy("begin", "--to", new).code == 0


def with_deeds(story: Story, new: str) -> None:
    adopted(story, new)
    assert story.deploy("tick", "1-a#1", "--to", new).code == 0


def aborted(story: Story, new: str) -> None:
    begun(story, new)
    assert story.deploy("abort", "--reason", "boom").code == 0


def held(story: Story, new: str) -> None:
    assert story.deploy("adopt", "--at", new).code == 0
    assert story.deploy("tick", "1-a#1:undo", "--to", "v1", "--rollback").code == 0
    assert story.deploy("done", "--anyway", "back").code == 0


def locked(story: Story, new: str) -> None:
    adopted(story, new)
    assert story.deploy("lock", "--for", "1h", "--reason", "moving the database").code == 0


def left(story: Story, new: str) -> None:
    """A deploy has ended with a step that cannot wait, and another change came since."""
    adopted(story, new)
    assert story.deploy("done", "--to", new, "--anyway", "it runs").code == 0
    story.change("3-c")


MADE: dict[str, Callable[[Story, str], None]] = {
    "no record, no source": lambda story, new: None,
    "no record, a source answers": lambda story, new: None,
    ENDED: adopted,
    "begun, without deeds": begun,
    "begun, with deeds": with_deeds,
    "aborted": aborted,
    "held after a rollback": held,
    "locked by another person": locked,
    "remote does not answer": adopted,
}
"""How each state comes about, with the commit that the deploy brings."""

SAID = {
    "headline": "under way",
    "ticked": "[x]",
    "says who aborted it": "was aborted at",
    "names it": " rollback of ",
    "says that steps up to it": "assumes that every step up to",
    "with what the clone knew last": "production runs",
}
"""What a cell promises to say, and how that looks."""

INSTALL, DONE = ("--before", "install"), ("--before", "done")
COMMANDS: dict[str, tuple[tuple[str, ...], ...]] = {
    "checklist": (("checklist", "production"),),
    "status": (("deploy", "status", "production"),),
    "motd": (("motd", "production"),),
    "gate": (("deploy", "gate", "production", "--to", "NEW", *INSTALL), ("deploy", "gate", "production", "--to", "NEW", *DONE)),
    "begin": (("deploy", "begin", "production", "--to", "NEW"),),
    "done": (("deploy", "done", "production", "--to", "NEW"),),
    "abort": (("deploy", "abort", "production", "--reason", "x"),),
    "adopt": (("deploy", "adopt", "production", "--at", "NEW"),),
}
ANOTHER = {"gate": ("deploy", "gate", "production", "--to", "v1"), "begin": ("deploy", "begin", "production", "--to", "v1")}
"""What is asked, too, where a cell tells of another target."""


def quiet(story: Story) -> None:
    story.change("1-a", "later")


def loud(story: Story) -> None:
    story.change("1-a", "before-install")
    story.change("2-b")


VARIANTS = (quiet, loud)
"""Deploys of which nothing is open that cannot wait, and of which something is."""
WHOLE = [each for each in MADE if not each.startswith(("aborted", "held", "locked"))]
"""The states of which every code in the table is seen here; the others refer to them."""


def test_the_page_has_these_states() -> None:
    assert list(TABLE) == list(MADE)


@pytest.mark.parametrize(
    "state", [each if each == "begun, with deeds" else pytest.param(each, marks=pytest.mark.long) for each in MADE]
)
def test_each_command_answers_as_the_table_says(relbot: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, state: str) -> None:
    seen: dict[str, set[int]] = {column: set() for column in COLUMNS}
    for variant in VARIANTS:
        for reach in (MADE[state], left) if state == ENDED and variant is loud else (MADE[state],):
            story = Story(tmp_path / f"{variant.__name__}-{reach.__name__.strip('<>')}", relbot)
            if state == "no record, a source answers":
                configure_source(story)
            variant(story)
            reach(story, story.a.head)
            with monkeypatch.context() as other:
                if state == "locked by another person":
                    as_bob(other)
                for column, codes in ask_all(story, state).items():
                    seen[column] |= codes
    for column, codes in seen.items():
        told = codes_of(TABLE[state][column])
        assert codes == told if state in WHOLE else codes <= told, (column, codes, TABLE[state][column])


def ask_all(story: Story, state: str) -> dict[str, set[int]]:
    """Asks every command in a state, each from the same beginning, and gives the codes; what each records and says is checked."""
    kept = story.folder.with_name(f"{story.folder.name}-kept")
    shutil.copytree(story.folder, kept)
    codes: dict[str, set[int]] = {}
    for column, commands in COMMANDS.items():
        cell = TABLE[state][column]
        for command in (*commands, *([ANOTHER[column]] if "another target" in cell else [])):
            shutil.rmtree(story.folder)
            shutil.copytree(kept, story.folder)
            if state == "remote does not answer":
                story.bare.rename(story.bare.with_name("gone"))
            before = records(story)
            said = story(*(story.a.head if word == "NEW" else word for word in command))
            codes.setdefault(column, set()).add(said.code)
            due = said.code == 0 and command[-1] != "done" and records_of(cell)
            assert (records(story) != before) == due, (column, cell, said)
            check_words(column, cell, said)
    return codes


def check_words(column: str, cell: str, said: Result) -> None:
    shown = " ".join(said.out.split())
    for promise, looks in SAID.items():
        if promise in cell and said.code != 2:
            assert looks in shown or column == "gate", (column, cell, said)


def records(story: Story) -> str:
    """The tip of the ledger on the remote, "" if there is none."""
    bare = story.bare if story.bare.exists() else story.bare.with_name("gone")
    words = ("git", "-C", str(bare), "for-each-ref", "--format=%(objectname)", "refs/relbot/production")
    return subprocess.run(words, check=True, capture_output=True, encoding="ascii").stdout
