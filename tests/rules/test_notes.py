"""What is asked about the notes of a change set, and that what relbot proposes is safe."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from relbot.config.model import Config
from relbot.config.rules import NOTE_RULES, read_rules
from relbot.finding import Level
from relbot.review.rules.evaluate import evaluate_change_set
from tests.detect.changes import change_set
from tests.fragment.parsing import sound

if TYPE_CHECKING:
    from relbot.review.rules.model import Evaluation

RUBY = {".ruby-version": ("2.7.1\n", "3.1.2\n")}
HEAD = "---\ntype: changed\nmigration: true\n"
STEP = "deploy:\n  - phase: {phase}\n    do: Install Ruby 3.1.\n"
BREAKING = "---\ntype: changed\nbreaking: true\n"
HOW = "---\n\nOptions are grouped.\n\n## Migration\n\nRun `rake migrate`.\n"


def evaluate(text: str) -> Evaluation:
    return evaluate_change_set(change_set(RUBY), [sound(text)], Config())


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        (f"{HEAD}{STEP.format(phase='before-install')}---\n\nRuby 3.1.\n", []),
        (f"{HEAD}{STEP.format(phase='after-restart')}---\n\nRuby 3.1.\n", ["step-phase"]),
        (f"{HEAD}---\n\nIt is newer.\n\n## Migration\n\nTake care.\n", ["migration-vague"]),
        (f"{HEAD}---\n\nIt is newer.\n\n## Migration\n\nInstall Ruby first.\n", []),
        (f"{HEAD}---\n\nIt is newer.\n\n## Migration\n\nRun `make ready`.\n", []),
        (f"{BREAKING}{HOW}", ["compat-missing"]),
        (f"{BREAKING}compat: shim\n{HOW}", []),
        (f"{BREAKING}compat: none\n{HOW}", ["compat-reason"]),
        (f"{BREAKING}compat: none\n{HOW}\n## Compatibility\n\nIt has the same name.\n", []),
    ],
)
def test_what_is_asked_about_a_note(text: str, rules: list[str]) -> None:
    findings = evaluate(text).findings
    assert [finding.rule for finding in findings] == rules
    assert {finding.level for finding in findings} <= {Level.WARNING}


@pytest.mark.parametrize("rule", NOTE_RULES)
def test_a_project_gives_rules_about_notes_another_level(rule: str) -> None:
    wrong = {
        "step-phase": f"{HEAD}{STEP.format(phase='after-restart')}---\n\nRuby 3.1.\n",
        "migration-vague": f"{HEAD}---\n\nIt is newer.\n\n## Migration\n\nTake care.\n",
        "compat-missing": f"{BREAKING}{HOW}",
        "compat-reason": f"{BREAKING}compat: none\n{HOW}",
    }
    levels = {}
    for word in ("require", "ask", "off"):
        rules = read_rules("relbot.toml", f'{rule} = "{word}"\n')
        found = evaluate_change_set(change_set(RUBY), [sound(wrong[rule])], Config(rules=rules)).findings
        levels[word] = [finding.level for finding in found if finding.rule == rule]
    assert levels == {"require": [Level.ERROR], "ask": [Level.WARNING], "off": []}


@pytest.mark.parametrize(
    ("statement", "hint"),
    [
        ("ALTER TABLE cars DROP COLUMN colour;", "drop it in the next one"),
        ("ALTER TABLE cars RENAME COLUMN colour TO color;", "Split it"),
        ("ALTER TABLE cars ADD COLUMN colour text NOT NULL;", "Split it"),
        ("ALTER TABLE cars ADD COLUMN color text;\nALTER TABLE cars DROP COLUMN colour;", "drop the old one in the next"),
    ],
)
def test_the_proposal_is_safe_while_the_old_code_runs(statement: str, hint: str) -> None:
    proposal = evaluate_change_set(change_set({"db/migrations/0007_cars.sql": (None, f"{statement}\n")}), [], Config()).proposal
    assert proposal is not None
    assert any(hint in question for question in proposal.questions)


def test_a_dropped_column_is_proposed_for_after_the_restart() -> None:
    changes = change_set(
        {"db/migrate/1_a.rb": (None, "class A < M\n  def change\n    remove_column :cars, :colour\n  end\nend\n")}
    )
    proposal = evaluate_change_set(changes, [], Config()).proposal
    assert proposal is not None
    assert "phase: after-restart" in proposal.text


def test_of_a_moved_key_is_asked_whether_the_old_place_can_be_read() -> None:
    options = {
        "config/options.yml.example": ("source_host: a\nsource_port: 1\n", "default:\n  source_host: a\n  source_port: 1\n")
    }
    proposal = evaluate_change_set(change_set(options), [], Config()).proposal
    assert proposal is not None
    assert any("read the old path for one more release" in question for question in proposal.questions)
