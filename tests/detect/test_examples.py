"""What holds for every detector: its examples say what it finds, its facts are declared, and no bytes break it."""

from __future__ import annotations

import time
from importlib import import_module
from pkgutil import iter_modules

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import relbot.detect
from relbot.detect.engine.model import ChangeSet, Detector, FileChange
from tests.detect.changes import change_set


def _detectors() -> list[Detector]:
    modules = (
        import_module(f"relbot.detect.{module.name}.detector")
        for module in iter_modules(relbot.detect.__path__)
        if module.name != "engine"
    )
    return [detector for module in modules if isinstance(detector := getattr(module, "DETECTOR", None), Detector)]


DETECTORS = _detectors()
PIECES = [
    text
    for detector in DETECTORS
    for table in (detector.bad, detector.good)
    for sides in table.values()
    for text in sides
    if text is not None
]
PATHS = [path for detector in DETECTORS for table in (detector.bad, detector.good) for path in table]

each = pytest.mark.parametrize("detector", DETECTORS, ids=lambda detector: detector.id)


@each
def test_each_file_of_the_bad_example_yields_evidence(detector: Detector) -> None:
    for path, sides in detector.bad.items():
        assert [*detector.find(change_set({path: sides}))], path


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
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(files=_files)
def test_no_bytes_break_it(detector: Detector, files: list[tuple[str, str, bytes | None, bytes | None]]) -> None:
    for found in detector.find(ChangeSet(tuple(FileChange(*file) for file in files))):
        assert found.detector == detector.id


@each
@pytest.mark.parametrize("piece", ["x(", "a: [", "  - b\n", "'", '"""', "\\", "/*", "{{", "<a>", "def f(:\n", "- name\n  "])
def test_time_grows_with_the_size(detector: Detector, piece: str) -> None:
    text = (piece * (100_000 // len(piece))).encode()
    for path in dict.fromkeys(PATHS):
        started = time.process_time()
        _ = [*detector.find(ChangeSet((FileChange("M", path, text, text[: len(text) // 2]),)))]
        assert time.process_time() - started < 2, path
