"""How evidence names things: in backticks, a few of them, and how many more there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_NAMED = 3
_LONGEST = 80


def quote_name(name: str) -> str:
    """A name in backticks, shortened; none of its own backticks ends them."""
    text = " ".join(name.replace("`", "'").split())
    return f"`{text if len(text) <= _LONGEST else text[: _LONGEST - 1] + '…'}`"


def quote_names(names: Sequence[str]) -> str:
    """The names as part of a sentence: `a`, `b` and 3 more."""
    if len(names) <= _MOST_NAMED:
        first = [quote_name(name) for name in names]
        return first[0] if len(first) == 1 else f"{', '.join(first[:-1])} and {first[-1]}" if first else ""
    return f"{', '.join(quote_name(name) for name in names[: _MOST_NAMED - 1])} and {len(names) - _MOST_NAMED + 1} more"
