"""Patterns of paths, for what no detector can know."""

from __future__ import annotations

from functools import lru_cache

from relbot.schema import lazy_re as re


def matches_glob(path: str, pattern: str) -> bool:
    """Whether a path fits a pattern: `*` and `?` stay within a folder, `**` stands for any folders, a final `/` for all below."""
    return _compile_glob(pattern).fullmatch(path) is not None


@lru_cache(256)
def _compile_glob(pattern: str) -> re.Pattern[str]:
    whole = f"{pattern}**" if pattern.endswith("/") else pattern
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", whole)
    words = {"**/": r"(?:[^/]+/)*", "**": r".*", "*": r"[^/]*", "?": r"[^/]"}
    return re.compile("".join(words.get(part) or re.escape(part) for part in parts), re.DOTALL)
