"""What is read: regular files of the repository only, without waiting, bounded, and with every limit a fault."""

from __future__ import annotations

import itertools
import os
import re
import sys
from typing import TYPE_CHECKING

import pytest

from relbot.deploy.log.line import format_line
from relbot.git import work_tree
from relbot.ledger.git_ref import objects
from relbot.ledger.git_ref.store import GitRefLedger
from tests.commandline import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from relbot.git.git_changes import GitChanges
    from tests.commandline import Run
    from tests.repository import Repo

TEMPLATE = 'template = "notes.j2"\nchangelog = "CHANGELOG.md"\n'
FRAGMENT = "---\ntype: fixed\n---\n\nA.\n"


def _leads_out(path: Path) -> None:
    path.symlink_to("/proc/self/environ")


def _is_a_pipe(path: Path) -> None:
    os.mkfifo(path)


def _is_a_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _is_a_folder(path: Path) -> None:
    path.mkdir()


def _is_a_circle(path: Path) -> None:
    path.symlink_to(path.name)


def _is_huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 30)


KINDS = (_leads_out, _is_a_pipe, _is_a_device, _is_a_folder, _is_a_circle, _is_huge)


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_is_a_file_of_the_repository(
    repo: Repo, relbot: Run, monkeypatch: pytest.MonkeyPatch, kind: Callable[[Path], None]
) -> None:
    repo.write("relbot.toml", TEMPLATE)
    repo.write("changes/1-a.md", FRAGMENT)
    kind(repo.path / "notes.j2")
    monkeypatch.setenv("GITHUB_TOKEN", "ghs_X")
    done = relbot("build", "--draft", "1.1.0")
    assert done.code == 2, done
    assert done.err.startswith("relbot: The template notes.j2 ")
    assert "ghs_X" not in done.out + done.err


def test_a_template_may_be_a_link_within_the_repository(repo: Repo, relbot: Run) -> None:
    repo.write("relbot.toml", TEMPLATE)
    repo.write("changes/1-a.md", FRAGMENT)
    repo.write("templates/notes.j2", "Hello {{ notes.version }}\n")
    (repo.path / "notes.j2").symlink_to("templates/notes.j2")
    assert relbot("build", "--draft", "1.1.0").out.startswith("Hello ")


@pytest.mark.parametrize("kind", KINDS)
def test_a_configuration_is_a_file_of_the_repository(repo: Repo, relbot: Run, kind: Callable[[Path], None]) -> None:
    kind(repo.path / "relbot.toml")
    done = relbot("check")
    assert done.code == 2, done
    assert "relbot cannot use relbot.toml" in done.err


@pytest.mark.parametrize("kind", KINDS)
def test_the_event_is_a_regular_file(relbot: Run, repo: Repo, tmp_path: Path, kind: Callable[[Path], None]) -> None:
    if kind is _leads_out:
        # the runner's file lies outside of the repository: a link to a regular file is followed
        (tmp_path / "real.json").write_text("{}")
        (tmp_path / "event").symlink_to(tmp_path / "real.json")
        assert relbot("pr", "--event", str(tmp_path / "event"), cwd=repo.path).code == 2
        return
    kind(tmp_path / "event")
    done = relbot("pr", "--event", str(tmp_path / "event"), cwd=repo.path)
    assert done.code == 3, done
    assert "event file" in done.err


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind is not _leads_out])  # the file lies outside anyway
def test_records_to_import_are_a_regular_file(repo: Repo, relbot: Run, tmp_path: Path, kind: Callable[[Path], None]) -> None:
    repo.write("relbot.toml", '[environments.production]\ndeployed = "ledger"\n')
    repo.commit("Start")
    kind(tmp_path / "records")
    done = relbot("deploy", "import-record", "production", str(tmp_path / "records"))
    assert done.code == 2, done
    assert f"relbot: `{tmp_path}/records` " in done.err


@pytest.mark.parametrize("kind", KINDS)
def test_what_an_editor_leaves_is_a_regular_file(
    repo: Repo, relbot: Run, monkeypatch: pytest.MonkeyPatch, kind: Callable[[Path], None]
) -> None:
    def leave(filename: str) -> None:
        (repo.path / "changes/login.md").unlink()
        kind(repo.path / "changes/login.md")

    repo.commit("Start")
    monkeypatch.setattr("click.edit", leave)
    done = relbot("new", "login", "--type", "fixed", "--message", "A.", "--edit")
    assert done.code == 2, done
    assert "`changes/login.md`, written by the editor, " in done.err


@pytest.mark.parametrize("kind", KINDS)
def test_a_journal_is_a_regular_file(repo: Repo, relbot: Run, kind: Callable[[Path], None]) -> None:
    repo.write("changes/1-a.md", FRAGMENT)
    repo.commit("Start")
    kind(repo.path / "changes/.relbot-journal.json")
    done = relbot("build", "1.0.0")
    assert done.code == 3, done
    assert "the journal of an unfinished change, " in done.err


def test_a_file_that_changes_while_relbot_looks_is_unknown(repo: Repo, relbot: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """git saw a regular file in the work tree; when relbot reads it, a pipe or a link out of the repository is there."""
    repo.write("app.py", "LIMIT = 1\n")
    repo.commit("Start")
    repo.write("app.py", "LIMIT = 2\n")
    wait = work_tree.WorkTreeDiff.result

    def swap(diff: work_tree.WorkTreeDiff) -> GitChanges:
        found = wait(diff)
        (repo.path / "app.py").unlink()
        os.mkfifo(repo.path / "app.py")
        return found

    monkeypatch.setattr(work_tree.WorkTreeDiff, "result", swap)
    done = relbot("check", "--base", "HEAD")
    assert (done.code, "relbot: `app.py` is not a regular file." in done.err) == (3, True), done


LIMITS = {
    "NUL in a path": ('directory = "a\\u0000b"', "`directory` contains a NUL character"),
    "NUL in a template": ('template = "a\\u0000b"', "`template` contains a NUL character"),
    "a number of 5,000 digits": (
        f"\ntemplate = {'1' * 5000}",
        "relbot.toml:2:1: error [toml-syntax] This number has too many digits",
    ),
    "a key of 3,000 parts": (f"{'a.' * 3000}b = 1", "[toml-syntax] Values nest too deep"),
    "a list 100,000 deep": (f"a = {'[' * 100_000}", "[toml-syntax] Values nest too deep"),
    "a timeout of 30 digits": (
        f'[environments.production]\ndeployed = "url"\nurl = "https://a"\ntimeout = {"9" * 30}',
        "[wrong-type] `timeout`",
    ),
    "a timeout of a year": (
        '[environments.production]\ndeployed = "url"\nurl = "https://a"\ntimeout = 31536000',
        "[unknown-value] `timeout` is 31536000",
    ),
}


@pytest.mark.parametrize("case", LIMITS)
def test_a_limit_of_the_configuration_is_a_fault_with_its_place(repo: Repo, relbot: Run, case: str) -> None:
    text, said = LIMITS[case]
    repo.write("relbot.toml", f"{text}\n")
    done = relbot("check")
    assert done.code == 2, done
    assert said in done.err


def test_an_argument_of_a_filter_that_jinja_refuses_is_a_fault_of_the_template(repo: Repo, relbot: Run) -> None:
    repo.write("relbot.toml", TEMPLATE)
    repo.write("changes/1-a.md", FRAGMENT)
    repo.write("notes.j2", "{{ notes.version | truncate(1, true, 'b' * 999999) }}\n")
    done = relbot("build", "--draft", "1.1.0")
    assert done.code == 2, done
    assert "notes.j2" in done.err


def test_deep_json_in_a_record_of_a_release_is_unknown(repo: Repo, relbot: Run) -> None:
    repo.write("changes/released/1.0.0/release.json", "[" * 100_000)
    done = relbot("build", "--draft", "1.0.0")
    assert done.code == 3, done
    assert "relbot cannot read changes/released/" in done.err


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_a_time_of_the_ledger_that_no_calendar_has_is_unknown(
    repo: Repo, relbot: Run, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    repo.write("changes/1-a.md", FRAGMENT)
    repo.commit("Begin")
    monkeypatch.setattr(objects, "format_line", lambda entry: _with_time(format_line(entry), moment))
    assert relbot("deploy", "adopt", "production", "--at", "HEAD").code in (0, 3)
    monkeypatch.undo()
    done = relbot("deploy", "log", "production")
    assert done.code == 3, done
    assert "is not between the years 2000 and 2199" in done.err


def _with_time(line: str, moment: str) -> str:
    import json

    data = json.loads(line)
    return json.dumps(data | {"time": moment})


CONFLICTS = 600 * "<<<<<<<\n" + 600 * "=======\n" + 600 * "x\n"


@pytest.mark.parametrize(
    "text",
    [
        CONFLICTS,
        "```\n" + 20_000 * "<<<<<<<\n=======\n>>>>>>>\n" + "```\n",
        "```\n" + 40_000 * "#migration\n" + "```\n",
        "[" + " " * 200_000,
    ],
    ids=["markers without an end", "conflicts in code", "headings in code", "a bracket"],
)
def test_no_text_takes_many_calls_to_read(repo: Repo, relbot: Run, text: str) -> None:
    """What these guard against took 25 s in calls, or hours in one expression, from which this would not come back."""
    repo.write("changes/1-a.md", f"{FRAGMENT}\n{text}")
    assert _count_calls(lambda: relbot("check")) < 500_000 + 30 * text.count("\n")


def test_no_header_of_a_table_takes_many_calls_to_read(repo: Repo, relbot: Run) -> None:
    repo.write("relbot.toml", f'changelog = """\n[{" " * 20_000}x\n"""\n')
    assert _count_calls(lambda: relbot("check")) < 500_000


def _count_calls(work: Callable[[], object]) -> int:
    """How many functions are called meanwhile, those of Python itself included."""
    calls = itertools.count()
    sys.setprofile(lambda frame, event, argument: next(calls) if event in ("call", "c_call") else None)
    try:
        work()
    finally:
        sys.setprofile(None)
    return next(calls)


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_a_repository_builds_with_either_kind_of_ids(repo: Repo, relbot: Run, tmp_path: Path, object_format: str) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    repo.git("init", "--quiet", f"--object-format={object_format}", str(folder))
    (folder / "changes").mkdir()
    (folder / "changes" / "1-a.md").write_text(FRAGMENT)
    repo.git("-C", str(folder), "add", ".")
    repo.git("-C", str(folder), "commit", "--quiet", "-m", "Begin")
    done = relbot("build", "1.0.0", cwd=folder)
    assert done.code == 0, done
    assert (folder / "changes" / "released" / "1.0.0" / "1-a.md").is_file()


def test_a_stale_lock_of_the_ledger_is_named_at_once(repo: Repo, relbot: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.write("changes/1-a.md", FRAGMENT)
    repo.commit("Begin")
    monkeypatch.setattr(objects, "LOCK_PATIENCE", 100)
    assert relbot("deploy", "adopt", "production", "--at", "HEAD").code == 0
    lock = repo.path / ".git" / "refs" / "relbot" / "production.lock"
    lock.touch()
    pauses: list[float] = []
    monkeypatch.setattr(GitRefLedger, "_wait", lambda self, attempt: pauses.append(attempt))
    done = relbot("deploy", "lock", "production", "--for", "1h", "--reason", "x")
    assert done.code == 3, done
    assert "refs/relbot/production.lock` is there" in done.err
    assert "rm '" in done.err
    assert pauses == []
    lock.unlink()
    assert relbot("deploy", "lock", "production", "--for", "1h", "--reason", "x").code == 0


def test_numbers_are_not_told_by_what_int_refuses() -> None:
    """`"\u00b2".isdigit()` is true, and `int` takes no such digit. Of bytes, only ASCII ones are."""
    of_bytes = {"git/trees.py", "git/backtest_cache.py", "git/object_reader.py"}
    found = {
        file.relative_to(ROOT / "relbot").as_posix()
        for file in (ROOT / "relbot").rglob("*.py")
        if re.search(r"\.is(?:digit|numeric)\(\)", file.read_text("utf-8"))
    }
    assert found == of_bytes
