"""A file that should be a fragment, as it was found."""

from __future__ import annotations

from relbot.schema.named_tuples import NamedTuple

LARGEST = 250_000
"""Bytes of a fragment. Somebody has to read it."""


class FragmentFile(NamedTuple):
    """A file as it was found: its bytes, or why it has none (`problem`, a sentence)."""

    path: str
    content: bytes
    problem: str = ""
