"""Detector `lone-changes`: lines of code in which one name or one constant is another, and everything else is the same.

Nobody changes such a line for its looks. What is named is shared with somebody, in any language and by any framework: an event, a
job, a column, a key of a message. A name that the file still has elsewhere, and lines for developers and readers, do not count.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from relbot.detect.engine.file_patterns import reads_any
from relbot.detect.engine.model import ChangeSet, Detector, Evidence, Todo
from relbot.detect.engine.path_roles import is_development, is_production
from relbot.detect.engine.phrases import quote_name
from relbot.detect.engine.syntax import language_of
from relbot.detect.interfaces.routes import has_routes
from relbot.detect.lone_changes import READS
from relbot.detect.lone_changes.facts import FACTS
from relbot.detect.lone_changes.other_names import find_enclosing_lines, find_other_names
from relbot.detect.lone_changes.words import HOLE, fact_of_choice, fact_of_name, is_shared
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from relbot.detect.engine.model import FileChange, Line

_ID = "lone-changes"
_LONGEST_LINE = 300
"""Of what people write; longer ones are made by programs."""
_NAME = re.compile(r"(?<=[\"'`])(?:[A-Za-z_/][\w.:/@*{}<>#$%-]{0,80}|\d{1,3}|\*)(?=[\"'`])")
"""A text in quotes that names something, perhaps with values put in: without spaces, and no version."""
_CONSTANT = re.compile(r"\b(?:\w+(?:\.|::|\\))?[A-Z][A-Z0-9]+(?:_[A-Z0-9]+)*+\b(?!\()|\b\w+(?:\.|::)[A-Z][a-z]\w*+(?![\w.(])")
"""A constant as code chooses it: `http.StatusOK`, `EnumType.STRING`, `PASSWORD_BCRYPT`."""
_COMMENT = re.compile(r"\s*(#(?!\[)|//|\*|/\*|--|;|\"\"\"|<!--)")
_NOT_SHARED = re.compile(
    r"\.[jt]sx$|\.vue$"
    r"|(^|/)(views?|templates?|frontend|web(app|ui)?|ui|client|components?|pages|javascripts?|assets|static|public|themes?)/"
    r"|(^|/)(setup\.py|Gemfile|[\w.-]*\.gemspec|mix\.exs|(build|settings)\.gradle(\.kts)?|_?version\.\w+|conf\.py)$"
    r"|(^|/)(config/routes[\w/]*\.rb|[\w.-]+\.config\.([cm]?[jt]s))$"
    r"|(^|/)(db/migrate|migrations?|alembic|seeds?|tools?|examples?|samples?|benchmarks?|ci|build|scripts/(dev|build|release)\w*)/"
)
"""Where texts are shown, or where what is named is of one file, of a build, or read by another detector."""
_REPORTED = ("option-renamed", "message-renamed", "stored-name-changed", "algorithm-changed", "name-changed", "choice-changed")


class _LoneChange(NamedTuple):
    """A line with another name or constant in it: the fact, its file and line, what was there and what is."""

    fact: str
    path: str
    line: int
    old: str
    new: str


def find_lone_changes(changes: ChangeSet) -> Iterator[Evidence]:
    """One piece of evidence for each fact and file."""
    for change in changes.files:
        if change.before is None or change.after is None or change.before == change.after:
            continue
        if not reads_any(READS, (change,)) or not is_production(change.path) or is_development(change.path):
            continue
        if _NOT_SHARED.search(change.path):
            continue
        found = list(dict.fromkeys(_find_in_file(change)))
        for fact in _REPORTED:
            if here := [each for each in found if each.fact == fact]:
                yield _as_evidence(fact, here)


def _as_evidence(fact: str, found: list[_LoneChange]) -> Evidence:
    first, more = found[0], len(found) - 1
    words = tuple(f"{quote_name(each.old)} → {quote_name(each.new)}" for each in found)
    message = f"One thing changes in a line of code: {words[0]}{f', and {more} more' if more else ''}."
    names = tuple(dict.fromkeys(each.old for each in found))
    return Evidence(_ID, fact, first.path, first.line, message, words[:60], names, Todo("after-restart", text=message))


def _find_in_file(change: FileChange) -> Iterator[_LoneChange]:
    removed, added = _read_lines(change.removed), _read_lines(change.added)
    if not removed or not added:
        return
    for fact, pattern in (("name-changed", _NAME), ("choice-changed", _CONSTANT)):
        went, came = _names_by_line(removed, pattern), _names_by_line(added, pattern)
        for around in (one for one in came if one in went and is_shared(fact, one)):
            for (_, old), (number, new) in zip(went[around], came[around], strict=False):
                if old != new and _is_other(fact, old, new, change):
                    kind = _fact_of(fact, around, old, new, number, change)
                    yield _LoneChange(kind, change.path, number, old, new)
    for other in find_other_names(change, removed, added):
        yield _LoneChange(other.fact, change.path, other.line, other.old, other.new)


_FUNCTION = re.compile(r"\s*(export\s|public\s|private\s|static\s|async\s|pub\s){0,4}(def|defp|func|fun|fn|function|const)\b")
_RETURNED = re.compile(r"return\b|[f]?[\"'`]|fmt\.|format!")


def _fact_of(fact: str, around: str, old: str, new: str, number: int, change: FileChange) -> str:
    """The fact that another name or constant is; what a function gives back is what the function's own name says."""
    if fact == "choice-changed":
        return fact_of_choice(old, new)
    if _is_encrypted(old) != _is_encrypted(new):
        return "algorithm-changed"
    head = next(iter(find_enclosing_lines(number, change.new)), "") if _RETURNED.match(around) else ""
    return fact_of_name(f"{head} {around}" if _FUNCTION.match(head) else around, old, change.path)


def _is_encrypted(name: str) -> bool:
    """Whether a type of a column, as a model casts it, is one that nobody reads without a key: Laravel's `encrypted:array`."""
    return name.startswith(("encrypted", "hashed"))


def _names_by_line(lines: list[tuple[int, str]], pattern: re.Pattern[str]) -> dict[str, list[tuple[int, str]]]:
    """The names in lines, by the line with a hole where the name is: those of lines that are alike otherwise, in their order."""
    found: dict[str, list[tuple[int, str]]] = {}
    for number, text in lines:
        for name in pattern.finditer(text):
            found.setdefault(f"{text[: name.start()]}{HOLE}{text[name.end() :]}", []).append((number, name[0]))
    return found


def _read_lines(lines: Iterable[Line]) -> list[tuple[int, str]]:
    """The lines of code, with one space for each gap."""
    return [
        (line.number, " ".join(line.text.split()))
        for line in lines
        if len(line.text) <= _LONGEST_LINE and not _COMMENT.match(line.text)
    ]


_PLACES = re.compile(r"/(:\w+|\{\w*\}|<\w*>)")
"""Parts of a path that a request fills in: their names say nothing outside."""
_VERSION = re.compile(r"v?\d+(\.\d+)+\S*|__\w+__")
_OF_CODE = re.compile(r"(?i)^log\w*\W|version|[a-z]((?<!us)er|or|Func|Type|Config|Options|V\d)$|^(self|cls|this)\W")
"""Levels of logs, versions of interfaces, and things that code defines for itself."""


def _is_other(fact: str, old: str, new: str, change: FileChange) -> bool:
    """Whether a name is gone from the file; or two constants are of one kind, and not defined there."""
    if fact == "name-changed" and (old.startswith("/") or new.startswith("/")) and _declares_routes(change):
        return False  # another detector reads routes, with what stands before them
    if fact == "name-changed":
        if _as_route(old) == _as_route(new) or _VERSION.fullmatch(old) or old in _names_in(change.new):
            return False
        return not _is_split(old, new, change.added_text)
    (owner, was), (other, now) = (_split_owner(name) for name in (old, new))
    if owner != other or (not _OF_FORMATS.search(owner) and (_OF_CODE.search(old) or _OF_CODE.search(new))):
        return False
    named = was.isupper() or _OF_FORMATS.search(owner) is not None
    alike = was.isupper() == now.isupper() and (_first_word(was) == _first_word(now) or (named and owner != ""))
    return alike and not _has_after(change.new, old, _WORD_END) and not _has_after(change.new, now, _ASSIGNED)


def _is_split(old: str, new: str, added: str) -> bool:
    """Whether the new name is the end of the old one, and what stood before it is a text of its own now."""
    before = old.removesuffix(new).rstrip("_.:/-") if new else old
    return before != old and any(f"{sign}{before}{sign}" in added for sign in "\"'`")


def _declares_routes(change: FileChange) -> bool:
    language = language_of(change.path)
    return language is not None and has_routes(language, change.after or b"")


_OF_FORMATS = re.compile(r"(Polic(y|ies)|Strateg(y|ies)|Naming|Format|Mode|Level)(\.|::)$")
"""What a constant belongs to that says how something is written or done."""


@lru_cache(1)
def _names_in(text: str) -> frozenset[str]:
    """The names that a file has: kept for the changes of its other lines."""
    return frozenset(_NAME.findall(text))


_WORD_END = re.compile(r"(?!\w)")
_ASSIGNED = re.compile(r"\b[^=\n]{0,40}=(?!=)")


def _has_after(text: str, name: str, rest: re.Pattern[str]) -> bool:
    """Whether a name stands in a text, not within a word, with `rest` behind it: an expression for each takes longer."""
    at = text.find(name)
    while at >= 0:
        end = at + len(name)
        if not (at and (text[at - 1].isalnum() or text[at - 1] == "_")) and rest.match(text, end) is not None:
            return True
        at = text.find(name, at + 1)
    return False


def _as_route(name: str) -> str:
    return _PLACES.sub("/{}", name.casefold())


def _split_owner(name: str) -> tuple[str, str]:
    """What a constant belongs to, "" without, and its own name."""
    own = re.split(r"\.|::|\\", name)[-1]
    return name.removesuffix(own), own


_WORD = re.compile(r"[A-Z][a-z0-9]*")


def _first_word(name: str) -> str:
    """`Status` of `StatusOK`, `PASSWORD` of `PASSWORD_BCRYPT`."""
    found = None if name.isupper() else _WORD.match(name)
    return name.partition("_")[0] if found is None else found[0]


DETECTOR = Detector(
    _ID,
    "Lines of code in which one name or one constant is another, and everything else is the same.",
    "Events, jobs, columns, keys of messages and modes have names in every language, which others use, too.",
    FACTS,
    find=find_lone_changes,
)
