"""Makes untrusted text safe to show."""

from __future__ import annotations

import re

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


def make_visible(text: str) -> str:
    r"""The text with control characters, bidirectional controls and the like written out as `\x1b` or `\u202e`.

    A terminal obeys the first (CWE-150), a reader is deceived by the second (CVE-2021-42574).
    """
    return _INVISIBLE.sub(_write_code_point, text)


def _write_code_point(match: re.Match[str]) -> str:
    code = ord(match.group())
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def one_line(text: str, longest: int = 200) -> str:
    """The text on one visible line of at most `longest` characters."""
    line = " ".join(make_visible(text).split())
    return line if len(line) <= longest else line[: longest - 1] + "…"
