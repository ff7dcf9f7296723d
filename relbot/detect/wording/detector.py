"""Detector `wording`: what lines of code say in words: something is deprecated, gone, demanded, refused, kept for the old way.

Each of these is weak by itself. Messages and comments are written for those whom a change concerns, so they count together;
what a program tells its operator (a message) is told apart from what a developer tells the next one (a comment).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.model import ChangeSet, Detector, Evidence
from relbot.detect.engine.path_roles import is_production
from relbot.detect.engine.phrases import quote_name
from relbot.detect.engine.syntax import language_of
from relbot.detect.wording.facts import FACTS
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.detect.engine.model import FileChange, Line

ID = "wording"


class _Words(NamedTuple):
    """Words of a fact, in which kind of line they count (message, comment, or any), and what their coming or going says.

    Where none of `parts` stands in a text in lower case, the pattern has no match in it: so most are never tried.
    """

    pattern: re.Pattern[str]
    kind: str
    says: str
    parts: tuple[str, ...]


def _make_words(pattern: tuple[str, str], kind: str, says: str) -> _Words:
    return _Words(re.compile(pattern[0], re.I), kind, says, tuple(pattern[1].split("|")))


_GONE = (
    r"\b(no longer|not supported any ?more|(was|has been|have been|is|are) removed|unsupported|removed in)\b",
    "no longer|supported|removed",
)
_DEPRECATED = r"\bdeprecat\w+", "deprecat"
_OLD_WAY = (
    r"\b(backwards?[- ]?compat\w*|legacy|for compatibility|old(er)? (name|format|config\w*|settings?|option|way)|fall ?back)\b",
    "compat|legacy|old|fall",
)
_MUST = (
    (
        r"\b((must|has to|have to|needs to|need to) be (set|configured|provided|specified|enabled|run|migrated|upgraded)"
        r"|please (set|run|configure|update|migrate|remove|upgrade))\b"
    ),
    " be |please",
)
_ADDED = {
    "deprecates": _make_words(_DEPRECATED, "code", "The code now says that something is deprecated"),
    "deprecates-in-comment": _make_words(_DEPRECATED, "comment", "A comment now says that something is deprecated"),
    "no-longer": _make_words(_GONE, "message", "The software now says that something is gone"),
    "no-longer-in-comment": _make_words(_GONE, "comment", "A comment now says that something is gone"),
    "demands": _make_words(_MUST, "message", "The software now requires something"),
    "refuses-configuration": _make_words(
        (
            r"\braise \w*(Config|Settings?|Option)\w*\b|\bConfig\w*Error\b|\bImproperlyConfigured\b",
            "raise |error|improperlyconfigured",
        ),
        "code",
        "The software now refuses a configuration",
    ),
    "keeps-old-way": _make_words(_OLD_WAY, "any", "The code now supports an old way for compatibility"),
    "renames": _make_words(
        (
            r"\b(renamed (to|from)|use \S+ instead|(been )?replaced (by|with)|superseded by)\b",
            "renamed|instead|replaced|superseded",
        ),
        "any",
        "Something is renamed",
    ),
}
_REMOVED = {
    "old-way-gone": _make_words(_OLD_WAY, "any", "Code that supported an old way is gone"),
    "deprecated-gone": _make_words(_DEPRECATED, "any", "Deprecated code is gone"),
    "promise-kept": _make_words(
        (r"\b(TODO|FIXME|XXX|NOTE)\b.{0,80}\b(remov|drop|delet|deprecat)\w*", "todo|fixme|xxx|note"),
        "any",
        "A note to remove something later is gone",
    ),
    "experiment-over": _make_words(
        (r"\b(experimental|unstable|feature[_ ]?flag)\b", "experimental|unstable|feature"),
        "any",
        "Something is no longer experimental, or is gone",
    ),
}
_LONGEST_LINE = 1_000


def find_wording(changes: ChangeSet) -> Iterator[Evidence]:
    """The first place in the change set of each fact, where more of its words came than went, or went than came."""
    told: set[str] = set()
    for file in changes.files:
        if file.before is None or file.before == file.after or not is_production(file.path):
            continue
        for table, lines, others in ((_ADDED, file.added, file.removed), (_REMOVED, file.removed, file.added)):
            for found in _find_in_file(file, table, lines, others):
                if found.fact not in told:
                    told.add(found.fact)
                    yield found


def _find_in_file(
    file: FileChange, table: dict[str, _Words], lines: tuple[Line, ...], others: tuple[Line, ...]
) -> Iterator[Evidence]:
    here = _worth_reading(lines)
    if not here:
        return
    text = "\n".join(line.text for line in here).lower()
    for fact, words in table.items():
        if not any(part in text for part in words.parts):
            continue
        said = [line for line in here if _line_says(line, words)]
        if said and len(said) > sum(_line_says(line, words) for line in _worth_reading(others)):
            # A schema or a sample says it to its readers, a header to clients, and no program says it to who runs it.
            read_by_clients = language_of(file.path) is None or all(_HEADER.search(line.text[:_LONGEST_LINE]) for line in said)
            told = "deprecates-in-comment" if fact == "deprecates" and read_by_clients else fact
            number = said[0].number if table is _ADDED else None
            details = tuple(line.text.strip()[:200] for line in said[:5])
            about = _deprecated_name(said[0].text) if told == "deprecates" else None
            message = f"{words.says}: {quote_name(said[0].text.strip())}."
            yield Evidence(ID, told, file.path, number, message, details, (about or file.path,))


_HEADER = re.compile(r"[\"']Deprecation[\"']\s*+[],:)]")
"""The header of answers that are given as before (RFC 9745)."""
_NAME = re.compile(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b|(?<=[\"'`])[A-Za-z][\w.-]{2,60}(?=[\"'`])")
"""A name as variables have it, or in quotes."""


def _deprecated_name(line: str) -> str | None:
    """The first name in a line that calls something deprecated: what is deprecated comes before what is to be used."""
    found = _NAME.search(line[:_LONGEST_LINE])
    return found[0] if found is not None else None


def _worth_reading(lines: tuple[Line, ...]) -> list[Line]:
    """The lines that have a part of some word: far cheaper than the patterns, which most lines never reach."""
    text = "\n".join(line.text for line in lines).lower()
    parts = [part for part in _PARTS if part in text]
    return [line for line in lines if any(part in line.text.lower() for part in parts)] if parts else []


def _line_says(line: Line, words: _Words) -> bool:
    text = line.text[:_LONGEST_LINE]
    match = words.pattern.search(text)
    if match is None:
        return False
    comment = _COMMENT.match(text) is not None
    if words.kind == "comment":
        return comment
    if words.kind == "message":
        return not comment and _QUOTE.search(text, 0, match.start()) is not None
    return not (words.kind == "code" and comment)


_PARTS = (
    "deprecat|longer|supported|remov|compat|legacy|old|fall|must|has to|have to|need|please|config|setting|option|improperly"
    "|renamed|instead|replaced|superseded|todo|fixme|xxx|experimental|unstable|feature"
).split("|")
_COMMENT = re.compile(r"\s*(#(?!\{)|//|\*|/\*|--|;;|<!--|%)")
_QUOTE = re.compile(r"[\"'`]")

DETECTOR = Detector(
    id=ID,
    summary="Words in added and removed lines of code.",
    why="Comments, messages and names show what the author knew: that something is removed, or is required from now on.",
    facts=FACTS,
    bad={
        "shop/cache.py": ("SIZE = 1\n", 'SIZE = 1\nif not secret:\n    raise ConfigError("`secret` must be set")\n'),
        "shop/old.rb": ("# FIXME: remove after 2.10\nread_old_format\nread\n", "read\n"),
    },
    good={"shop/cache.py": ("SIZE = 1\n", "SIZE = 2\n"), "shop/a.go": ("// Deprecated: use B.\n", "  // Deprecated: use B.\n")},
    find=find_wording,
)
