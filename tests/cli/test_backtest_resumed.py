"""`relbot backtest` again: what was seen is kept, whatever ended the run before, and however many processes look."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from relbot.app import replay_changes
from relbot.detect.migrations import detector
from tests.cli.past_changes import migration
from tests.commandline import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.commandline import Run
    from tests.repository import Repo


def looked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The heads that are looked at from now on."""
    heads: list[str] = []
    look = replay_changes.ChangeReplayer.look

    def note(self: replay_changes.ChangeReplayer, number: int, change: Any) -> replay_changes.ReplayedChange:
        heads.append(change.head)
        return look(self, number, change)

    monkeypatch.setattr(replay_changes.ChangeReplayer, "look", note)
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


def test_more_processes_say_the_same(repo: Repo, relbot: Run, rules: Path) -> None:
    repo.commit("Start")
    for number in range(20):
        migration(repo, number) if number % 3 else repo.write("app.py", f"a = {number}\n")
        repo.commit(f"Change {number}")
    for form in ("text", "json", "html"):
        one, two = (relbot("backtest", "--rules", str(rules), "--fresh", "--format", form, "--jobs", jobs) for jobs in ("1", "2"))
        assert one == two
        assert one.code == 0


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
