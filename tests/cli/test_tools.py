"""Other tools as detectors, through `relbot check --base` and `--staged`: the real squawk, griffe and buf, and broken ones."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from relbot.config.model import TOOLS
from relbot.detect.engine.model import ChangeSet, FileChange
from relbot.git.process import Git
from relbot.git.trees import CommitTree
from relbot.tools import buf, griffe, squawk
from relbot.tools.ask import ask_tools
from tests.cli.fragments import fragment

if TYPE_CHECKING:
    from pathlib import Path

    from tests.commandline import Result, Run
    from tests.repository import Repo

QUIET = 'migrations = "off"\ninterfaces = "off"\n'
PROTO = 'syntax = "proto3";\npackage billing;\nmessage Invoice {\n  string customer = 1;\n  string currency = 2;\n}\n'
CURRENCY = "  string currency = 2;\n"


def begin(repo: Repo, rules: str, **files: str) -> None:
    repo.write("relbot.toml", f"[rules]\n{QUIET}{rules}\n")
    for path, text in files.items():
        repo.write(path, text)
    repo.commit()
    repo.branch("topic")


def findings(checked: Result) -> list[Any]:
    return [one for one in json.loads(checked.out)["findings"] if one["rule"] in TOOLS]


def check(relbot: Run, *options: str) -> Result:
    return relbot("check", *(options or ("--base", "main")), "--format", "json")


def test_every_tool_has_an_adapter() -> None:
    assert {module.ADAPTER.id for module in (buf, griffe, squawk)} == set(TOOLS)


def test_squawk_speaks_of_what_the_change_set_adds(repo: Repo, relbot: Run) -> None:
    begin(repo, 'squawk = "ask"', **{"db/1.sql": "CREATE INDEX old ON invoices (customer);\n"})
    repo.write("db/1.sql", "CREATE INDEX old ON invoices (customer);\n-- done in May\n")
    repo.write(
        "db/2.sql", "CREATE INDEX CONCURRENTLY IF NOT EXISTS fine ON invoices (day);\nCREATE INDEX slow ON invoices (day);\n"
    )
    repo.commit()
    checked = check(relbot)
    assert checked.code == 0
    (locks,) = [one for one in findings(checked) if "require-concurrent-index-creation" in one["message"]]
    assert (locks["path"], locks["line"], locks["level"]) == ("db/2.sql", 2, "warning")
    assert {one["path"] for one in findings(checked)} == {"db/2.sql"}


def test_a_rule_of_a_tool_has_a_level_of_its_own(repo: Repo, relbot: Run) -> None:
    begin(repo, '[rules.squawk]\nrequire-concurrent-index-creation = "require"\nprefer-robust-stmts = "off"')
    repo.write("db/2.sql", "CREATE INDEX slow ON invoices (day);\n")
    repo.commit()
    checked = check(relbot)
    assert checked.code == 1
    levels = {one["message"].rpartition(": ")[2].rstrip(")"): one["level"] for one in findings(checked)}
    assert levels.pop("require-concurrent-index-creation") == "error"
    assert "prefer-robust-stmts" not in levels
    assert set(levels.values()) <= {"warning"}


def test_a_fragment_answers_a_tool(repo: Repo, relbot: Run) -> None:
    begin(repo, 'squawk = "require"')
    repo.write("db/2.sql", "CREATE INDEX slow ON invoices (day);\n")
    repo.write(
        "changes/4075.md",
        fragment("changed", "Invoices are found faster.", "migration: true") + "\n## Migration\n\nRun it at night.\n",
    )
    repo.commit()
    checked = check(relbot)
    assert (checked.code, findings(checked)) == (0, [])


def test_squawk_is_given_the_configuration_of_the_base(repo: Repo, relbot: Run) -> None:
    begin(repo, 'squawk = "require"')
    repo.write(".squawk.toml", 'excluded_rules = ["require-concurrent-index-creation"]\n')
    repo.write("db/2.sql", "CREATE INDEX slow ON invoices (day);\n")
    repo.commit()
    assert "require-concurrent-index-creation" in check(relbot).out


def test_griffe_compares_whole_packages(repo: Repo, relbot: Run) -> None:
    begin(repo, 'griffe = "require"', **{"src/billing/__init__.py": "from billing.make import invoice\n"})
    repo.write("src/billing/make.py", "def invoice(customer, currency): ...\n")
    repo.commit()
    repo.git("branch", "-f", "main")
    repo.write("src/billing/make.py", "def invoice(customer): ...\n")
    repo.commit()
    checked = check(relbot)
    assert checked.code == 1
    (found,) = findings(checked)
    assert (found["path"], found["line"]) == ("src/billing/make.py", 1)
    assert "`billing.make.invoice`: parameter was removed" in found["message"]


def test_griffe_runs_nothing_of_the_change_set(repo: Repo, relbot: Run, tmp_path: Path) -> None:
    begin(repo, 'griffe = "ask"', **{"billing/__init__.py": "def invoice(customer): ...\n"})
    mark = tmp_path / "was-run"
    harm = f"open({str(mark)!r}, 'w').close()\n"
    for path in ("billing/__init__.py", "griffe.py", "griffe/__init__.py", "sitecustomize.py", "relbot/__init__.py", "json.py"):
        repo.write(path, harm)
    repo.commit()
    checked = check(relbot)
    assert "public object was removed" in checked.out
    assert not mark.exists()


def test_buf_compares_all_of_them(repo: Repo, relbot: Run) -> None:
    begin(repo, 'buf = "require"', **{"api/billing.proto": PROTO, "api/other.proto": 'syntax = "proto3";\npackage other;\n'})
    repo.write("api/billing.proto", PROTO.replace(CURRENCY, ""))
    repo.commit()
    checked = check(relbot)
    assert checked.code == 1
    (found,) = findings(checked)
    assert (found["path"], found["line"]) == ("api/billing.proto", 3)
    assert "field-no-delete" in found["message"]


def test_the_first_and_the_last_file_of_a_kind(repo: Repo, relbot: Run) -> None:
    begin(repo, 'buf = "require"')
    repo.write("api/billing.proto", PROTO)
    repo.commit()
    assert check(relbot).code == 0
    repo.git("branch", "-f", "main")
    repo.git("rm", "-q", "api/billing.proto")
    repo.commit()
    checked = check(relbot)
    assert checked.code == 1
    assert "The change set has no file that buf reads." in checked.out


def test_the_index_is_judged_too(repo: Repo, relbot: Run) -> None:
    begin(repo, 'squawk = "require"')
    repo.write("db/2.sql", "CREATE INDEX slow ON invoices (day);\n")
    repo.git("add", "db/2.sql")
    assert check(relbot, "--staged").code == 1
    repo.commit()
    assert "squawk" in relbot("detect", "main").out


def test_what_a_tool_cannot_read_is_unknown(repo: Repo, relbot: Run) -> None:
    begin(repo, 'squawk = "ask"')
    repo.write("db/2.sql", "SELEC 1 FROM;\n")
    repo.commit()
    checked = check(relbot)
    assert checked.code == 3
    assert "`squawk`, which the project's rules name, cannot read" in checked.out + checked.err


def test_a_tool_is_not_asked_about_files_that_it_does_not_read(repo: Repo, relbot: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(repo, 'buf = "ask"\nsquawk = "off"')
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    repo.write("README.md", "# Billing\n")
    repo.write("db/2.sql", "CREATE INDEX slow ON invoices (day);\n")
    repo.commit()
    assert check(relbot).code == 0


@pytest.mark.parametrize(
    ("script", "says"),
    [
        (None, "is not installed: `pip install 'relbot[squawk]'` does it"),
        ("echo '{'", "answered with something that is not JSON"),
        ("echo '{}'", "answered with JSON that is not a list"),
        ("echo '[{}]'", "answered with JSON without `file`"),
        ("true", "answered with something that is not JSON"),
        ("echo 'out of memory' >&2; exit 101", "failed with exit code 101 and printed “out of memory”"),
        ("kill -SEGV $$", "was killed by signal 11"),
        ('echo "[] $GITHUB_TOKEN"; exit 9', "failed with exit code 9 and printed “[]”"),
    ],
)
def test_a_tool_that_does_not_answer_is_unknown(
    repo: Repo, relbot: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str | None, says: str
) -> None:
    begin(repo, 'squawk = "ask"')
    repo.write("db/2.sql", "CREATE INDEX slow ON invoices (day);\n")
    repo.commit()
    place = tmp_path / "bin"
    place.mkdir()
    if script is not None:
        (place / "squawk").write_text(f"#!/bin/sh\n{script}\n")
        (place / "squawk").chmod(0o755)
    monkeypatch.setattr("sys.executable", str(place / "python"))
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.setenv("GITHUB_TOKEN", "s3cret")
    checked = check(relbot)
    assert checked.code == 3
    assert says in checked.out + checked.err
    assert "s3cret" not in checked.out + checked.err


def test_a_path_that_leads_out_is_not_written(repo: Repo) -> None:
    repo.write("README.md", "# Billing\n")
    repo.commit()
    forged = FileChange("A", "../../relbot-was-here.sql", None, b"SELECT 1;\n")
    told = ask_tools(CommitTree(Git(repo.path), "HEAD"), ChangeSet((forged,)), ("squawk",))
    (said,) = told.unknown
    assert said.endswith("could not get the files: a path of the change set leads out of the repository.")
