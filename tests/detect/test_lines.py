"""Which lines differ: what is left is equal, in order, and it takes no longer than it must."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relbot.detect.engine import text_diff
from relbot.detect.engine.model import FileChange
from relbot.detect.engine.text_diff import diff_lines, strip_common_ends

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.detect.engine.text_diff import Span

_texts = st.lists(st.sampled_from("abcdefgh"), max_size=40) | st.lists(st.integers(0, 60).map(str), max_size=40)


@given(_texts, _texts)
def test_the_rest_is_equal_and_the_spans_are_in_order(old: list[str], new: list[str]) -> None:
    at_old = at_new = 0
    rest_old: list[str] = []
    rest_new: list[str] = []
    for a1, a2, b1, b2 in diff_lines(old, new):
        assert at_old <= a1 <= a2 <= len(old)
        assert at_new <= b1 <= b2 <= len(new)
        assert a1 < a2 or b1 < b2
        rest_old += old[at_old:a1]
        rest_new += new[at_new:b1]
        at_old, at_new = a2, b2
    assert rest_old + old[at_old:] == rest_new + new[at_new:]


@given(_texts)
def test_a_text_does_not_differ_from_itself(text: list[str]) -> None:
    assert list(diff_lines(text, text)) == []


def test_a_moved_block_is_removed_and_added() -> None:
    assert list(diff_lines([*"abcdefxy"], [*"xyabcdef"])) == [(0, 0, 0, 2), (6, 8, 8, 8)]


def test_lines_that_are_not_alone_are_compared_too() -> None:
    old, new = [*"{a}{b}{c}"], [*"{a}{d}{b}{c}{}"]
    spans = list(diff_lines(old, new))
    assert sum(b2 - b1 for _, _, b1, b2 in spans) == len(new) - len(old)
    assert all(a1 == a2 for a1, a2, _, _ in spans)


class _CountedLines(list[str]):
    """Lines that count how often one is looked at."""

    looks = 0

    def __getitem__(self, at: Any) -> Any:
        self.looks += 1
        return super().__getitem__(at)


@pytest.mark.parametrize("seed", [2, 3, 7])
def test_repeated_lines_in_any_number_are_looked_at_a_few_times(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    count = 60_000
    old = _CountedLines([str(i * i % 97 % (seed + 1)) for i in range(count)])
    new = _CountedLines([str(i * 31 % 89 % seed) for i in range(count)])
    pairs: list[int] = []

    def compare(old: object, new: object, span: Span) -> Iterator[Span]:
        pairs.append((span[1] - span[0]) * (span[3] - span[2]))
        yield span

    monkeypatch.setattr(text_diff, "_compare_span", compare)
    assert list(diff_lines(old, new))
    assert old.looks + new.looks < 10 * count
    assert sum(pairs) < 10 * count


def test_it_finds_about_as_much_as_comparing_each_with_each() -> None:
    old = [f"line {i % 37} {i // 5}" for i in range(600)]
    new = [line for i, line in enumerate(old) if i % 11] + ["more"] * 3
    mine = sum(a2 - a1 for a1, a2, _, _ in diff_lines(old, new))
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    theirs = sum(a2 - a1 for what, a1, a2, _, _ in matcher.get_opcodes() if what != "equal")
    assert mine <= theirs * 1.05


_joined = _texts.map("\n".join)


@given(_joined, _joined)
def test_the_middle_lacks_only_what_is_equal(old: str, new: str) -> None:
    start, a, b = strip_common_ends(old, new)
    assert old.split("\n")[:start] == new.split("\n")[:start]
    end_a, end_b = (text.split("\n")[start + len(lines) :] for text, lines in ((old, a), (new, b)))
    assert end_a == end_b
    assert a == old.split("\n")[start : start + len(a)]
    assert b == new.split("\n")[start : start + len(b)]


@given(_joined, _joined)
def test_lines_have_the_numbers_of_their_side(old: str, new: str) -> None:
    file = FileChange("M", "a", old.encode(), new.encode())
    for lines, text in ((file.removed, old), (file.added, new)):
        assert all(text.split("\n")[line.number - 1] == line.text for line in lines)


def test_all_lines_of_a_new_file_are_added_and_none_is_removed() -> None:
    assert FileChange("A", "a", None, b"a\nb\n").added == ((1, "a"), (2, "b"))
    assert FileChange("A", "a", None, b"a").removed == ()
    assert FileChange("D", "a", b"a\n\n", None).removed == ((1, "a"), (2, ""))
    assert FileChange("A", "a", None, b"").added == ()
