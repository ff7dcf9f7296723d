"""Small changes of many frameworks and tools, and their harmless twins: what relbot asks about each of them, alone.

`world.jsonl` has one change set a line: its name, the files before and after, what the base's documentation says, the verdict.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from relbot.config.model import Config
from relbot.review.rules.evaluate import evaluate_change_set
from tests.detect.changes import change_set

CASES: list[dict[str, Any]] = [json.loads(line) for line in Path(__file__).with_name("world.jsonl").read_text().splitlines()]


def verdict_of(case: dict[str, Any]) -> str:
    told = case.get("documentation", "")

    def look_up(names: Any) -> dict[str, str]:
        return {name: "README.md" for name in names if name in told}

    changes = change_set({path: (before, after) for path, (before, after) in case["files"].items()})
    return evaluate_change_set(changes, [], Config(), look_up=look_up).verdict.value


def test_each_change_gets_its_verdict() -> None:
    wrong = {case["name"]: (case["expect"], got) for case in CASES if (got := verdict_of(case)) != case["expect"]}
    assert wrong == {}


def test_all_kinds_are_there() -> None:
    assert {case["expect"] for case in CASES} == {"require", "ask", "clean"}
    assert len({case["name"] for case in CASES}) == len(CASES)
