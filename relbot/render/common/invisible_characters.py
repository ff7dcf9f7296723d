"""Writes out the characters that a terminal obeys or that a reader cannot see."""

from __future__ import annotations

from functools import cache

from relbot.schema import lazy_re as re

_SELECTORS = "\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef"
_JOINERS = "\u200c\u200d"
_IGNORABLE = "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufff8"
_ABOVE = "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
_INVISIBLE = rf"[\x00-\x08\x0b-\x1f\x7f-\x9f{_IGNORABLE}\u2028-\u202e\ufff9-\ufffb\ud800-\udfff{_ABOVE}{_SELECTORS}{_JOINERS}]"
"""Controls (C0 but tab and line feed, C1), bidirectional controls, line separators, lone surrogates, and what programs may leave
out: Default_Ignorable_Code_Point of Unicode's DerivedCoreProperties.txt.
"""
_SELECTOR = f"[{_SELECTORS}]"
_JOINER = f"[{_JOINERS}]"


@cache
def _invisible() -> re.Pattern[str]:
    """Compiles the expression for the first text that is not plain ASCII: it takes as long as to write most answers."""
    return re.compile(_INVISIBLE)


def make_visible(text: str) -> str:
    r"""Writes control characters, bidirectional controls and other invisible characters as `\x1b`, `\u202e` or `\U000e0041`.

    A terminal obeys the first (CWE-150), a reader is deceived by the others (CVE-2021-42574). Tabs and line feeds stay.
    Variation selectors and joiners stay where emoji, Persian, Indic and Mongolian need them: after, or between, visible
    characters that are not ASCII. Changes nothing when it is applied again.
    """
    if text.isascii() and text.replace("\n", "").replace("\t", "").isprintable():
        return text
    return _invisible().sub(_write_code_point, text)


def write_escape(character: str) -> str:
    r"""Writes one character as `\x1b`, `\u202e` or `\U000e0041`, as Python and many shells do."""
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _write_code_point(match: re.Match[str]) -> str:
    character, text, at = match[0], match.string, match.start()
    return character if _is_needed(character, text, at) else write_escape(character)


def _is_needed(character: str, text: str, at: int) -> bool:
    """Whether a selector or joiner at that place changes how visible characters are drawn."""
    before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    if re.match(_SELECTOR, character):
        return _is_drawn(before) or (before in "0123456789#*" and before != "" and after == "\u20e3")
    if not re.match(_JOINER, character) or not _is_drawn(after):
        return False
    return _is_drawn(before) or (re.match(_SELECTOR, before) is not None and _is_drawn(text[at - 2 : at - 1] if at > 1 else ""))


def _is_drawn(character: str) -> bool:
    """Whether this is a visible character that is not ASCII."""
    return character > "\x7f" and not character.isspace() and not _invisible().match(character)


def one_line(text: str, longest: int = 200) -> str:
    """Puts a text on one visible line of at most `longest` characters."""
    line = " ".join(make_visible(text).split())
    return line if len(line) <= longest else line[: longest - 1] + "…"
