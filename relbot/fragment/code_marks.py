"""Texts as code in Markdown, whatever backticks are in them."""

from __future__ import annotations

from relbot.schema import lazy_re as re

_RUN = re.compile("`+")


def backticks_around(text: str, least: int = 1) -> str:
    """Backticks, at least so many, and more than any run of backticks in the text has (CommonMark 4.5 and 6.1)."""
    return "`" * max(least, 1 + max(map(len, _RUN.findall(text)), default=0))


def code_block(text: str, info: str = "") -> str:
    """The text as a block of fenced code, with the info string of its first line."""
    fence = backticks_around(text, 3)
    return f"{fence}{info}\n{text}\n{fence}"
