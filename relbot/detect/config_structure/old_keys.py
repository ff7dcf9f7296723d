"""Keys that a configuration no longer shows, and that code still reads beside the ones that took over from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.path_roles import is_development
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from relbot.detect.engine.model import ChangeSet, FileChange

_CODE = re.compile(
    r"\.(py|rb|[cm]?[jt]sx?|go|java|kt|scala|groovy|php|cs|exs?|erl|rs|lua|p[lm]|sh|conf|ya?ml|properties|swift|dart)$"
)
_REFUSES = re.compile(
    r"(?i)raise|throw|fail|error|abort|panic|exit|unset|delete|\bdel\b|removed|no longer|unsupported|unknown|obsolete"
)
"""What says that an old key is only looked at in order to refuse it."""
_COMMENT = re.compile(r"#(?!\[)|//|/?\*|--|;")
_WORD = re.compile(r"[\w.-]++")
_NEAR = 4
"""So many lines after a new key is the old one read where one counts before the other."""
_LONGEST_LINE = 500


def find_old_keys_read(gone: Collection[str], come: Collection[str], changes: ChangeSet) -> Iterator[tuple[str, int, str, str]]:
    """The place in code, with its line, where a new key is now read and an old one still is: on its line, or right after it.

    A line that maps names to each other, and one beside what refuses something, reads none.
    """
    for change in changes.files if gone and come else ():
        if change.after is None or not _CODE.search(change.path) or is_development(change.path):
            continue
        yield from _find_in_code(gone, come, change)


def _find_in_code(gone: Collection[str], come: Collection[str], change: FileChange) -> Iterator[tuple[str, int, str, str]]:
    if not any(name in change.added_text for name in come) or not any(name in change.new for name in gone):
        return
    lines = ["" if _COMMENT.match(line.lstrip()) else line[:_LONGEST_LINE] for line in change.new.splitlines()]
    before = frozenset(change.old.splitlines())
    for at, line in enumerate(lines):
        new = next((name for name in come if _names(line, name)), None) if line and line not in before else None
        if new is None or _REFUSES.search("\n".join(lines[max(0, at - 1) : at + _NEAR + 2])):
            continue
        start = at - 1 if at and "alias" in lines[at - 1].lower() else at
        near = "\n".join(lines[start : at + _NEAR])
        for old in gone:
            if _names(near, old) and not _maps(near, old):
                yield change.path, at + 1, old, new


def _names(text: str, name: str) -> bool:
    """Whether a text has a name as a whole word, or as the last part of one: `mail.host` in `"mail.host"`."""
    return name in text and any(word == name or word.endswith(f".{name}") for word in _WORD.findall(text))


def _maps(text: str, name: str) -> bool:
    """Whether a name is the key of another value in a literal: `{"old": "new"}`."""
    return re.search(rf"[\"']?{re.escape(name)}[\"']\s{{0,9}}(:|=>)|[{{,]\s{{0,9}}{re.escape(name)}\s{{0,9}}:", text) is not None
