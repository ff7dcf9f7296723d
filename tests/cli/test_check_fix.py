"""`relbot check --base REV --fix`: writes the fragment that is missing, and its author fills in the rest."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import jsonschema
import pytest

from relbot.app.json_schemas import json_schema
from relbot.config.model import Config
from tests.cli.fragments import tree

if TYPE_CHECKING:
    from tests.commandline import Run
    from tests.repository import Repo

BEFORE = "production:\n  session_timeout: 30\n"


@pytest.fixture
def branch(repo: Repo) -> str:
    """A branch whose change set drops a table, and the commit where it left main."""
    repo.write("db/migrate/20180814_create_users.rb", "class A < ActiveRecord::Migration[5.2]\nend\n")
    base = repo.commit("Begin")
    repo.git("checkout", "-q", "-b", "fix/4075-sessions")
    repo.write(
        "db/migrate/20180815_drop_sessions.rb",
        "class DropSessions < ActiveRecord::Migration[5.2]\n  def up\n    drop_table :sessions\n  end\nend\n",
    )
    repo.commit("Drop the sessions")
    return base


def test_the_json_carries_the_fragment_that_is_missing_and_fix_writes_the_same(repo: Repo, relbot: Run, branch: str) -> None:
    told = json.loads(relbot("check", "--base", branch, "--format", "json").out)
    jsonschema.validate(told, json_schema("findings", Config()))
    proposal = told["proposal"]
    assert proposal["path"] == "changes/fix-4075-sessions.md"
    before = tree(repo)
    fixed = relbot("check", "--base", branch, "--fix")
    assert fixed.code == 1
    assert tree(repo) == before | {proposal["path"]: proposal["text"].encode()}
    assert "placeholder-left" in fixed.out
    assert "migrations" not in fixed.out
    assert f"Written: {proposal['path']}" in fixed.err


def test_once_it_is_filled_in_nothing_is_missing(repo: Repo, relbot: Run, branch: str) -> None:
    """What it writes is right at the first try: the author answers its lines, and changes nothing else."""
    relbot("check", "--base", branch, "--fix")
    file = repo.path / "changes/fix-4075-sessions.md"
    before = file.read_text()
    refused = relbot("check", "--base", branch, "--fix")
    assert refused.code == 1
    assert file.read_text() == before
    assert [path.name for path in file.parent.iterdir()] == [file.name]  # none is written beside the one that was begun
    text = before
    while "FILL IN: " in text:
        assert relbot("check").code == 1
        start, rest = text.split("FILL IN: ", 1)
        text = start + "`sessions` is no longer used: run `rake sessions:export` before." + rest[rest.index("\n") :]
        file.write_text(text)
    done = relbot("check", "--base", branch)
    assert (done.code, done.out) == (0, "")


def test_on_a_main_branch_the_commit_gives_the_name(repo: Repo, relbot: Run, branch: str) -> None:
    repo.git("checkout", "-q", "main")
    repo.git("merge", "-q", "--ff-only", "fix/4075-sessions")
    relbot("check", "--base", branch, "--fix")
    assert (repo.path / "changes/Drop-the-sessions.md").exists()


def test_with_nothing_missing_it_writes_nothing(repo: Repo, relbot: Run) -> None:
    base = repo.commit("Begin")
    repo.write("README.md", "Text.\n")
    repo.commit("Write")
    before = tree(repo)
    done = relbot("check", "--base", base, "--fix")
    assert (done.code, done.out, done.err) == (0, "", "")
    assert tree(repo) == before
    assert json.loads(relbot("check", "--format", "json").out)["proposal"] is None


def test_a_project_that_wants_one_with_every_change_gets_one(repo: Repo, relbot: Run) -> None:
    repo.write("relbot.toml", '[rules]\nevery-change = "require"\n[types.fix]\n[types.feature]\n')
    base = repo.commit("Begin")
    repo.git("checkout", "-q", "-b", "page")
    repo.write("README.md", "Text.\n")
    repo.commit("Write")
    assert relbot("check", "--base", base, "--fix").code == 1
    file = repo.path / "changes/page.md"
    text = file.read_text()
    assert text.startswith("---\ntype: fix\n---\n\nFILL IN: ")
    file.write_text("---\ntype: fix\n---\n\nThe page says more.\n")
    assert relbot("check", "--base", base).code == 0


def test_fix_needs_a_base(relbot: Run) -> None:
    refused = relbot("check", "--fix")
    assert refused.code == 2
    assert "relbot check --base origin/main --fix" in refused.err


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ("A.\n\n- FILL IN: why.\n", 1),
        ("Say in a sentence what changes for operators or users.\n\nMore.\n", 1),
        ("A.\n\n```\nFILL IN: an example.\n```\n", 0),
        ("Forms no longer say FILL IN: they say please.\n", 0),
    ],
)
def test_a_line_that_is_not_filled_in_is_a_fault(repo: Repo, relbot: Run, body: str, left: int) -> None:
    repo.write("changes/a.md", f"---\ntype: fixed\n---\n\n{body}")
    checked = relbot("check")
    assert checked.code == left
    assert checked.out.count("placeholder-left") == (2 if left else 0)
