"""docs/github.md has each fact once, and names tests that there are."""

from __future__ import annotations

import re

from tests.commandline import ROOT

PAGE = (ROOT / "docs/github.md").read_text()
ROWS = re.findall(r"^\| (\d+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", PAGE, re.MULTILINE)
TESTS = {
    name: file.name
    for file in (ROOT / "tests").rglob("test_*.py")
    for name in re.findall(r"^def (test_\w+)\(", file.read_text(), re.MULTILINE)
}


def test_each_fact_has_a_row_with_a_test_or_a_decision() -> None:
    assert [int(number) for number, *_ in ROWS] == list(range(1, 117))
    for number, _, about, test in ROWS:
        assert test.strip("`") in TESTS or (test == "–" and re.search(r"Decision:|Open|Nothing relies", about)), number


def test_each_test_that_names_a_fact_is_on_the_page() -> None:
    numbered = [name for name, file in TESTS.items() if file in ("test_facts.py", "test_events.py") and name[5].isdigit()]
    assert numbered
    assert [name for name in numbered if f"`{name}`" not in PAGE] == []
