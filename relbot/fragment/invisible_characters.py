"""Characters of a command that a reader cannot see, or that change what is seen."""

from __future__ import annotations

import re
from unicodedata import category

_UNSAFE = (
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Controls, and what Unicode lets programs leave out (Default_Ignorable_Code_Point), but for what selects how emoji are drawn."""


def unsafe_characters(text: str) -> list[str]:
    """The characters of a command that a reader cannot see or that change what is seen, as `U+XXXX`.

    Control characters (CWE-150), bidirectional controls (CVE-2021-42574), zero-width and tag characters.
    """
    if text.isascii() and text.isprintable():
        return []
    return sorted({f"U+{ord(character):04X}" for character in re.findall(_UNSAFE, text)})


def foreign_spaces(text: str) -> list[str]:
    """The spaces of a command, as `U+XXXX`, that a shell takes for a part of a word: a no-break space, say."""
    if text.isascii():
        return []
    return sorted({f"U+{ord(character):04X}" for character in text if character != " " and category(character) == "Zs"})
