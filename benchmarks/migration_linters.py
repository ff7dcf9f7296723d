"""Writes the table of docs/detection.md that has relbot beside squawk and django-migration-linter, on small migrations.

    pip install django-migration-linter    # not among the pins of this project
    python benchmarks/migration_linters.py CASES.jsonl

A line of CASES.jsonl is a change set: `id`, `base` and `head` (path to text, null for a deleted file) and `expect`, which is
`require`, `ask` or `clean`. Of those that come with documentation, tests or other code as well, the plain one counts.
SQL of the way back (`.down.sql`) is shown to no tool. The linter looks at SQLite, for which it needs no server.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from detection import PAGE, replace_table

from relbot.config.model import Config
from relbot.detect.engine.model import ChangeSet, FileChange
from relbot.review.rules.evaluate import evaluate_change_set

Case = dict[str, Any]

_SQL = re.compile(r"(^|/)(migrations?|migration|migrate)/.*(?<!\.down)\.sql$")
_DJANGO = re.compile(r"(?P<app>\w+)/migrations/(?P<name>\d\w+)\.py$")
_ACCOMPANIED = re.compile(r"-with-(300-lines-beside|tests-and-docs)$")
_PREFERENCES = re.compile(r"^prefer-|-timeout$")
_SETTINGS = """
SECRET_KEY = "x"
INSTALLED_APPS = ["django_migration_linter", "{app}"]
DATABASES = {{"default": {{"ENGINE": "django.db.backends.sqlite3", "NAME": "lint.sqlite3"}}}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
"""


def is_flagged_by_relbot(case: Case) -> bool:
    """Whether relbot asks for a note or requires one."""
    files = [
        FileChange(
            "A" if path not in case["base"] else "D" if text is None else "M", path, *map(_encode, (case["base"].get(path), text))
        )
        for path, text in sorted(case["head"].items())
    ]
    return evaluate_change_set(ChangeSet(tuple(files)), [], Config()).verdict.value != "clean"


def _encode(text: str | None) -> bytes | None:
    return None if text is None else text.encode()


def rules_of_squawk(case: Case) -> set[str]:
    """The rules of squawk that the new SQL breaks."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, path in enumerate(path for path in case["head"] if _SQL.search(path)):
            paths.append(Path(folder, f"{number}.sql"))
            paths[-1].write_text(case["head"][path], "utf-8")
        program = Path(sys.executable).with_name("squawk")
        done = subprocess.run([program, "--reporter", "json", *paths], capture_output=True, check=False)
    return {one["rule_name"] for one in json.loads(done.stdout)}


def is_flagged_by_linter(case: Case, paths: list[str]) -> bool:
    """Whether django-migration-linter has an error or a warning about one of the new migrations."""
    with tempfile.TemporaryDirectory() as folder:
        found = _DJANGO.search(paths[0])
        assert found is not None
        app = found["app"]
        root = Path(folder)
        Path(root, "lint_settings.py").write_text(_SETTINGS.format(app=app), "utf-8")
        _write(root, case["base"])
        if not any(_DJANGO.search(path) for path in case["base"]):
            _make_first_migration(root, app, case["head"][paths[0]])
        _write(root, case["head"])
        for path in paths:
            if (named := _DJANGO.search(path)) is not None:
                done = _run_django(root, "lintmigrations", app, named["name"], "--no-cache", "--warnings-as-errors")
                if "Traceback" in done.stderr:
                    sys.exit(f"{case['id']}: {done.stderr}")
                if done.returncode:
                    return True
    return False


def _write(root: Path, files: dict[str, str | None]) -> None:
    for path, text in files.items():
        file = Path(root, path)
        if text is None:
            file.unlink(missing_ok=True)
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
        for folder in file.parents:
            if folder == root:
                break
            Path(folder, "__init__.py").touch()


def _make_first_migration(root: Path, app: str, migration: str) -> None:
    """Makes the migration on which the new one depends, from the models before."""
    needed = re.search(rf"\(['\"]{app}['\"], ['\"](\d\w+)['\"]\)", migration)
    assert needed is not None
    done = _run_django(root, "makemigrations", app, "--name", "before")
    assert done.returncode == 0, done.stderr
    folder = Path(root, app, "migrations")
    (folder / "0001_before.py").rename(folder / f"{needed[1]}.py")


def _run_django(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "django", *words, "--settings", "lint_settings", "--pythonpath", str(root)]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)


def main() -> None:
    cases = [json.loads(line) for line in Path(sys.argv[1]).read_text("utf-8").splitlines()]
    plain = [case for case in cases if not _ACCOMPANIED.search(case["id"]) and case["expect"] != "either"]
    sql = [case for case in plain if any(_SQL.search(path) for path in case["head"])]
    squawk = {case["id"]: rules_of_squawk(case) for case in sql}
    django = {case["id"]: paths for case in plain if (paths := sorted(path for path in case["head"] if _DJANGO.search(path)))}
    linter = {case["id"]: is_flagged_by_linter(case, django[case["id"]]) for case in plain if case["id"] in django}
    without = {name: {rule for rule in rules if not _PREFERENCES.search(rule)} for name, rules in squawk.items()}
    rows = ["| Migrations | dangerous | innocuous | relbot | the other tool |", "|---|---|---|---|---|"]
    for title, flagged in (
        ("SQL, beside squawk", squawk),
        ("SQL, beside squawk without its `prefer-` and `-timeout` rules", without),
        ("Django, beside django-migration-linter", linter),
    ):
        rows.append(_row(title, [case for case in plain if case["id"] in flagged], flagged))
    PAGE.write_text(replace_table(PAGE.read_text("utf-8"), "beside", "\n".join(rows)), "utf-8")


def _row(title: str, cases: list[Case], flagged: dict[str, Any]) -> str:
    counts: Counter[tuple[str, str]] = Counter()
    for case in cases:
        kind = "innocuous" if case["expect"] == "clean" else "dangerous"
        counts[kind, "all"] += 1
        counts[kind, "relbot"] += is_flagged_by_relbot(case)
        counts[kind, "other"] += bool(flagged[case["id"]])
    both = [f"{counts['dangerous', tool]} and {counts['innocuous', tool]}" for tool in ("relbot", "other")]
    return f"| {title} | {counts['dangerous', 'all']} | {counts['innocuous', 'all']} | {both[0]} | {both[1]} |"


if __name__ == "__main__":
    main()
