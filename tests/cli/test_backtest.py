"""`relbot backtest`: the rules over a history, against notes and labels, in every format."""

from __future__ import annotations

import json
import subprocess
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.fragments import fragment
from tests.cli.past_changes import EVIL, ROBOT, migration

if TYPE_CHECKING:
    from pathlib import Path

    from tests.commandline import Run
    from tests.repository import Repo


def verdicts(data: dict[str, Any]) -> dict[str, str]:
    return {one["subject"]: one["verdict"] for one in data["told"]}


def test_each_merge_and_commit_of_the_first_parents_is_judged(history: Repo, backtest: Any) -> None:
    data = backtest()
    assert data["changes"] == {"total": 6, "require": 3, "ask": 0, "clean": 2, "unknown": 0, "exempt": 1}
    assert verdicts(data) == {"Noted": "require", EVIL: "require", "Merge topic": "require"}
    (dropped,) = [fact for fact in data["facts"] if fact["fact"] == "migrations/new"]
    assert (dropped["seen"], dropped["require"]) == (3, 3)
    assert [example["subject"] for example in dropped["examples"]] == ["Merge topic", EVIL, "Noted"]


def test_a_merge_of_a_robots_branch_is_exempt(repo: Repo, backtest: Any) -> None:
    repo.commit("Start")
    repo.branch("robot")
    migration(repo, 1)
    repo.commit("Raise", author=ROBOT)
    repo.switch("main")
    repo.merge("robot")
    assert backtest()["changes"]["exempt"] == 1


def test_all_commits(history: Repo, backtest: Any) -> None:
    data = backtest("--all-commits")
    assert data["changes"]["total"] == 7
    assert set(verdicts(data)) == {"Noted", EVIL, "One", "Two"}


def test_a_range_a_day_and_a_number_limit_what_is_judged(history: Repo, backtest: Any) -> None:
    assert backtest("HEAD~2..HEAD")["changes"]["total"] == 2
    assert backtest("--since", "2018-08-15")["changes"]["total"] == 6
    assert backtest("--since", "2018-08-16")["changes"]["total"] == 0
    assert verdicts(backtest("--limit", "2")) == {"Merge topic": "require"}


@pytest.mark.parametrize("args", [["--since", "yesterday"], ["A...B"], ["--suggest"], ["--labels", "none.jsonl"]])
def test_what_cannot_be_meant_is_refused(history: Repo, relbot: Run, args: list[str]) -> None:
    assert relbot("backtest", *args).code == 2


def test_an_unknown_revision_is_unknown(history: Repo, relbot: Run) -> None:
    assert relbot("backtest", "nothing").code == 3


def test_without_rules_the_defaults_judge(history: Repo, relbot: Run) -> None:
    assert "the default rules" in relbot("backtest").out


def test_against_the_notes_of_the_team(history: Repo, backtest: Any, relbot: Run, rules: Path) -> None:
    data = backtest("--notes", "docs/upgrade/**")
    assert data["notes"]["with_note"] == {"total": 2, "require": 1, "flagged": 1, "unknown": 0}
    assert data["notes"]["without"] == {"total": 3, "require": 2, "flagged": 2, "unknown": 0}
    text = relbot("backtest", "--notes", "docs/upgrade/**", "--rules", str(rules)).out
    assert "relbot reports 50 % of the changes with a note (recall), and 50 % as required." in text
    assert "Of the changes that relbot reports, 33 % have a note (precision)." in text
    missed = text.split("Missed:")[1].strip().split("\n\n")[0]
    assert "A note alone" in missed
    assert "Noted" not in missed, "it was flagged"
    assert "Plain" not in missed, "it has no note"


def test_notes_are_not_looked_at(repo: Repo, backtest: Any) -> None:
    repo.commit("Start")
    migration(repo, 1)
    repo.commit("A note that looks like a migration")
    assert backtest()["changes"]["require"] == 1
    assert backtest("--notes", "db/**")["changes"]["require"] == 0


def label(repo: Repo, head: str, **more: Any) -> str:
    return json.dumps({"base": repo.git("rev-parse", f"{head}^"), "head": repo.git("rev-parse", head), "bot": False, **more})


def test_what_the_base_tells_operators_counts_as_in_a_pull_request(repo: Repo, backtest: Any) -> None:
    repo.write("README.md", "Set `maxUploads` to what your disk allows.\n")
    repo.write("src/limits.scala", "val maxUploads = 5\nval minUploads = 1\n")
    repo.commit("Start")
    repo.write("src/limits.scala", "val maxUploads = 5\nval minUploads = 2\n")
    repo.commit("A value that no text names")
    repo.write("src/limits.scala", "val maxUploads = 9\nval minUploads = 2\n")
    repo.commit("A value that operators know")
    assert verdicts(backtest()) == {"A value that operators know": "ask"}


def test_against_labels(history: Repo, backtest: Any, tmp_path: Path) -> None:
    lines = [
        label(history, "HEAD", label="needs_note", kind="other", scope="deploy", note_paths=["docs/upgrade/2.md"]),
        label(history, "HEAD~1", label="needs_note", kind="db-migration", scope="deploy"),
        label(history, "HEAD~2", label="no_note", stratum="random", bot=True),
        label(history, "HEAD~5", label="no_note", stratum="hard"),
        label(history, "HEAD~4", label="needs_note", scope="interface", note_paths=["db/migrate/20180815000001_drop_t1.rb"]),
    ]
    (tmp_path / "labels.jsonl").write_text("\n".join(lines) + "\n")
    data = backtest("--labels", str(tmp_path / "labels.jsonl"))
    rows = {(row["scope"], row["kind"]): (row["total"], row["require"]) for row in data["labels"]["rows"]}
    assert rows == {
        ("deploy", ""): (2, 1),
        ("deploy", "db-migration"): (1, 1),
        ("deploy", "other"): (1, 0),
        ("interface", ""): (1, 0),  # its note path was masked
        ("interface", "?"): (1, 0),
        ("random", ""): (1, 1),  # judged although it is a robot's: the label tells
        ("hard", ""): (1, 0),
    }
    assert ("random", "") not in {(row["scope"], row["kind"]) for row in data["labels"]["without_bots"]}
    assert data["told"][1]["subject"] == "Merge topic"


def test_a_labelled_commit_that_is_not_here_is_unknown(history: Repo, relbot: Run, tmp_path: Path) -> None:
    good = label(history, "HEAD~1", label="needs_note", scope="deploy")
    bad = json.dumps({"base": "1" * 40, "head": "2" * 40, "label": "no_note", "stratum": "random"})
    (tmp_path / "labels.jsonl").write_text(f"{bad}\n{good}\n")
    result = relbot("backtest", "--labels", str(tmp_path / "labels.jsonl"))
    assert result.code == 3
    assert f"There is no commit {'1' * 40}" in result.out
    assert "unknown: relbot could not check something        1" in result.out


def test_all_faults_of_labels_at_once(repo: Repo, relbot: Run, tmp_path: Path) -> None:
    (tmp_path / "labels.jsonl").write_text('{\n[]\n{"base": "--all", "head": "x", "label": ["a"], "note_paths": 1}\n')
    result = relbot("backtest", "--labels", str(tmp_path / "labels.jsonl"))
    assert result.code == 2
    for place in ("labels.jsonl:1", "labels.jsonl:2", "labels.jsonl:3"):
        assert place in result.err
    assert result.err.count("labels.jsonl:3") == 4


def test_the_days_between_which_changes_were_made_are_told(repo: Repo, backtest: Any) -> None:
    for day in range(3):
        repo.write("app.py", f"a = {day}\n")
        repo.commit()
        repo._minutes += 1_440
    data = backtest()
    assert (data["first"], data["last"]) == ("2018-08-16", "2018-08-17")


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert not any(name.startswith("on") or name == "src" for name, _ in attrs)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_hostile_subjects_are_escaped_in_every_format(history: Repo, relbot: Run, rules: Path) -> None:
    said = {form: relbot("backtest", "--rules", str(rules), "--format", form).out for form in ("text", "json", "html")}
    for out in said.values():
        assert "alert(1)" in out
        assert "\x1b" not in out
        assert "\u202e" not in out
    page = _Page()
    page.feed(said["html"])
    assert page.open == []
    assert "script" not in page.tags
    assert "&lt;script&gt;" in said["html"]


def test_the_page_and_the_text_tell_the_same(history: Repo, relbot: Run, rules: Path) -> None:
    text, page = (relbot("backtest", "--rules", str(rules), "--notes", "docs/**", "--format", f).out for f in ("text", "html"))
    for line in text.splitlines():
        if line.startswith("  "):
            for cell in line.split("  "):
                if cell.strip() and "script" not in cell:
                    assert cell.strip().split(" ")[0].replace("&", "&amp;") in page


def test_thousands_of_files_are_bounded_and_that_is_said(repo: Repo, relbot: Run) -> None:
    repo.commit("Start")
    for number in range(3_010):
        repo.write(f"src/{number}.py", "a = 1\n")
    repo.write("logo.png", b"\0")
    repo.write("vendor/x.js", "x")
    repo.commit("All of it")
    out = relbot("backtest").out
    assert "Not checked: 11 files beyond the first 3,000, in 1 change." in out
    assert "Not checked: 1 file written by others or by programs, in 1 change." in out


def test_own_fragments_are_no_change_to_be_judged(repo: Repo, relbot: Run, tmp_path: Path) -> None:
    (tmp_path / "r.toml").write_text('[rules.paths]\n"**" = "require"\n')
    repo.commit("Start")
    repo.write("changes/a.md", fragment())
    repo.commit("A fragment")
    assert '"require": 0' in relbot("backtest", "--format", "json", "--rules", str(tmp_path / "r.toml")).out


def test_a_shallow_clone_says_what_it_hides(history: Repo, relbot: Run, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", "--depth=3", f"file://{history.path}", str(clone)], check=True, capture_output=True)
    result = relbot("backtest", cwd=clone)
    assert result.code == 3
    assert "git fetch --unshallow" in result.out
    assert relbot("backtest", "--limit", "1", cwd=clone).code == 0


def test_rules_are_suggested_from_notes(repo: Repo, relbot: Run, tmp_path: Path) -> None:
    repo.commit("Start")
    for number in range(60):
        repo.write("web/page.py" if number % 4 else "conf/app.yml", f"a: {number}\n")
        if number % 4 == 0:
            repo.write(f"notes/{number}.md", "Set it.\n")
        else:
            migration(repo, number)
        repo.commit(f"Change {number}")
    result = relbot("backtest", "--suggest", "--notes", "notes/**", "--format", "json")
    assert result.code == 0
    toml = json.loads(result.out)["suggestion"]
    assert '"conf/**" = "require"  # 15 of 15 (100 %)' in toml
    assert '"migrations/new",  # 0 of 45 (0 %)' in toml
    assert "web" not in toml
    (tmp_path / "s.toml").write_text(toml)
    judged = json.loads(relbot("backtest", "--rules", str(tmp_path / "s.toml"), "--notes", "notes/**", "--format", "json").out)
    assert judged["notes"]["with_note"]["require"] == 15
    assert judged["notes"]["without"]["flagged"] == 0
    assert toml.splitlines()[2] in relbot("backtest", "--suggest", "--notes", "notes/**").out
