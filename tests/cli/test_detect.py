"""What the diff shows, through the commands: `detect`, `check --base`, `check --staged` and `new`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from tests.cli.fragments import FIXED, fragment

if TYPE_CHECKING:
    from pathlib import Path

    from tests.commandline import Result, Run
    from tests.repository import Repo

MIGRATION = "db/migrate/20180720082742_drop_colour.rb"
DROPS = "class DropColour < ActiveRecord::Migration[5.2]\n  def change\n    remove_column :cars, :colour, :string\n  end\nend\n"
RULES = '[rules]\nmigrations = "require"\n'
ACTS = "---\ntype: changed\nmigration: true\n---\n\nCars lose their colour.\n\n## Migration\n\nRun the migrations.\n"
WAIVES = "---\ntype: changed\nmigration: false\nreason: The table is empty.\n---\n\nCars lose their colour.\n"


@pytest.fixture
def topic(repo: Repo) -> Repo:
    """A branch that drops a column, in a project that wants a note for every migration."""
    repo.write("relbot.toml", RULES)
    repo.write("app/car.rb", "class Car\nend\n")
    repo.commit()
    repo.branch("topic")
    repo.write(MIGRATION, DROPS)
    repo.commit("Drop the colour")
    return repo


def detected(relbot: Run, *revisions: str) -> Any:
    shown = relbot("detect", *revisions, "--format", "json")
    assert shown.code == 0, shown.err
    schema = json.loads(relbot("schema", "detected").out)
    data = json.loads(shown.out)
    jsonschema.validate(data, schema)
    return data


def rules_of(checked: Result) -> list[str]:
    return [finding["rule"] for finding in json.loads(checked.out)["findings"]]


def test_detect_shows_what_lies_between_two_revisions(repo: Repo, relbot: Run) -> None:
    keys = [f"{name}_host: {name}.example.org" for name in ("mail", "search", "cache", "build", "log", "login")]
    repo.write("config/options.yml.example", "\n".join(keys) + "\n")
    repo.commit()
    repo.branch("topic")
    repo.write("config/options.yml.example", "production:\n" + "".join(f"  {key}\n" for key in keys))
    repo.commit("Group the options")
    data = detected(relbot, "main", "topic")
    assert (data["base"], data["head"]) == (repo.git("rev-parse", "main"), repo.git("rev-parse", "topic"))
    assert data["verdict"] == "require"
    (moved,) = [finding for finding in data["findings"] if finding["level"] == "require"]
    assert (moved["rule"], moved["path"]) == ("config-structure", "config/options.yml.example")
    told = "\n".join([moved["message"], *moved["evidence"]])
    assert all(key.partition(":")[0] in told for key in keys)


def test_detect_finds_nothing_between_a_revision_and_itself(topic: Repo, relbot: Run) -> None:
    assert detected(relbot, "topic", "topic")["verdict"] == "clean"
    shown = relbot("detect", "topic")
    assert shown.out == f"{topic.head[:12]}..{topic.head[:12]}: no note is needed.\n"


def test_detect_begins_where_the_head_left_the_base(topic: Repo, relbot: Run) -> None:
    topic.switch("main")
    topic.write("db/migrate/20180720090000_drop_wheels.rb", DROPS.replace("colour", "wheels"))
    topic.commit()
    data = detected(relbot, "main", "topic")
    assert "wheels" not in json.dumps(data)


def test_detect_does_not_go_by_the_rules_of_the_work_tree(topic: Repo, relbot: Run) -> None:
    before = detected(relbot, "main", "topic")
    topic.write("relbot.toml", RULES.replace("require", "off"))
    assert detected(relbot, "main", "topic") == before


def test_detect_shows_what_the_rules_of_the_base_changed(repo: Repo, relbot: Run) -> None:
    repo.write("relbot.toml", '[rules]\nroutine = ["migrations/dropped"]\n')
    repo.commit("Dropping is routine")
    repo.git("checkout", "-qb", "drop")
    repo.write("db/migrate/1_a.rb", "class A < M\n  def change\n    remove_column :cars, :colour\n  end\nend\n")
    repo.commit("Drop a column")
    found = detected(relbot, "main", "drop")
    assert found["verdict"] == "clean"
    (dropped,) = [fact for fact in found["facts"] if fact["fact"] == "migrations/dropped"]
    assert (dropped["level"], dropped["changed_by"]) == ("note", "rules.routine")
    assert "`migrations/dropped` is `routine`" in relbot("detect", "main", "drop").out


@pytest.mark.parametrize("revision", ["nowhere", "", "--help-me"])
def test_detect_does_not_guess_a_revision(topic: Repo, relbot: Run, revision: str) -> None:
    assert relbot("detect", "--", "main", revision).code == 3


def test_a_detector_that_crashes_is_unknown_and_not_clean(topic: Repo, relbot: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from relbot.detect.engine import registry

    def broken(name: str) -> Any:
        raise RuntimeError(f"{name} fell over")

    monkeypatch.setattr(registry, "load_detector", broken)
    shown = relbot("detect", "main", "topic", "--format", "json")
    assert shown.code == 3
    assert json.loads(shown.out)["verdict"] == "unknown"
    assert "fell over" in shown.out
    topic.write("changes/colour.md", ACTS)
    topic.commit()
    checked = relbot("check", "--base", "main")
    assert checked.code == 3
    assert "fell over" in checked.err


def test_check_asks_for_a_note_and_shows_why(topic: Repo, relbot: Run) -> None:
    checked = relbot("check", "--base", "main")
    assert checked.code == 1
    assert f"{MIGRATION}:" in checked.out
    assert "error [migrations]" in checked.out


@pytest.mark.parametrize(("text", "code"), [(ACTS, 0), (WAIVES, 0), (FIXED, 1)])
def test_a_fragment_of_the_change_set_answers(topic: Repo, relbot: Run, text: str, code: int) -> None:
    topic.write("changes/colour.md", text)
    assert relbot("check", "--base", "main").code == code
    topic.git("add", "--all")
    topic.commit()
    assert relbot("check", "--base", "main").code == code


def test_an_older_fragment_does_not_answer(topic: Repo, relbot: Run) -> None:
    topic.switch("main")
    topic.write("changes/colour.md", ACTS)
    topic.commit()
    topic.git("switch", "--quiet", "topic")
    topic.git("rebase", "--quiet", "main")
    assert relbot("check", "--base", "main").code == 1


def test_the_rules_of_the_base_judge(topic: Repo, relbot: Run) -> None:
    topic.write("relbot.toml", RULES.replace('"require"', '"off"'))
    topic.commit()
    assert relbot("check", "--base", "main").code == 1


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        ('migrations = "ask"', 0),
        ('migrations = "off"', 0),
        ('migrations = "require"\nroutine = ["migrations"]', 0),
        ('migrations = "require"\n[rules.paths]\n"db/**" = "off"', 0),
        ('migrations = "off"\n[rules.paths]\n"db/**" = "require"', 1),
        ('migrations = "off"\n[rules.paths]\n"db/*" = "require"', 0),
        ('migrations = "off"\n[rules.migrations]\n', 2),
    ],
)
def test_rules_say_what_is_done(repo: Repo, relbot: Run, rules: str, code: int) -> None:
    repo.write("relbot.toml", f"[rules]\n{rules}\n")
    repo.commit()
    repo.branch("topic")
    repo.write(MIGRATION, DROPS)
    repo.commit()
    assert relbot("check", "--base", "main").code == code


def test_a_robot_is_exempt_and_a_person_beside_it_is_not(topic: Repo, relbot: Run) -> None:
    robot = "dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>"
    topic.git("commit", "--quiet", "--amend", "--no-edit", f"--author={robot}")
    assert relbot("check", "--base", "main").code == 0
    topic.write("app/car.rb", "class Car\n  def go; end\nend\n")
    topic.commit()
    assert relbot("check", "--base", "main").code == 1


def test_what_is_staged_is_judged(topic: Repo, relbot: Run) -> None:
    topic.git("reset", "--quiet", "--soft", "main")
    assert relbot("check", "--staged").code == 1
    topic.git("reset", "--quiet", "--hard", "main")
    topic.write(MIGRATION, DROPS)
    assert relbot("check", "--staged").code == 0  # it is there, but not part of the next commit


def test_what_is_not_committed_yet_is_judged(repo: Repo, relbot: Run) -> None:
    repo.write("relbot.toml", RULES)
    repo.commit()
    repo.write(MIGRATION, DROPS)
    assert relbot("check", "--base", "HEAD").code == 0  # git does not know of it: a scratch file, perhaps
    repo.git("add", "--all")
    assert relbot("check", "--base", "HEAD").code == 1
    repo.remove(MIGRATION)
    assert relbot("check", "--base", "HEAD").code == 0  # what lies there counts, not what the index has


@pytest.fixture
def reverted(topic: Repo) -> Repo:
    """The migration was merged, and a branch takes it back. A release was tagged before."""
    topic.git("tag", "v1.0", "main")
    topic.switch("main")
    topic.merge("topic")
    migration = topic.git("rev-parse", "topic")
    topic.branch("back")
    topic.git("revert", "--no-edit", migration)
    return topic


def test_a_revert_of_what_was_never_deployed_needs_nothing(reverted: Repo, relbot: Run) -> None:
    assert relbot("check", "--base", "main").code == 0
    detected = json.loads(relbot("detect", "main", "--format", "json").out)
    assert (detected["findings"], [each["by"] for each in detected["set_aside"]]) == ([], ["revert"])


def test_a_revert_of_what_a_release_has_needs_a_note(reverted: Repo, relbot: Run) -> None:
    reverted.git("tag", "v1.1", "main")
    assert relbot("check", "--base", "main").code == 1


def test_a_revert_where_nothing_tells_what_is_deployed_needs_a_note(reverted: Repo, relbot: Run) -> None:
    reverted.git("tag", "--delete", "v1.0")
    assert relbot("check", "--base", "main").code == 1


def test_a_revert_that_does_more_needs_a_note(reverted: Repo, relbot: Run) -> None:
    reverted.write("db/migrate/20180720090000_drop_wheels.rb", DROPS.replace("colour", "wheels"))
    reverted.git("add", "--all")
    reverted.git("commit", "--quiet", "--amend", "--no-edit")
    assert relbot("check", "--base", "main").code == 1


def test_what_is_large_binary_or_written_by_others_is_left_out_and_said(repo: Repo, relbot: Run) -> None:
    repo.write("a.py", "1\n")
    repo.commit()
    repo.write("vendor/lib.rb", DROPS)
    repo.write("logo.png", b"\x89PNG\0" * 10)
    repo.write("bundle.js", "x" * 50_000)
    repo.write("big.sql", "DROP TABLE cars;\n" * 100_000)
    repo.commit()
    data = detected(relbot, "HEAD~", "HEAD")
    assert data["left_out"] == [
        "1 file written by others or by programs",
        "1 file of more than 1,000,000 bytes",
        "2 files that are binary or minified",
    ]
    assert "Not checked: 1 file written by others" in relbot("detect", "HEAD~", "HEAD").out


def test_new_fills_in_what_the_diff_shows(topic: Repo, relbot: Run) -> None:
    made = relbot("new", "colour", "--type", "changed", "--message", "Cars lose their colour.", "--base", "main")
    assert made.code == 0, made.err
    text = (topic.path / "changes/colour.md").read_text("utf-8")
    assert "migration: true" in text
    assert MIGRATION in text or "colour" in text
    assert relbot("check", "--base", "main").code == 0


def test_new_says_nothing_of_a_migration_where_its_author_does(topic: Repo, relbot: Run) -> None:
    words = ("new", "colour", "--type", "changed", "--message", "Cars.", "--base", "main", "--no-migration", "--reason", "Empty.")
    assert relbot(*words).code == 0
    assert "## Migration" not in (topic.path / "changes/colour.md").read_text("utf-8")


def test_a_path_that_no_name_could_have_is_shown_harmlessly(repo: Repo, relbot: Run, tmp_path: Path) -> None:
    repo.write("relbot.toml", '[rules]\n[rules.paths]\n"**" = "require"\n')
    repo.commit()
    repo.branch("topic")
    repo.write("a\x1b[31m\n::error::b.txt", fragment())
    repo.commit()
    for form in ("text", "github", "json", "sarif"):
        told = relbot("check", "--base", "main", "--format", form).out
        assert "\x1b" not in told
        assert "\n::error::b" not in told
