"""docs/github.md has each fact once, and names tests that there are."""

from __future__ import annotations

import ast
import re
from functools import cache

from tests.commandline import ROOT
from tests.syntax_trees import parse_file

PAGE = (ROOT / "docs/github.md").read_text()
ROWS = [
    (int(number), about, re.findall(r"`(test_\w+)`", tests))
    for number, about, tests in re.findall(r"^\| (\d+) \| [^|]+ \| ([^|]+) \| ([^|]+) \|$", PAGE, re.MULTILINE)
]
FAKE = "".join(file.read_text() for file in (ROOT / "tests/github/fake").glob("*.py"))


@cache
def find_tests() -> dict[str, tuple[str, ast.FunctionDef]]:
    """Each function that is a test, by its name, with the name of its file."""
    return {
        node.name: (file.name, node)
        for file in (ROOT / "tests").rglob("test_*.py")
        for node in parse_file(file).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def facts_met_by(name: str) -> set[int]:
    """The numbers in the marks `meets` of a test and of its parameters."""
    calls = [
        node for mark in find_tests()[name][1].decorator_list for node in ast.walk(mark)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "meets"
    ]  # fmt: skip
    return {int(ast.literal_eval(number)) for call in calls for number in call.args}


def test_each_fact_has_a_row_with_a_test_or_a_decision() -> None:
    assert [number for number, *_ in ROWS] == list(range(1, 117))
    for number, about, tests in ROWS:
        assert set(tests) <= set(find_tests()), number
        assert tests or re.search(r"Decision:|Open|Nothing relies", about), number


def test_each_test_that_names_a_fact_is_on_the_page() -> None:
    numbered = [
        name for name, (file, _) in find_tests().items() if file in ("test_facts.py", "test_events.py") and name[5].isdigit()
    ]
    assert numbered
    assert [name for name in numbered if f"`{name}`" not in PAGE] == []


def test_each_fact_that_the_fake_can_leave_out_is_met_by_a_test_that_the_page_names() -> None:
    """The mark `meets` fails where the fake does not behave as the fact says, and where that makes no difference."""
    known = {int(number) for number in re.findall(r"\.has\((\d+)\)", FAKE)}
    assert len(known) > 50
    met = {number: {fact for name in tests for fact in facts_met_by(name)} for number, _, tests in ROWS}
    assert [number for number in sorted(known) if number not in met[number]] == []
