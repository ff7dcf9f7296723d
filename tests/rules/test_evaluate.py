"""Evidence, rules, authors and fragments to an evaluation, without git."""

from __future__ import annotations

import pytest

from relbot.config.model import DEFAULT_EXEMPT, Config, Rules
from relbot.config.rules import PRESETS
from relbot.detect.engine.facts import FactLevel
from relbot.detect.engine.model import ChangeSet, FileChange
from relbot.detect.engine.registry import facts_of
from relbot.files.presets import load_preset
from relbot.review.rules.evaluate import Author, evaluate_change_set
from relbot.review.rules.model import Verdict
from tests.fragment.parsing import sound

DROPS = b"class Drop < ActiveRecord::Migration[5.2]\n  def change\n    remove_column :cars, :colour, :string\n  end\nend\n"
REQUIRED = Config(rules=Rules(levels=(("migrations", "require"),)))


def migration(path: str = "db/migrate/20180720082742_drop.rb") -> ChangeSet:
    return ChangeSet((FileChange("A", path, None, DROPS),))


@pytest.mark.parametrize(
    ("names", "exempt"),
    [
        (("renovate[bot]",), True),
        (("Jane", "49699333+dependabot[bot]@users.noreply.github.com"), False),
        (("Dependabot[bot]",), True),
        (("Robert",), False),
        (("abbot", "abbot@example.org"), False),
        ((), False),
    ],
)
def test_only_robots_are_exempt(names: tuple[str, ...], exempt: bool) -> None:
    assert Author(names).is_among(DEFAULT_EXEMPT) is exempt


def test_what_lies_among_the_fragments_is_not_judged() -> None:
    assert evaluate_change_set(migration(), [], REQUIRED).findings
    assert evaluate_change_set(migration("changes/db/migrate/20180720082742_drop.rb"), [], REQUIRED).findings == ()


def test_a_change_set_without_files_asks_nothing() -> None:
    assert evaluate_change_set(ChangeSet(()), [], Config()).verdict is Verdict.CLEAN


def graded(changes: ChangeSet, rules: Rules, fact: str) -> tuple[str, str]:
    """The level of a fact of a change set, and what changed it."""
    facts = evaluate_change_set(changes, [], Config(rules=rules)).facts
    return next((one.level.value, one.changed_by) for one in facts if one.evidence.id == fact)


@pytest.mark.parametrize(
    ("rules", "level", "changed_by"),
    [
        (Rules(), "require", ""),
        (Rules(levels=(("migrations", "ask"),)), "ask", "rules.migrations"),
        (Rules(levels=(("migrations", "off"), ("migrations/dropped", "ask"))), "ask", "rules.migrations/dropped"),
        (Rules(routine=("migrations/dropped",)), "note", "rules.routine"),
        (Rules(paths=(("db/**", "off"),), levels=(("migrations", "require"),)), "note", "rules.paths"),
    ],
)
def test_the_projects_rules_have_the_last_word_and_are_named(rules: Rules, level: str, changed_by: str) -> None:
    assert graded(migration(), rules, "migrations/dropped") == (level, changed_by)


def test_what_rules_silence_is_still_shown() -> None:
    judged = evaluate_change_set(migration(), [], Config(rules=Rules(levels=(("migrations", "off"),))))
    assert judged.verdict is Verdict.CLEAN
    assert {fact.evidence.id for fact in judged.facts} >= {"migrations/dropped"}


def test_a_note_answers_the_findings_and_keeps_the_facts() -> None:
    note = sound("---\ntype: changed\nmigration: true\n---\n\nCars.\n\n## Migration\n\nWait.\n")
    judged = evaluate_change_set(migration(), [note], Config())
    assert judged.findings == ()
    assert {fact.evidence.id for fact in judged.facts} >= {"migrations/dropped"}


@pytest.mark.parametrize("name", PRESETS)
def test_no_preset_silences_what_destroys_or_is_newly_required(name: str) -> None:
    rules = load_preset(name)
    assert not [pattern for pattern, level in rules.paths if level == "off"]
    for entry in (*rules.routine, *(rule for rule, level in rules.levels if level == "off")):
        detector, _, fact = entry.partition("/")
        silenced = [facts_of(detector)[fact]] if fact else facts_of(detector).values()
        assert not [one.id for one in silenced if one.level is FactLevel.REQUIRE], entry
