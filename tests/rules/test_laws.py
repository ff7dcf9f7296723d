"""The laws of a verdict, as properties over change sets that are put together from the examples of the facts."""

from __future__ import annotations

import re
from itertools import combinations, product
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relbot.config.model import Config, Rules
from relbot.detect.engine.facts import Fact, FactAnswer, FactLevel, FactScope, Subject
from relbot.detect.engine.model import ChangeSet, Detector, Evidence, FileChange
from relbot.detect.engine.registry import DETECTOR_IDS, fact_of, facts_of, load_detector
from relbot.review.rules.evaluate import evaluate_change_set
from relbot.review.rules.levels import grade_facts, normalize_subject
from relbot.review.rules.model import Evaluation, Verdict
from tests.detect.changes import change_set
from tests.tiers import LONG, examples

if TYPE_CHECKING:
    from relbot.detect.engine.facts import Table
    from relbot.review.rules.levels import GradedFact

RANKS = {Verdict.CLEAN: 0, Verdict.ASK: 1, Verdict.UNKNOWN: 2, Verdict.REQUIRE: 3}
LEVEL_RANKS = {FactLevel.NOTE: 0, FactLevel.ASK: 1, FactLevel.REQUIRE: 3}
SHOWN = {f"{name}/{fact.id}": fact for name in DETECTOR_IDS for fact in load_detector(name).facts if fact.wrong}
NAMES = sorted(SHOWN)
BESIDE: Table = {
    "docs/guide/cars.md": ("Cars.\n", "Cars.\n\nThey must be washed. Deprecated: `--old`. Default: `5`.\n"),
    "tests/test_cars.py": ("def test_a():\n    pass\n", "def test_b():\n    assert os.environ['CARS']\n"),
    "src/other/reports.py": (None, "".join(f"def report_{n}(rows):\n    return rows[{n}:]\n\n\n" for n in range(100))),
}
"""Documentation, tests, and three hundred lines that have nothing to do with it."""


def evaluate(*tables: Table) -> Evaluation:
    merged = {path: sides for table in tables for path, sides in table.items()}
    return evaluate_change_set(change_set(merged), [], Config())


def below(folder: str, table: Table) -> Table:
    """The same change in a project that lies in a folder of the repository."""
    return {f"{folder}/{path}": sides for path, sides in table.items()}


class Shown:
    """The change that the documentation of a fact shows as wrong, in each of two folders, and what it is about."""

    def __init__(self, name: str) -> None:
        self.tables = tuple(below(folder, SHOWN[name].wrong) for folder in ("one", "other"))
        self.alone = tuple(evaluate(table) for table in self.tables)
        self.rank = max(RANKS[each.verdict] for each in self.alone)
        subjects = (subject for fact in self.alone[0].facts for subject in fact.evidence.subjects)
        self.subjects = {re.split(r"[./]", normalize_subject(subject))[-1] for subject in subjects}
        texts = "\n".join(side for sides in SHOWN[name].wrong.values() for side in sides if side is not None)
        self.words = {normalize_subject(word) for word in re.findall(r"[\w-]+", texts)} | self.subjects

    def may_meet(self, other: Shown) -> bool:
        """Whether one names what the other is about."""
        return not (self.subjects.isdisjoint(other.words) and other.subjects.isdisjoint(self.words))


def is_lowered_by_answer(seen: GradedFact, together: Evaluation) -> bool:
    """Whether the answer names a fact that was seen alone, and what it is lowered by is declared as its answer."""
    again = [fact for fact in together.facts if fact.evidence.id == seen.evidence.id]
    declared = fact_of(seen.evidence)
    return declared is not None and any(fact.changed_by in {one.fact for one in declared.answers} for fact in again)


@pytest.mark.parametrize("name", NAMES)
def test_alone(name: str) -> None:
    """What the documentation of a fact shows as wrong is flagged, at its level, when it is all that changes."""
    verdict = evaluate(SHOWN[name].wrong).verdict
    assert RANKS[verdict] >= LEVEL_RANKS[SHOWN[name].level]


@pytest.mark.parametrize("name", NAMES)
def test_documentation_tests_and_size_beside_it_change_nothing(name: str) -> None:
    wrong = SHOWN[name].wrong
    assert evaluate(wrong, BESIDE).verdict is evaluate(wrong).verdict


def test_together_two_change_sets_are_at_least_as_grave_as_each() -> None:
    """All pairs that may meet; in the long tier all pairs, in both orders."""
    shown = [Shown(name) for name in NAMES]
    pairs = product(shown, shown) if LONG else (pair for pair in combinations(shown, 2) if pair[0].may_meet(pair[1]))
    for one, other in pairs:
        if not one.rank and not other.rank:
            continue
        together = evaluate(one.tables[0], other.tables[1])
        for alone in (one.alone[0], other.alone[1]):
            if RANKS[together.verdict] < RANKS[alone.verdict]:
                graver = [fact for fact in alone.facts if LEVEL_RANKS[fact.level] > RANKS[together.verdict]]
                assert all(is_lowered_by_answer(fact, together) for fact in graver), (graver, together.facts)


def test_two_have_the_level_of_one() -> None:
    once = {name: evaluate(below("part0", SHOWN[name].wrong)).verdict for name in NAMES}
    twice = {name: evaluate(*(below(part, SHOWN[name].wrong) for part in ("part0", "part1"))).verdict for name in NAMES}
    assert twice == once


def test_questions_about_two_files_with_one_ending_meet() -> None:
    asked = [SHOWN[name].wrong for name in ("migrations/machinery", "tasks/upgrade-code")]
    assert [path.rpartition(".")[2] for table in asked for path in table] == ["py", "py"]
    assert [evaluate(one).verdict for one in asked] == [Verdict.ASK, Verdict.ASK]
    assert evaluate(*asked).verdict is Verdict.REQUIRE


@settings(max_examples=examples(20), deadline=None)
@given(name=st.sampled_from(NAMES), count=st.integers(3, 12))
def test_any_number_has_the_level_of_one(name: str, count: int) -> None:
    wrong = SHOWN[name].wrong
    assert evaluate(*(below(f"part{n}", wrong) for n in range(count))).verdict is evaluate(below("part0", wrong)).verdict


@settings(max_examples=examples(100), deadline=None)
@given(names=st.lists(st.sampled_from(NAMES), max_size=4))
def test_every_fact_that_was_seen_is_named_with_its_level_and_why(names: list[str]) -> None:
    evaluation = evaluate(*(below(f"part{n}", SHOWN[name].wrong) for n, name in enumerate(names)))
    for fact in evaluation.facts:
        assert fact.why.endswith((".", '"'))
        declared = fact_of(fact.evidence)
        assert declared is not None
        assert fact.changed_by or fact.level is declared.level
    levels = {fact.level for fact in evaluation.facts}
    gravest = Verdict.REQUIRE if FactLevel.REQUIRE in levels else Verdict.ASK if FactLevel.ASK in levels else Verdict.CLEAN
    assert evaluation.verdict is gravest


@settings(max_examples=examples(60), deadline=None)
@given(name=st.sampled_from(NAMES), place=st.sampled_from(["tests", ".github", "development"]))
def test_a_fact_in_tests_ci_or_development_files_is_a_note(name: str, place: str) -> None:
    assert evaluate(below(place, SHOWN[name].wrong)).verdict is Verdict.CLEAN


ANSWERED = sorted(
    (f"{name}/{fact.id}", answer) for name in DETECTOR_IDS for fact in load_detector(name).facts for answer in fact.answers
)


def seen(fact: str, *subjects: str, path: str = "app/a.py") -> Evidence:
    detector, _, name = fact.partition("/")
    return Evidence(detector, name, path, 1, "Something is so.", (), subjects)


def level_of(fact: str, *evidence: Evidence) -> tuple[FactLevel, str]:
    graded = next(one for one in grade_facts(evidence, Rules(), {}) if one.evidence.id == fact)
    return graded.level, graded.changed_by


@pytest.mark.parametrize(("fact", "answer"), ANSWERED, ids=[f"{fact} by {answer.fact}" for fact, answer in ANSWERED])
def test_an_answer_lowers_its_own_subject_only(fact: str, answer: FactAnswer) -> None:
    declared = facts_of(fact.partition("/")[0])[fact.partition("/")[2]].level
    assert level_of(fact, seen(fact, "CARS"), seen(answer.fact, "cars")) == (answer.level, answer.fact)
    assert level_of(fact, seen(fact, "CARS")) == (declared, "")
    other = level_of(fact, seen(fact, "CARS"), seen(answer.fact, "BUSES"))
    assert other[0].rank >= declared.rank, "an answer about another subject lowers nothing"
    assert level_of(fact, seen(fact, "CARS", "BUSES"), seen(answer.fact, "CARS")) == (declared, "")
    assert level_of(fact, seen(fact, "CARS"), seen(answer.fact, "CARS", path="tests/test_a.py")) == (declared, "")


QUESTIONS = sorted(
    name
    for name, fact in SHOWN.items()
    if fact.level is FactLevel.ASK and not fact.answers and not name.startswith(("wording/", "lone-changes/"))
)


@settings(max_examples=examples(100), deadline=None)
@given(
    first=st.sampled_from(QUESTIONS),
    second=st.sampled_from(QUESTIONS),
    same=st.booleans(),
    near=st.booleans(),
    ruled=st.booleans(),
)
def test_questions_of_two_kinds_about_different_things_are_required(
    first: str, second: str, *, same: bool, near: bool, ruled: bool
) -> None:
    rules = Rules(levels=((first, "ask"),) if ruled else ())
    about = "b.CARS" if same else "buses"
    evidence = (seen(first, "a.cars"), seen(first, "a.cars"), seen(second, about, path="app/a.py" if near else "app/b.py"))
    levels = {one.evidence.id: one.level for one in grade_facts(evidence, rules, {})}
    one, other = (facts_of(name.partition("/")[0])[name.partition("/")[2]].scope for name in (first, second))
    apart = not near or (first.partition("/")[0] == second.partition("/")[0] and {one, other} == {FactScope.DEPLOY})
    raised = first != second and apart and not (same or ruled)
    assert set(levels.values()) == {FactLevel.REQUIRE if raised else FactLevel.ASK}
    if raised:
        assert level_of(first, *evidence)[1] == second


def test_what_the_base_knows_raises_and_its_absence_lowers_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    known = Fact("k", "k", FactLevel.NOTE, Subject.SETTING, "It means something.", FactScope.DEPLOY, known=FactLevel.ASK)

    def find(changes: ChangeSet) -> list[Evidence]:
        return [Evidence("tasks", "k", file.path, 1, "It.", (), ("LIMIT",)) for file in changes.files]

    detector = Detector("tasks", "", "", (known,), find)
    facts_of.cache_clear()
    monkeypatch.setattr("relbot.detect.engine.registry.load_detector", lambda name: detector._replace(id=name))
    monkeypatch.setattr("relbot.detect.engine.registry.DETECTOR_IDS", ("tasks",))
    monkeypatch.setattr("relbot.detect.engine.registry.run_detectors.__defaults__", (("tasks",),))
    changes = ChangeSet((FileChange("M", "bin/a.py", b"1", b"2"),))
    try:
        asked = evaluate_change_set(changes, [], Config(), look_up=lambda names: dict.fromkeys(names, "README.md"))
        assert (asked.verdict, asked.facts[0].changed_by) == (Verdict.ASK, "base")
        assert evaluate_change_set(changes, [], Config()).verdict is Verdict.CLEAN
    finally:
        facts_of.cache_clear()
