"""The rulebook against the code that reports: every example does what it shows, and no rule is missing or invented."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import relbot
from relbot.config.model import TOOLS, Config
from relbot.config.read import read_config
from relbot.detect.engine.registry import DETECTOR_IDS
from relbot.errors import ConfigError
from relbot.fragment.file import FragmentFile
from relbot.review.backtest.labels import read_labels
from relbot.review.check import check_fragments
from relbot.review.rulebook import RULES
from tests.syntax_trees import parse_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.review.rulebook import Example, Rule

CODE = Path(relbot.__file__).parent
OF_A_CHANGE_SET = (
    {"every-change", "paths", "step-phase", "migration-vague", "compat-missing", "compat-reason", *TOOLS}
    | {f"changelog-{what}" for what in ("anchor", "edited", "missing", "link", "duplicate", "order")}
    | {f"fragment-{what}" for what in ("deleted", "renamed", "edited", "released", "in-release")}
)
"""Reported by `check --base` and `build`: tested with them."""
OF_MORE_THAN_FRAGMENTS = OF_A_CHANGE_SET | {"needs-missing", "needs-together", "fragment-vanished", "config-ambiguous"}
"""Those, and what a plan or the search for a configuration reports: tested there."""


def found(example: Example) -> list[str]:
    """The ids of the rules that the real readers report about an example."""
    rules = []
    config = Config()
    sources = [file for file in example.files if file.path.endswith(".md")]
    for file in example.files:
        try:
            if file.path == "relbot.toml":
                config = read_config(file.path, file.text) or config
            elif file.path.endswith(".jsonl"):
                read_labels(file.path, file.text)
        except ConfigError as error:
            rules += [finding.rule for finding in error.findings]
    checked = check_fragments([FragmentFile(file.path, file.content, file.problem) for file in sources], config)
    return rules + [finding.rule for finding in checked.findings]


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES.values() if rule.id not in OF_MORE_THAN_FRAGMENTS], ids=lambda rule: rule.id
)
def test_the_bad_example_breaks_its_rule_and_no_other(rule: Rule) -> None:
    assert found(rule.bad) == [rule.id]


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_the_good_example_breaks_no_rule(rule: Rule) -> None:
    assert found(rule.good) == []


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_a_rule_can_be_printed(rule: Rule) -> None:
    text = f"{rule.summary}\n{rule.why}\n{rule.bad}\n{rule.good}"
    assert all(character.isprintable() or character == "\n" for character in text)
    assert len(text) < 10_000
    assert "\n" not in rule.summary + rule.why


def ids_in(tree: ast.AST) -> Iterator[str]:
    """The rule ids written in a module: arguments of `at`, `on_line` and `Finding`, and parameters that hold a rule.

    One may be written as a name that stands for a text at the top of the module.
    """
    texts = {
        target.id: node.value.value
        for node in ast.iter_child_nodes(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        places = []
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            places += node.args[1:2] if name in ("at", "on_line") else node.args[:1] if name in ("Finding", "Evidence") else []
            places += [keyword.value for keyword in node.keywords if keyword.arg in ("rule", "check_rule")]
        elif isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") in ("rule", "check_rule") and node.value:
            places.append(node.value)
        for place in places:
            yield from (n.value for n in ast.walk(place) if isinstance(n, ast.Constant) and isinstance(n.value, str))
            yield from (texts[n.id] for n in ast.walk(place) if isinstance(n, ast.Name) and n.id in texts)


def test_the_rules_reported_are_the_rules_explained() -> None:
    modules = [path for path in CODE.rglob("*.py") if "rulebook" not in path.parts]
    reported = {rule for path in modules for rule in ids_in(parse_file(path))}
    assert reported - set(RULES) - set(DETECTOR_IDS) == set(), "relbot reports rules that relbot/rulebook/ does not explain"
    assert set(RULES) - reported - OF_A_CHANGE_SET == set(), "relbot/rulebook/ explains rules that nothing reports"
