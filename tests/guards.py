"""The code of relbot without one of its guards: what is there for a guard must fail then."""

from __future__ import annotations

from pathlib import Path
from types import CodeType
from typing import Any


def code_without(function: Any, guard: str, instead: str) -> CodeType:
    """The code of a function in which something else stands in the place of a guard, which is a part of its file."""
    source = Path(function.__code__.co_filename).read_text("utf-8")
    assert source.count(guard) == 1, f"{guard!r} is there {source.count(guard)} times"
    left = [compile(source.replace(guard, instead), function.__code__.co_filename, "exec", dont_inherit=True)]
    while left[-1].co_qualname != function.__qualname__:
        left += [each for each in left.pop().co_consts if isinstance(each, CodeType)]
    assert left[-1] != function.__code__, f"{guard!r} is not in {function.__qualname__}"
    return left[-1]
