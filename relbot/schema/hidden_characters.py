"""Characters that no text of a fragment or configuration needs, and that hide or turn what stands beside them."""

from __future__ import annotations

import re


def find_hidden_character(text: str) -> re.Match[str] | None:
    """Finds the first control character, unless it is a tab or line end, or the first character that turns the direction of text.

    Sources: CWE-150, CVE-2021-42574. Line ends that few programs know (U+2028, U+2029) are found too.
    """
    if text.isascii() and text.isprintable():
        return None
    return re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", text)
