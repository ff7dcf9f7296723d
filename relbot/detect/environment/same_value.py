"""Values of the environment without what only writes them otherwise."""

from __future__ import annotations

from relbot.schema import lazy_re as re


def same_value(a: str | None, b: str | None) -> bool:
    """Whether two values are the same but for notation: `60` and `"60"`, `true` and `True`, none and ""."""
    return without_notation(a) == without_notation(b)


def without_notation(value: str | None) -> str:
    """A value without quotes, in small letters, with one word for what is the same."""
    text = (value or "").strip().strip("\"'").lower()
    return {"none": "", "null": "", "nil": "", "undefined": "", "1": "true", "0": "false"}.get(text, re.sub(r"\.0+$", "", text))
