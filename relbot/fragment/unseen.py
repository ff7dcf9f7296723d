"""Characters of a command that a reader cannot see, or that change what is seen."""

from __future__ import annotations

import re

_UNSAFE = "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"


def unsafe_characters(text: str) -> list[str]:
    """The characters of a command that a reader cannot see or that change what is seen, as `U+XXXX`.

    Control characters (CWE-150), bidirectional controls (CVE-2021-42574), zero-width and tag characters.
    """
    if text.isascii() and text.isprintable():
        return []
    return sorted({f"U+{ord(character):04X}" for character in re.findall(_UNSAFE, text)})
