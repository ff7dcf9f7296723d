"""Which lines of a file may be about literals that installations share, told without a look at its syntax.

Most changes of code are not: to parse both sides of each file, and to walk them, would take longer than everything else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.path_roles import is_development
from relbot.detect.literals.call_words import lines_with_shared_calls, names_shared_call
from relbot.detect.literals.kinds import (
    OTHER,
    is_cache_file,
    is_constant_name,
    is_layout_file,
    is_telling_name,
    kind_of_name,
)
from relbot.detect.literals.stored_values import declares_stored_values
from relbot.detect.literals.telling_values import has_telling_value
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from relbot.detect.engine.model import FileChange, Line

_ASSIGNED = re.compile(
    r"(?:(?<![\w.$-])([A-Za-z_$][\w.-]*+)[\"'\])]*+[ \t]*+(?:=>|:=|=|:(?:[ \t]*[&*\w<>\[\]., |?]{1,40}+=)?)(?![=:])"
    r"|\b(?!(?:return|new|def|const|var|let|val|static|final|public|private|protected|export|readonly)\b)"
    r"([A-Za-z_]\w*+) ([*\w.\[\]]++) = )"
    r"[ \t]*+(?=([^\n]{0,80}))"
)
"""A name that gets a value, and how the value begins, in any language: `NAME = `, `name: `, `"name" => `, `name string = `."""
_LITERAL = re.compile(r"[rbfu@$]{0,2}[\"'`]|[-+]?\d|[\[({]|(?i:true|false|nil|null|none)\b|:\w|$")
_CONSTANT = re.compile(r"[\w.:]++\W*$|[a-z_]\w*\([\"']|\{")
"""A value that may stand for a literal: a name, or what makes something of a text."""
_LAYOUT = re.compile(r"[\"'`](?=[^\"'`\n]*/)[^\"'`\n]*[{%#$]")
"""A text with values in it and a slash: the name of a stored file."""
_ELEMENT = re.compile(
    r"^\s*+(?:[\[({]\s*+)?(?:(?:[\"'`][^\"'`]*[\"'`],?|:\w+,?|[\w.]+,)\s*+[\])}]*+"
    r"|[\"'][\w.-]+[\"']\s*(?::|=>)[^,{\[(]++(?:,\s*+[\])}]*+)?),?;?\s*$"
)
"""A line that is nothing but an element of a list."""
_OUTSIDE = re.compile(r"[ \t]{0,4}\S")
"""A line that is hardly in a function."""
_PARTS = frozenset(
    "name key path prefix id host port pattern table collection stream format db class extra UnmappedMemberHandling".split()
)
"""Names that say what they are together with what is around them: the name of a queue."""
_WORDS = re.compile(r"\w+")
_OPENING = re.compile(r"[\[({]\s*$")
_LONGEST = 300
_FEW = 20
"""As many words are looked for one by one in less time than all words of a text take."""


class TouchedLines(NamedTuple):
    """The numbers of the lines to be looked at, on both sides."""

    old: tuple[int, ...]
    new: tuple[int, ...]


def find_touched_lines(change: FileChange) -> TouchedLines | None:
    """The changed lines of a file, and all those that name what gets another value there; None if there is nothing to look at."""
    removed, added = _join_lines(change.removed), _join_lines(change.added)
    before, after = _assigned_values(removed), _assigned_values(added)
    production = not is_development(change.path)
    named = {name for name in before.keys() & after.keys() if before[name] != after[name]}
    named |= _names_of_lists(change.removed, change.old) | _names_of_lists(change.added, change.new)
    outside = _assigned_values(_join_lines(line for line in change.added if _OUTSIDE.match(line.text)))
    shared = (
        kind_of_name(name, change.path) != OTHER
        or name.rpartition(".")[2] in _PARTS
        or (production and _is_told(name, name in outside) and any(map(_LITERAL.match, after.get(name, ("",)))))
        for name in named
    )
    if (
        not any(shared)
        and not declares_stored_values(change)
        and not _returns_shared(change)
        and not _has_shared_call(change, removed + added, named)
    ):
        return None
    words = sorted(named)
    return TouchedLines(
        (*(line.number for line in change.removed), *_lines_with(words, change.old)),
        (*(line.number for line in change.added), *_lines_with(words, change.new)),
    )


_RETURNED = re.compile(r"\s*(return\s+)?[\"'`\d]")
_FUNCTION = re.compile(r"\b(?:func|def|fun|fn|function)\s+(?:\([^()]*\)\s*)?(\w+)")


def _returns_shared(change: FileChange) -> bool:
    """Whether a function gives another literal back, and its name says that installations share it."""
    lines = [line.number for line in change.added if _RETURNED.match(line.text)]
    every = change.new.split("\n") if lines else []
    known = -1
    for number in lines:
        above, known = range(number - 1, known, -1), number - 1
        for at in above:
            if (found := _FUNCTION.search(every[at][:_LONGEST])) is not None:
                if kind_of_name(found[1], change.path) != OTHER:
                    return True
                break
    return False


def _is_told(name: str, outside: bool) -> bool:  # noqa: FBT001  # a property of the line
    """Whether a name may be looked up: that of a constant, or a long one outside of functions."""
    last = name.rpartition(".")[2]
    return is_constant_name(last) or (outside and is_telling_name(last))


def _has_shared_call(change: FileChange, changed: str, named: set[str]) -> bool:
    """Whether a changed line has a call that shares something or says where files lie, or a changed name may be given to one."""
    if names_shared_call(changed) or has_telling_value(changed) or _has_layout(change.path, changed):
        return True
    if not named:
        return False
    calls = "\n".join(line[:_LONGEST] for line in dict.fromkeys(lines_with_shared_calls(change.new)))
    return not named.isdisjoint(_WORDS.findall(calls))


def _has_layout(path: str, changed: str) -> bool:
    """Whether changed lines may say where files lie, or under which key something is kept for a while."""
    if is_cache_file(path) and _FILLED.search(changed):
        return True
    return is_layout_file(path) and _LAYOUT.search(changed) is not None


_FILLED = re.compile(r"[\"'`][^\"'`\n]*[{%#$]")


def _join_lines(lines: Iterable[Line]) -> str:
    return "".join([f"{line.text[:_LONGEST]}\n" for line in lines])


def _assigned_values(text: str) -> dict[str, set[str]]:
    """The names that lines give a literal or a constant, and how each begins."""
    found: dict[str, set[str]] = {}
    for *names, value in _ASSIGNED.findall(text):
        if _LITERAL.match(value) or _CONSTANT.match(value):
            for name in filter(None, names):
                found.setdefault(name, set()).add(value)
    return found


def _names_of_lists(lines: Iterable[Line], text: str) -> set[str]:
    """The names of the lists to which lines belong that are nothing but an element."""
    elements = [line.number for line in lines if _ELEMENT.match(line.text[:_LONGEST])]
    every = text.split("\n") if elements else []
    found: set[str] = set()
    known = -1
    for number in elements:
        above, known = range(number - 2, known, -1), number - 2
        for at in above:
            if _OPENING.search(every[at][-_LONGEST:]):
                found |= {name for *names, _ in _ASSIGNED.findall(every[at][:_LONGEST]) for name in names if name}
                break
    return found


def _lines_with(words: list[str], text: str) -> Iterator[int]:
    """The numbers of the lines that have one of the words, but for their own part before a dot."""
    if not words:
        return
    last = {word.rpartition(".")[2] for word in words}
    if len(last) > _FEW:
        places = {found.start() for found in _WORDS.finditer(text) if found[0] in last}
        last = {word for word in last if _WORDS.fullmatch(word) is None}
    else:
        places = set()
    places |= {place for word in last for place in _places_of(word, text)}
    number, before = 1, 0
    for place in sorted(places):
        number += text.count("\n", before, place)
        before = place
        yield number


def _places_of(word: str, text: str) -> Iterator[int]:
    """Where a word stands in a text, not as a part of another one."""
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        if not _is_letter(text[at - 1 : at]) and not _is_letter(text[end : end + 1]):
            yield at
        at = text.find(word, at + 1)


def _is_letter(character: str) -> bool:
    return character.isalnum() or character == "_"
