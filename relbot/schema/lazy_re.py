"""The module `re`, but for one thing: an expression is compiled when it is first used.

relbot has hundreds of them, detectors alone for a dozen languages and tools. A command uses few of those that it loads, and to
compile one takes longer than to search a fragment with it.
"""

from __future__ import annotations

import re
from re import (
    ASCII,
    DOTALL,
    IGNORECASE,
    MULTILINE,
    VERBOSE,
    I,
    M,
    Match,
    Pattern,
    S,
    error,
    escape,
    findall,
    finditer,
    fullmatch,
    match,
    search,
    split,
    sub,
)
from typing import TYPE_CHECKING, Any, AnyStr, cast

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "ASCII",
    "DOTALL",
    "IGNORECASE",
    "MULTILINE",
    "VERBOSE",
    "I",
    "M",
    "Match",
    "Pattern",
    "S",
    "compile",
    "compile_at_words",
    "error",
    "escape",
    "findall",
    "finditer",
    "fullmatch",
    "match",
    "search",
    "split",
    "sub",
]
_METHODS = ("search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split")


def compile(expression: AnyStr, flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[AnyStr]:  # noqa: A001  # it stands for that of `re`
    """What `re.compile` gives, with an error in the expression told at its first use."""
    return cast("re.Pattern[AnyStr]", _Late(expression, flags))


class _Late:
    """Becomes the pattern: from the first use on, its methods are the pattern's own."""

    def __init__(self, expression: Any, flags: re.RegexFlag) -> None:
        self._source = expression, flags

    def __getattr__(self, name: str) -> Any:
        compiled: re.Pattern[Any] = re.compile(*self._source)
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


def compile_at_words(expression: bytes, words: str) -> re.Pattern[bytes]:
    """A pattern to be searched for in whole files: each of its matches begins with one of the words, which spaces part.

    Many words are found in a tenth of the time that an expression with as many branches takes, and it is tried where one stands.
    Where the expression has `(?i)`, the words are in small letters.
    """
    return cast("re.Pattern[bytes]", AtWords(expression, tuple(words.encode().split())))


class AtWords:
    """A pattern that is tried where one of its words stands. `pattern` is the expression."""

    def __init__(self, expression: bytes, words: tuple[bytes, ...]) -> None:
        self.pattern = expression
        self.words = words
        self._compiled = _Late(expression, re.NOFLAG)

    def search(self, content: bytes) -> re.Match[bytes] | None:
        """The first match, None without one."""
        return next(self.finditer(content), None)

    def finditer(self, content: bytes) -> Iterator[re.Match[bytes]]:
        """All matches that do not overlap, in order."""
        end = 0
        for place in sorted(places_of(self.words, content.lower() if self.pattern.startswith(b"(?i)") else content)):
            if place >= end and (found := self._compiled.match(content, place)) is not None:
                yield found
                end = found.end()


def places_of(words: tuple[bytes, ...], content: bytes) -> set[int]:
    """Where one of the words begins in a content."""
    places: set[int] = set()
    for word in words:
        at = content.find(word)
        while at >= 0:
            places.add(at)
            at = content.find(word, at + 1)
    return places
