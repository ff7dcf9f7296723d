"""Whether changed lines may be about what a file asks for, told without a look at its syntax."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.environment.lookup_words import HELPER_CALL, LOOKUPS, LookupWords
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from relbot.detect.engine.model import FileChange

_HELD = re.compile(r"[\"'`][A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+[\"'`]|^[ \t]*[A-Z][A-Z0-9_]+:", re.M)
"""A name in capitals as helpers get it, or as a schema has it."""
_WORD = re.compile(r"[A-Za-z_]\w{2,}")
_EVERYWHERE = frozenset(
    "and any args async await class config const def default dict else end env environ error export false final for from func"
    " function get getenv import int interface let list load main map name new nil none not null object option options package"
    " path print private process public raise readonly require result return self set static str string throw true type var value"
    " void with Environment False ENV None String System True".split()
)
_NEAR = 6
"""Lines from a lookup to what belongs to it: a default below it, the call around it."""


def asks_differently(change: FileChange, language: str) -> bool:
    """Whether a file may ask for something else than before: told by its changed lines, before it is parsed.

    They ask themselves, or are near a line that asks, or have a word of one: a constant that is the default, a condition.
    """
    words = LOOKUPS.get(language)
    if words is None:
        return False
    sides = ((_asking_lines(words, change.before), change.removed), (_asking_lines(words, change.after), change.added))
    if HELPER_CALL.search(change.added_text.encode("utf-8", "replace")):
        return True
    if not any(lines for lines, _ in sides):
        return False
    names = {name for lines, _ in sides for line in lines.values() for name in _WORD.findall(line)} - _EVERYWHERE
    for lines, changed in sides:
        near = {number + step for number in lines for step in range(-_NEAR, _NEAR + 1)}
        if any(line.number in near for line in changed):
            return True
        text = change.removed_text if changed is change.removed else change.added_text
        if _HELD.search(text) or not names.isdisjoint(_WORD.findall(text)):
            return True
    return False


def _asking_lines(words: LookupWords, content: bytes | None) -> dict[int, str]:
    """The lines that ask for something, by their numbers."""
    found: dict[int, str] = {}
    number, counted = 1, 0
    if content is None:
        return found
    for start in sorted(_lines_with_parts(words.parts, content)):
        end = content.find(b"\n", start)
        line = content[start : end if end >= 0 else len(content)]
        if words.hint.search(line) is not None:
            number += content.count(b"\n", counted, start)
            counted = start
            found[number] = line.decode("utf-8", "replace")
    return found


def _lines_with_parts(parts: tuple[bytes, ...], content: bytes) -> set[int]:
    """Where the lines begin that have one of the parts: to look for them takes a tenth of the time of an expression."""
    starts: set[int] = set()
    for part in parts:
        at = content.find(part)
        while at >= 0:
            starts.add(content.rfind(b"\n", 0, at) + 1)
            end = content.find(b"\n", at)
            at = content.find(part, end) if end >= 0 else -1
    return starts
