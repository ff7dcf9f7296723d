"""What holds for every detector: its examples say what it finds, its facts are declared, and no bytes break it."""

from __future__ import annotations

import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relbot.detect.engine.facts import ANY_PHASE, Fact, FactLevel
from relbot.detect.engine.file_patterns import reads_any
from relbot.detect.engine.model import ChangeSet, Detector, FileChange
from relbot.detect.engine.registry import DETECTOR_IDS, load_detector, patterns_of
from tests.detect.changes import change_set
from tests.tiers import examples

DETECTORS = [load_detector(name) for name in DETECTOR_IDS]
DECLARED = [(detector, fact) for detector in DETECTORS for fact in detector.facts]
SHOWN = [(detector, fact) for detector, fact in DECLARED if fact.wrong]
TABLES = [table for detector in DETECTORS for table in (detector.bad, detector.good)]
TABLES += [table for _, fact in SHOWN for table in (fact.wrong, fact.right)]
PIECES = list(dict.fromkeys(text for table in TABLES for sides in table.values() for text in sides if text is not None))
PATHS = list(dict.fromkeys(path for table in TABLES for path in table))
each = pytest.mark.parametrize("detector", DETECTORS, ids=lambda detector: detector.id)
each_fact = pytest.mark.parametrize(("detector", "fact"), SHOWN, ids=[f"{detector.id}/{fact.id}" for detector, fact in SHOWN])


def test_each_fact_is_declared_once_and_in_full() -> None:
    ids = [f"{detector.id}/{fact.id}" for detector, fact in DECLARED]
    assert sorted(set(ids)) == sorted(ids)
    for detector, fact in DECLARED:
        assert fact.meaning.endswith("."), (detector.id, fact.id)
        assert set(fact.phases) <= set(ANY_PHASE), (detector.id, fact.id)
        assert fact.wrong or fact.level is FactLevel.NOTE, f"{detector.id}/{fact.id} has no example"
        for answer in fact.answers:
            assert answer.fact in ids, f"{detector.id}/{fact.id} is answered by {answer.fact}, which nothing declares"
            assert answer.level.rank < fact.level.rank


@each_fact
def test_the_wrong_example_of_a_fact_yields_it(detector: Detector, fact: Fact) -> None:
    found = [seen for seen in detector.find(change_set(fact.wrong)) if seen.fact == fact.id]
    assert found
    assert all(seen.subjects for seen in found), "evidence names its subjects"
    assert all(seen.todo is None or seen.todo.phase in fact.phases for seen in found)


@each_fact
def test_the_right_example_of_a_fact_does_not(detector: Detector, fact: Fact) -> None:
    assert not [seen for seen in detector.find(change_set(fact.right)) if seen.fact == fact.id]


@each
def test_each_file_of_the_bad_example_yields_evidence(detector: Detector) -> None:
    for path, sides in detector.bad.items():
        assert [*detector.find(change_set({path: sides}))], path


@each
def test_each_file_of_an_example_that_yields_evidence_is_declared(detector: Detector) -> None:
    tables = [detector.bad, *(table for fact in detector.facts for table in (fact.wrong, fact.right))]
    for path, sides in ((path, sides) for table in tables for path, sides in table.items()):
        alone = change_set({path: sides})
        if [*detector.find(alone)]:
            assert reads_any(patterns_of(detector.id), alone.files), f"`READS` of {detector.id} does not fit {path}"


@each
def test_the_good_example_yields_none(detector: Detector) -> None:
    assert [*detector.find(change_set(detector.good))] == []


@each
def test_evidence_is_of_a_declared_fact_and_of_a_file_of_the_change_set(detector: Detector) -> None:
    declared = {fact.id for fact in detector.facts}
    for found in detector.find(change_set(detector.bad)):
        assert found.detector == detector.id
        assert found.fact in declared
        assert found.path in detector.bad
        assert found.message.endswith((".", "?"))


@each
def test_nothing_changed_is_no_evidence(detector: Detector) -> None:
    same = {path: (sides[1] or sides[0],) * 2 for path, sides in detector.bad.items()}
    assert [*detector.find(change_set(same))] == []


_side = st.none() | st.binary(max_size=200) | st.sampled_from(PIECES).map(str.encode)


@st.composite
def _cut(draw: st.DrawFn) -> bytes | None:
    content = draw(_side)
    if not content:
        return content
    start, end = draw(st.integers(0, len(content))), draw(st.integers(0, len(content)))
    return content[:start] + draw(st.binary(max_size=8)) + content[end:]


_files = st.lists(st.tuples(st.sampled_from("AMDR"), st.sampled_from(PATHS), _cut(), _cut()), max_size=4)


@each
@settings(max_examples=examples(40, 600), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(files=_files)
def test_no_bytes_break_it(detector: Detector, files: list[tuple[str, str, bytes | None, bytes | None]]) -> None:
    changes = ChangeSet(tuple(FileChange(*file) for file in files))
    for found in detector.find(changes):
        assert found.detector == detector.id
        assert reads_any(patterns_of(detector.id), changes.files), "a detector is asked only about the files that it declares"


def _count_calls(detector: Detector, path: str, text: bytes) -> int:
    """How many functions are called, also of the interpreter's own, for a file that loses its second half."""
    count = 0

    def called(_frame: object, event: str, _what: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    changes = ChangeSet((FileChange("M", path, text, text[: len(text) // 2]),))
    before = sys.getprofile()
    sys.setprofile(called)
    try:
        _ = [*detector.find(changes)]
    finally:
        sys.setprofile(before)
    return count


@each
@pytest.mark.parametrize("piece", ["x(", "a: [", "  - b\n", "'", '"""', "\\", "/*", "{{", "<a>", "def f(:\n", "- name\n  "])
def test_work_grows_with_the_size(detector: Detector, piece: str) -> None:
    """Four times the text is at most seven times the calls: what compares each with each has sixteen times as many."""
    own = [path for fact in detector.facts for path in (*fact.wrong, *fact.right)]
    every = dict.fromkeys((*detector.bad, *detector.good, *own))
    for path in {path.rpartition(".")[2]: path for path in every}.values():
        small, large = ((piece * (size // len(piece))).encode() for size in (2_000, 8_000))
        _count_calls(detector, path, small)  # what is loaded and compiled once
        assert _count_calls(detector, path, large) < 7 * _count_calls(detector, path, small) + 2_000, path
