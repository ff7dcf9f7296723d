"""Counts, durations, times and commits as people read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relbot.render.common.units import count_noun, format_commit, format_duration, format_time, list_names, list_steps

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (45, "45 s"), (60, "1 min"), (90, "1 min 30 s"), (3600, "1 h"), (7500, "2 h 5 min"), (90061, "25 h 1 min 1 s")],
)
def test_a_duration_has_all_its_units(seconds: int, text: str) -> None:
    assert format_duration(seconds) == text


@given(st.integers(0, 10**7))
def test_no_second_of_a_duration_is_lost(seconds: int) -> None:
    length = {"h": 3600, "min": 60, "s": 1}
    words = format_duration(seconds).split()
    assert sum(int(n) * length[unit] for n, unit in zip(words[::2], words[1::2], strict=True)) == seconds


def test_a_time_is_in_utc_wherever_it_was_taken() -> None:
    taken = datetime(2018, 8, 15, 12, 10, tzinfo=timezone(timedelta(hours=2)))
    assert format_time(taken) == format_time(taken.astimezone(UTC)) == "2018-08-15 10:10 UTC"


@pytest.mark.parametrize(
    ("name", "text"),
    [("", "0123456789ab"), ("2.1", "2.1 (0123456789ab)"), ("01234567", "0123456789ab"), (COMMIT, "0123456789ab")],
)
def test_a_commit_is_written_by_12_digits_and_its_tag(name: str, text: str) -> None:
    assert format_commit(COMMIT, name) == text
    assert format_commit("", name) == name


def test_numbers_and_nouns_agree() -> None:
    assert [count_noun(n, "step") for n in (0, 1, 2, 1200)] == ["0 steps", "1 step", "2 steps", "1,200 steps"]
    assert [list_steps(n) for n in ((3,), (3, 2), (3, 2, 1))] == ["step 3", "steps 3 and 2", "steps 3, 2 and 1"]
    assert list_names([]) == ""
