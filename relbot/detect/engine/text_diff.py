"""Which lines differ between two texts."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MOST_COMPARED = 100_000
"""Pairs of lines that are compared one by one; beyond that, what is left counts as replaced."""
_DEEPEST = 12

Span = tuple[int, int, int, int]
"""From where to where in the one text, and in the other, counted from 0, the ends not included."""


def strip_common_ends(old: str, new: str) -> tuple[int, list[str], list[str]]:
    """The lines of two texts without most of those that are equal at the start and the end; and how many at the start.

    Most changes touch a few lines of many, and these are found without looking at each of the others.
    """
    start = old.rfind("\n", 0, _common_start(old, new)) + 1
    same = _common_end(old, new, min(len(old), len(new)) - start)
    line_end = old.find("\n", len(old) - same)
    rest = len(old) - line_end if line_end >= 0 else 0
    return old.count("\n", 0, start), old[start : len(old) - rest].split("\n"), new[start : len(new) - rest].split("\n")


def _common_start(a: str, b: str) -> int:
    """How many characters are equal at the start: found by halves, each compared at once."""
    low, high = 0, min(len(a), len(b))
    while low < high:
        half = (low + high + 1) // 2
        if a[low:half] == b[low:half]:
            low = half
        else:
            high = half - 1
    return low


def _common_end(a: str, b: str, most: int) -> int:
    low, high = 0, most
    while low < high:
        half = (low + high + 1) // 2
        if a[len(a) - half : len(a) - low] == b[len(b) - half : len(b) - low]:
            low = half
        else:
            high = half - 1
    return low


def diff_lines(old: Sequence[str], new: Sequence[str]) -> Iterator[Span]:
    """The spans in which two texts differ, in order; between them they are equal.

    Lines that are alone in both texts are matched first (patience diff, as Bram Cohen describes it), and what lies between
    them likewise: for most changes a matter of dictionaries, where comparing each line with each takes ten times as long.
    """
    waiting: list[tuple[Span, int]] = [((0, len(old), 0, len(new)), 0)]
    while waiting:
        span, depth = waiting.pop()
        a1, a2, b1, b2 = span = _trim_span(old, new, span)
        if a1 == a2 or b1 == b2:
            if a1 < a2 or b1 < b2:
                yield span
            continue
        anchors = _find_anchors(old, new, span) if depth < _DEEPEST else []
        if anchors:
            waiting += [(between, depth + 1) for between in reversed(_spans_between(anchors, span))]
        elif (a2 - a1) * (b2 - b1) <= _MOST_COMPARED:
            yield from _compare_span(old, new, span)
        else:
            yield span


def _spans_between(anchors: list[tuple[int, int]], span: Span) -> list[Span]:
    """What lies between lines that are matched, in order, without what is empty on both sides."""
    a, until_a, b, until_b = span
    spans: list[Span] = []
    for next_a, next_b in (*anchors, (until_a, until_b)):
        if a < next_a or b < next_b:
            spans.append((a, next_a, b, next_b))
        a, b = next_a + 1, next_b + 1
    return spans


def _trim_span(old: Sequence[str], new: Sequence[str], span: Span) -> Span:
    """The span without what is equal at its start and at its end."""
    a1, a2, b1, b2 = span
    while a1 < a2 and b1 < b2 and old[a1] == new[b1]:
        a1 += 1
        b1 += 1
    while a1 < a2 and b1 < b2 and old[a2 - 1] == new[b2 - 1]:
        a2 -= 1
        b2 -= 1
    return a1, a2, b1, b2


def _find_anchors(old: Sequence[str], new: Sequence[str], span: Span) -> list[tuple[int, int]]:
    """Pairs of places of lines that are alone on both sides, as many as are in the same order on both."""
    a1, a2, b1, b2 = span
    here = _find_unique_lines(old, a1, a2)
    if not here:
        return []
    there = _find_unique_lines(new, b1, b2)
    pairs = [(a, there[line]) for line, a in here.items() if line in there]
    return _longest_rising(pairs)


def _find_unique_lines(lines: Sequence[str], start: int, end: int) -> dict[str, int]:
    """Where the lines are that are there once, in order."""
    here = lines[start:end]
    counts = Counter(here)
    return {line: place for place, line in enumerate(here, start) if counts[line] == 1}


def _longest_rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest choice of pairs, sorted by the first, in which the second rises too (patience sorting)."""
    seconds = [b for _, b in pairs]
    if seconds == sorted(seconds):  # most changes move no line past another one
        return pairs
    tops: list[int] = []
    top_pairs: list[int] = []
    before: list[int] = []
    for number, b in enumerate(seconds):
        pile = bisect_left(tops, b)
        before.append(top_pairs[pile - 1] if pile else -1)
        if pile == len(tops):
            tops.append(b)
            top_pairs.append(number)
        else:
            tops[pile] = b
            top_pairs[pile] = number
    chosen: list[tuple[int, int]] = []
    at = top_pairs[-1] if top_pairs else -1
    while at >= 0:
        chosen.append(pairs[at])
        at = before[at]
    return chosen[::-1]


def _compare_span(old: Sequence[str], new: Sequence[str], span: Span) -> Iterator[Span]:
    a1, a2, b1, b2 = span
    matcher = SequenceMatcher(None, old[a1:a2], new[b1:b2], autojunk=False)
    for what, i1, i2, j1, j2 in matcher.get_opcodes():
        if what != "equal":
            yield a1 + i1, a1 + i2, b1 + j1, b1 + j2
