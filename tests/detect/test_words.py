"""What the detector of words sees in lines of code."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relbot.detect.wording.detector import _ADDED, _REMOVED, DETECTOR, _Words
from tests.detect.changes import facts

ADDED = [
    ('warn("`a` is deprecated")', {"deprecates"}),
    ("# This is deprecated.", {"deprecates-in-comment"}),
    ('log("a is no longer supported")', {"no-longer"}),
    ("# It is no longer here.", {"no-longer-in-comment"}),
    ('print("secret must be set")', {"demands"}),
    ("# secret must be set", set()),
    ('raise ConfigError("no")', {"refuses-configuration"}),
    ("raise ImproperlyConfigured(no)", {"refuses-configuration"}),
    ('raise ValueError("no")', set()),
    ("read(legacy)", {"keeps-old-way"}),
    ('log("was renamed to b")', {"renames"}),
    ("bake = cakes instead", set()),
]
REMOVED = [
    ("read_legacy = legacy", {"old-way-gone"}),
    ('warn("deprecated")', {"deprecated-gone"}),
    ("# TODO: remove this after 2.0", {"promise-kept"}),
    ("# TODO: sing", set()),
    ("experimental = True", {"experiment-over"}),
]


@pytest.mark.parametrize(("line", "expected"), ADDED)
def test_lines_that_come(line: str, expected: set[str]) -> None:
    assert facts(DETECTOR, {"shop/a.py": ("a = 1\n", f"a = 1\n{line}\n")}) == expected


@pytest.mark.parametrize(("line", "expected"), REMOVED)
def test_lines_that_go(line: str, expected: set[str]) -> None:
    assert facts(DETECTOR, {"shop/a.py": (f"a = 1\n{line}\n", "a = 1\n")}) == expected


@pytest.mark.parametrize("line", [line for line, _ in (*ADDED, *REMOVED)])
def test_a_line_that_is_only_indented_says_nothing_new(line: str) -> None:
    assert facts(DETECTOR, {"shop/a.py": (f"a = 1\n{line}\n", f"a = 1\n    {line}\n")}) == set()


@pytest.mark.parametrize("path", ["tests/test_a.py", "docs/a.md", "vendor/a.py", ".github/a.yml"])
def test_only_what_runs_in_production_counts(path: str) -> None:
    assert facts(DETECTOR, {path: ("a\n", 'a\nwarn("deprecated")\n')}) == set()


def test_a_new_file_says_nothing() -> None:
    assert facts(DETECTOR, {"shop/a.py": (None, 'warn("deprecated")\n')}) == set()


TABLES = [*_ADDED.values(), *_REMOVED.values()]


@given(st.sampled_from(TABLES).flatmap(lambda words: st.tuples(st.just(words), matching(words))))
def test_what_a_pattern_matches_has_one_of_its_parts(drawn: tuple[_Words, str]) -> None:
    """Or the pattern would not be tried where it matches."""
    words, text = drawn
    assert any(part in text.lower() for part in words.parts)


def matching(words: _Words) -> st.SearchStrategy[str]:
    """Texts in which the pattern has a match."""
    return st.from_regex(re.compile(words.pattern.pattern, words.pattern.flags), alphabet=st.characters(codec="ascii"))
