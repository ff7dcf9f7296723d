"""Which files are read by those who run the software, and are no notes on changes: those are the answer, not evidence."""

from __future__ import annotations

from functools import lru_cache

from relbot.detect.engine.path_roles import is_documentation, is_test, is_translation, is_vendored
from relbot.schema import lazy_re as re


@lru_cache(4096)
def is_page(path: str) -> bool:
    """Whether a path is documentation of how the software is now, for those who use or run it."""
    if not _TEXT.search(path) or _NOTES.search(path) or _OTHERS.search(path):
        return False
    return is_documentation(path) and not (is_test(path) or is_vendored(path) or is_translation(path))


_TEXT = re.compile(r"\.(md|mdx|markdown|rst|adoc|asciidoc|txt|inc|template|pod|html|[1-8])$|(^|/)(readme|install)$", re.I)
_NOTES = re.compile(
    r"(^|/)(change[-_]?logs?|changes|news|history|releases?|release[-_]?notes?|upgrad\w*([-_](notes?|guide))?|whats[-_]?new|migrat(ion|ing)[-_]?guide"
    r"|breaking[-_]?changes)([-_.\d][^/]*)?(/|$)|(^|/)(changelog|newsfragments|news)(\.d)?/",
    re.I,
)
_OTHERS = re.compile(
    r"(requirements|constraints)[^/]{0,200}\.(txt|in)$|(^|/)(requirements|constraints)/|(^|/)(cmakelists|robots|license\w*|authors|contributors|copying)\.txt$"
    r"|(^|/)(contribut\w*|develop(er|ment|ers)?|code[-_]of[-_]conduct|security|maintainers|governance|proposals|blog|adr)(\.\w+$|/)",
    re.I,
)
