"""Tasks that somebody runs by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from relbot.detect.tasks.detector import DETECTOR
from tests.detect.changes import evidence, facts

if TYPE_CHECKING:
    from relbot.detect.engine.facts import Table

COMMAND = "shop/management/commands/{}.py"
SCRIPT = "#!/bin/sh\nrun\n"

# fmt: off
CASES: list[tuple[Table, set[str]]] = [
    ({"lib/tasks/a.rake": (None, "task migrate_options_yml: :environment do\nend\n")}, {"once-added"}),
    ({"lib/tasks/a.rake": (None, "namespace :search do\n  task :rebuild do\n  end\nend\n")}, {"once-added"}),
    ({"lib/tasks/a.rake": (None, "namespace :dev do\n  task :rebuild do\n  end\nend\n")}, set()),
    ({"lib/tasks/a.rake": (None, "task :statistics do\nend\n")}, {"added"}),
    ({"lib/tasks/a.rake": ("task :a\ntask :b\n", "task :b\n")}, {"removed"}),
    ({"lib/tasks/a.rake": ("task :a\n", "task :b\n")}, {"removed", "added"}),
    ({"lib/tasks/a.rake": ("task :a do\n  b\nend\n", "task :a do\n  c\nend\n")}, {"changed"}),
    ({"lib/tasks/a.rake": ("task :a\n", "x\n"), "lib/tasks/b.rake": ("x\n", "task :a\n")}, {"added", "removed"}),
    ({COMMAND.format("backfill_prices"): (None, "x\n")}, {"once-added"}),
    ({COMMAND.format("prices"): (None, "x\n")}, {"added"}),
    ({COMMAND.format("prices"): ("x\n", None)}, {"removed"}),
    ({COMMAND.format("dedupe"): ("x\n", "y\n")}, {"changed"}),
    ({COMMAND.format("prices"): ("x\n", "y\n")}, set()),
    ({"bin/convert_db": (None, SCRIPT)}, {"script-once-added"}),
    ({"script/start": (None, SCRIPT)}, {"script-added"}),
    ({"script/start": (SCRIPT, None)}, {"script-removed"}),
    ({"script/start": (SCRIPT, None), "script/begin": (None, SCRIPT)}, {"script-removed", "script-added"}),
    ({"bin/notes.dat": (None, "a\n")}, set()),
    ({"script/ci/build.sh": (None, SCRIPT)}, set()),
    ({"shop/cli.py": ("pass\n", "@click.command('reindex-all')\ndef x():\n    pass\n")}, {"command-added"}),
    ({"shop/cli.py": ("pass\n", "@click.command('show')\ndef x():\n    pass\n")}, set()),
    ({"shop/commands/upgrade/k8s.py": ("a\n", "b\n")}, {"upgrade-code"}),
    ({"tests/management/commands/backfill.py": (None, "x\n")}, set()),
]
# fmt: on


@pytest.mark.parametrize(("table", "expected"), CASES)
def test_what_is_seen(table: Table, expected: set[str]) -> None:
    assert facts(DETECTOR, table) == expected


def test_the_step_runs_the_task_by_its_whole_name() -> None:
    (found,) = evidence(DETECTOR, {"lib/tasks/a.rake": (None, "namespace :search do\n  task :rebuild do\n  end\nend\n")})
    assert found.todo is not None
    assert found.todo.run == "bundle exec rake search:rebuild"
