"""The module `re` as detectors use it, but for one thing: an expression is compiled when it is first used.

Detectors have hundreds of them, for a dozen languages and tools. A change set is about few of these, and to compile all takes
longer than to look at one.
"""

from __future__ import annotations

import re
from re import DOTALL, IGNORECASE, I, M, Match, Pattern, S, escape, findall, fullmatch, match, search, split, sub
from typing import Any, AnyStr, cast

__all__ = [
    "DOTALL",
    "IGNORECASE",
    "I",
    "M",
    "Match",
    "Pattern",
    "S",
    "compile",
    "escape",
    "findall",
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
