"""Writes out what acts or hides in the notes of a release, before they are rendered."""

from __future__ import annotations

from enum import Enum
from typing import TypeVar

from relbot.render.common.invisible_characters import make_visible

T = TypeVar("T")


def make_notes_visible(value: T) -> T:
    """Applies `make_visible` to every text in a value that is made of named tuples, tuples and texts."""
    made: object = value
    if isinstance(value, str) and not isinstance(value, Enum):
        made = make_visible(value)
    elif isinstance(value, tuple):
        parts = [make_notes_visible(part) for part in value]
        made = type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    return made  # type: ignore[return-value]  # the type of each part is kept, which mypy cannot follow
