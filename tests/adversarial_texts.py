"""Texts on which a regular expression takes as long as it can, made from the expression itself.

For each repetition without an end: what has to stand before it once, and then what it repeats, on and on; what comes before it,
on and on; and both together, on and on; with an end that fits nothing.
"""

from __future__ import annotations

import re
import time
from re import _constants as codes  # type: ignore[attr-defined]  # what a pattern is made of, for those that look into it
from re import _parser as parser  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LENGTH = 3_000
"""Characters of a text."""
_QUICK = 0.002
"""Seconds of computing below which nothing is asked. What is quadratic takes more for so many characters."""
_FEW = 3
"""Characters of a class that are tried."""
_CHARACTERS = "a 0_\t-.=\n:x/'\"<([{#,;*`|\\AZ@%$!~&+" + "bcdefghijklmnopqrstuvwyz"
_ENDS = ("", "\0")
_REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT)
_CLASSES: dict[str, Callable[[str], bool]] = {
    "DIGIT": str.isdigit,
    "SPACE": str.isspace,
    "WORD": lambda character: character.isalnum() or character == "_",
}


class Adversary(NamedTuple):
    """What is to be repeated as often as a text is long, what stands before it, and what ends it."""

    once: str
    unit: str
    end: str

    def write(self, length: int) -> str:
        """A text of about so many characters."""
        return self.once + self.unit * (length // len(self.unit)) + self.end


def adversaries(pattern: str | bytes, flags: int) -> list[Adversary]:
    """Those of an expression, none if it repeats nothing without an end."""
    text = pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern
    tree = parser.parse(text, flags & ~re.UNICODE if isinstance(pattern, bytes) else flags)
    found: dict[Adversary, None] = {}
    for before, again in _repetitions(tree, ""):
        for once, unit in ((before, again), ("", before + again), ("", before), ("", "\n" + before + again)):
            if unit:
                found |= dict.fromkeys(Adversary(once, unit, end) for end in _ENDS)
    return list(found)


def grows_too_fast(work: Callable[[str], object], adversary: Adversary) -> bool:
    """Whether twice the text takes more than three times as long."""
    once = _spent(work, adversary, LENGTH)
    if once < _QUICK:
        return False
    once = min(once, *(_spent(work, adversary, LENGTH) for _ in range(2)))
    return min(_spent(work, adversary, 2 * LENGTH) for _ in range(3)) > 3 * once


def _spent(work: Callable[[str], object], adversary: Adversary, length: int) -> float:
    text = adversary.write(length)
    begun = time.process_time()
    work(text)
    return time.process_time() - begun


def _repetitions(tree: Any, before: str) -> Iterator[tuple[str, str]]:
    """What stands before each repetition without an end, and what it repeats."""
    for number, (code, value) in enumerate(tree):
        so_far = before + _least(tree[:number])
        if code in _REPEATS:
            _, most, inner = value
            if most == codes.MAXREPEAT:
                yield from ((so_far, each) for each in _repeated(inner))
            yield from _repetitions(inner, so_far)
        else:
            for inner in _parts(code, value):
                yield from _repetitions(inner, so_far)


def _parts(code: Any, value: Any) -> list[Any]:
    """The expressions in a part of one."""
    if code is codes.SUBPATTERN:
        return [value[3]]
    if code is codes.BRANCH:
        return list(value[1])
    return [value[1]] if code in (codes.ASSERT, codes.ASSERT_NOT) else [value] if code is codes.ATOMIC_GROUP else []


def _repeated(inner: Any) -> list[str]:
    """Texts that fit what is repeated."""
    if len(inner) == 1 and inner[0][0] is codes.IN:
        return _members(inner[0][1])[:_FEW]
    if len(inner) == 1 and inner[0][0] is codes.ANY:
        return ["a", " "]
    return [_least(inner) or "a"]


def _least(tree: Any) -> str:
    """A short text that fits an expression; what it says about what is around it is left out."""
    made = ""
    for code, value in tree:
        if code is codes.LITERAL:
            made += chr(value)
        elif code is codes.NOT_LITERAL:
            made += next(each for each in _CHARACTERS if ord(each) != value)
        elif code is codes.ANY:
            made += "a"
        elif code is codes.IN:
            made += next(iter(_members(value)), "a")
        elif code in _REPEATS:
            made += _least(value[2]) * value[0]
        elif code not in (codes.ASSERT, codes.ASSERT_NOT):
            made += min(map(_least, _parts(code, value)), key=len, default="")
    return made


def _members(items: list[Any]) -> list[str]:
    """Characters of a class, common ones first."""
    negated = bool(items) and items[0][0] is codes.NEGATE
    common = [each for each in _CHARACTERS if any(map(_has(each), items)) != negated]
    return common or [
        chr(value[0] if code is codes.RANGE else value) for code, value in items if code in (codes.RANGE, codes.LITERAL)
    ]


def _has(character: str) -> Callable[[Any], bool]:
    def has(item: Any) -> bool:
        code, value = item
        if code is codes.LITERAL:
            return bool(value == ord(character))
        if code is codes.RANGE:
            return bool(value[0] <= ord(character) <= value[1])
        if code is not codes.CATEGORY:
            return False
        name = str(value).removeprefix("CATEGORY_")
        return _CLASSES[name.removeprefix("NOT_")](character) != name.startswith("NOT_")

    return has
