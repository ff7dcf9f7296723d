"""A history for `relbot backtest`, and what a run of it gives."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema

if TYPE_CHECKING:
    from pathlib import Path

    from tests.commandline import Run
    from tests.repository import Repo

EVIL = "<script>alert(1)</script> & \x1b[31m\u202e `x` | [y](z)"
RULES = '[rules]\nmigrations = "require"\n'
ROBOT = "renovate[bot] <29139614+renovate[bot]@users.noreply.github.com>"
_MIGRATION = "class {name} < ActiveRecord::Migration\n  def change\n    drop_table :{name}\n  end\nend\n"


def migration(repo: Repo, number: int) -> None:
    repo.write(f"db/migrate/2018081500000{number}_drop_t{number}.rb", _MIGRATION.format(name=f"t{number}"))


def write_history(repo: Repo) -> None:
    """Six changes: plain, a migration with a note, one with a hostile subject, a robot's, one on a branch, a note alone."""
    repo.write("app.py", "a = 1\n")
    repo.commit("Start")
    repo.write("app.py", "a = 2\n")
    repo.commit("Plain")
    migration(repo, 1)
    repo.write("docs/upgrade/1.md", "Run the migration.\n")
    repo.commit("Noted")
    migration(repo, 2)
    repo.commit(EVIL)
    migration(repo, 3)
    repo.commit("Raise a version", author=ROBOT)
    repo.branch("topic")
    migration(repo, 4)
    repo.commit("One")
    migration(repo, 5)
    repo.commit("Two")
    repo.switch("main")
    repo.merge("topic", "Merge topic")
    repo.write("docs/upgrade/2.md", "Set it.\n")
    repo.commit("A note alone")


def run_backtest(relbot: Run, rules: Path, *args: str) -> dict[str, Any]:
    """What `relbot backtest` by the rules in a file gives, by its schema."""
    result = relbot("backtest", "--format", "json", "--rules", str(rules), "--jobs", "1", *args)
    assert result.err == ""
    assert result.code == 0
    data: dict[str, Any] = json.loads(result.out)
    jsonschema.validate(data, json.loads(relbot("schema", "backtest").out))
    return data
