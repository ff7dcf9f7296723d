"""`relbot backtest`: the rules over a history, against notes and labels, gone on with, in every format."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import closing
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from relbot.app.backtest_rules import BacktestRequest, backtest_rules
from relbot.app.project import open_project
from relbot.app.review_change_set import BetweenCommits, ReviewRequest, review_change_set
from relbot.detect.migrations import detector
from relbot.git import replay
from tests.cli.fragments import fragment
from tests.commandline import ROOT
from tests.detect.test_world import CASES
from tests.tiers import sample

if TYPE_CHECKING:
    from pathlib import Path

    from tests.commandline import Run
    from tests.repository import Repo

MIGRATION = "class {name} < ActiveRecord::Migration\n  def change\n    drop_table :{name}\n  end\nend\n"
EVIL = "<script>alert(1)</script> & \x1b[31m\u202e `x` | [y](z)"
ROBOT = "renovate[bot] <29139614+renovate[bot]@users.noreply.github.com>"
RULES = '[rules]\nmigrations = "require"\n'


def migration(repo: Repo, number: int) -> None:
    repo.write(f"db/migrate/2018081500000{number}_drop_t{number}.rb", MIGRATION.format(name=f"t{number}"))


@pytest.fixture
def history(repo: Repo) -> Repo:
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
    return repo


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    file = tmp_path / "rules.toml"
    file.write_text(RULES)
    return file


@pytest.fixture
def backtest(relbot: Run, rules: Path) -> Any:
    def run(*args: str) -> dict[str, Any]:
        result = relbot("backtest", "--format", "json", "--rules", str(rules), "--jobs", "1", *args)
        assert result.err == ""
        assert result.code == 0
        data: dict[str, Any] = json.loads(result.out)
        jsonschema.validate(data, json.loads(relbot("schema", "backtest").out))
        return data

    return run


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


def looked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The heads that are looked at from now on."""
    heads: list[str] = []
    look = replay.ChangeReplayer.look

    def note(self: replay.ChangeReplayer, number: int, change: Any) -> replay.ReplayedChange:
        heads.append(change.head)
        return look(self, number, change)

    monkeypatch.setattr(replay.ChangeReplayer, "look", note)
    return heads


def test_other_rules_do_not_look_again(history: Repo, backtest: Any, rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heads = looked(monkeypatch)
    assert backtest()["changes"]["require"] == 3
    assert len(heads) == 6
    rules.write_text('[rules]\nmigrations = "off"\n[rules.paths]\n"app.py" = "ask"\n')
    data = backtest()
    assert (data["changes"]["require"], data["changes"]["ask"]) == (0, 1)
    assert len(heads) == 6
    backtest("--fresh")
    assert len(heads) == 12
    backtest("--notes", "docs/**")
    assert len(heads) == 18


def test_a_file_that_a_crash_cut_is_gone_on_with(history: Repo, backtest: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    before = backtest()
    (kept,) = (history.path / ".git" / "relbot-backtest").iterdir()
    content = kept.read_bytes()
    heads = looked(monkeypatch)
    for cut in (1, 2, 40, len(content) // 2, len(content) - 3):
        kept.write_bytes(content[:-cut])
        heads.clear()
        assert backtest() == before
        assert 1 <= len(heads) <= 6
        heads.clear()
        assert backtest() == before
        assert heads == []


def test_killed_in_the_middle_it_goes_on(history: Repo, rules: Path, relbot: Run) -> None:
    script = (
        "import os, signal\n"
        "from relbot.git.backtest_cache import BacktestCache\n"
        "from relbot.cli import main\n"
        "add = BacktestCache.add\n"
        "def killing(self, change, line, *, sure):\n"
        "    add(self, change, line, sure=sure)\n"
        "    os.kill(os.getpid(), signal.SIGNUM)\n"
        "BacktestCache.add = killing\n"
        f"main(['backtest', '--jobs', '2', '--rules', {str(rules)!r}])\n"
    )
    said = []
    for number, code in ((signal.SIGKILL, -9), (signal.SIGINT, 130)):
        done = subprocess.run(
            [sys.executable, "-c", script.replace("SIGNUM", number.name)],
            cwd=history.path,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == code, done.stderr
        assert done.stdout == ""
        assert "Traceback" not in done.stderr
        said.append(done.stderr)
    assert "Run the same command again to continue" in said[-1]
    (kept,) = (history.path / ".git" / "relbot-backtest").iterdir()
    assert kept.read_bytes().count(b"\n") == 2
    assert relbot("backtest", "--rules", str(rules)).code == 0
    assert kept.read_bytes().count(b"\n") == 6


def test_the_days_between_which_changes_were_made_are_told(repo: Repo, backtest: Any) -> None:
    for day in range(3):
        repo.write("app.py", f"a = {day}\n")
        repo.commit()
        repo._minutes += 1_440
    data = backtest()
    assert (data["first"], data["last"]) == ("2018-08-16", "2018-08-17")


def test_more_processes_say_the_same(repo: Repo, relbot: Run, rules: Path) -> None:
    repo.commit("Start")
    for number in range(20):
        migration(repo, number) if number % 3 else repo.write("app.py", f"a = {number}\n")
        repo.commit(f"Change {number}")
    for form in ("text", "json", "html"):
        one, two = (relbot("backtest", "--rules", str(rules), "--fresh", "--format", form, "--jobs", jobs) for jobs in ("1", "2"))
        assert one == two
        assert one.code == 0


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


def test_a_detector_that_crashed_is_unknown_and_asked_again(history: Repo, relbot: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(_changes: object) -> None:
        raise RuntimeError("no")

    with monkeypatch.context() as broken:
        broken.setattr(detector, "DETECTOR", detector.DETECTOR._replace(find=crash))  # type: ignore[arg-type]  # it crashes before it answers
        result = relbot("backtest", "--jobs", "1", "--format", "json")
        assert result.code == 3
        changes = json.loads(result.out)["changes"]
        assert (changes["unknown"], changes["clean"]) == (3, 2), "only what the detector reads is unknown"
        assert "The detector `migrations` failed: RuntimeError: no" in result.out
    assert relbot("backtest", "--jobs", "1").code == 0


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


def test_each_change_of_the_past_gets_the_verdict_of_a_pull_request(repo: Repo) -> None:
    """The rules of the project's file judge, `paths` among them; a small change of each of many tools, one after the other."""
    repo.write("relbot.toml", '[rules]\nexempt = []\n[rules.paths]\n"lib/**" = "ask"\n"src/**" = "require"\n')
    repo.commit("Start")
    changes = []
    told = [number for number, case in enumerate(CASES) if case.get("documentation")]
    for place in (*sample(range(len(CASES)), 9), *sample(told, 3)):
        repo.write("lib/unread.lua", f"x = {place}\n")
        repo.write("README.md", CASES[place].get("documentation", ""))
        before = {path: was for path, (was, _) in CASES[place]["files"].items() if was is not None}
        for path, content in before.items():
            repo.write(path, content)
        start = repo.commit("Before")
        for path, (_, content) in CASES[place]["files"].items():
            if content is not None:
                repo.write(path, content)
            else:
                repo.remove(path)
        changes.append((start, repo.commit(CASES[place]["name"])))
    with closing(open_project(repo.path).git) as git:
        report = backtest_rules(open_project(repo.path), BacktestRequest(limit=2 * len(changes), jobs=1))
        past = {outcome.change.head: outcome for outcome in report.told}
        for start, head in changes:
            source = BetweenCommits(start, start, head, is_exempt=lambda _: False)
            evaluation = review_change_set(ReviewRequest(git, source)).evaluation
            facts = [(fact.level.value, fact.evidence.id, fact.evidence.path) for fact in evaluation.facts if fact.level.rank]
            outcome = past.get(head)
            spoke = [(level, evidence.id, evidence.path) for level, evidence in outcome.spoke] if outcome else []
            assert (outcome.verdict if outcome else "clean") == evaluation.verdict, head
            assert spoke == list(dict.fromkeys(facts)), head
            if outcome:
                assert outcome.trace.observed.left_out == evaluation.left_out
                assert outcome.trace.observed.unknown == evaluation.unknown
