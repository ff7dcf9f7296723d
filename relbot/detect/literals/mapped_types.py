"""The types of columns, as classes say them that are mapped to tables: which enums rows have, and in which form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.syntax import language_of
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NUMBER = "number"
NAME = "name"
VALUE = "value"

_FAR = 400
"""Characters after an annotation in which what it is about is named."""
_ENUMERATED = re.compile(r"@(?:\w+:)?Enumerated\b(?:\(([^()]*)\))?")
_FIELD = re.compile(r"\bva[lr]\s+\w+\s*:\s*(?:\w+\.)*(\w+)|(?:^|[\s.<])(\w+)[>?]*\s+\w+\s*[;=]")
_PROPERTY = re.compile(
    r"(\[[^\[\]\n]*+\]\s*+)?public\s+(?:(?:required|virtual|override)\s+)*(?:\w+\.)*(\w+)\??\s+(\w+)\s*\{\s*get\b"
)
_ENTITY = re.compile(r"\bpublic\s+(?:int|long|Guid|string|\w+Id)\s+\w*Id\s*\{\s*get\b|\[Key\]|\[Table\(")
_AS_TEXT = re.compile(r"HasConversion<string>|EnumToStringConverter|HasConversion\([^;]{0,200}ToString\(")
_CHAR = re.compile(r"(?i)char|text")
_TAGGED = re.compile(r"(?m)^[ \t]*\w+[ \t]+\*?(?:\w+\.)?(\w+)[ \t]+`[^`\n]*\b(?:gorm|db|bun|bson|pg|xorm):\"")
_DERIVED = re.compile(
    r"#\[derive\(([^()]*+)\)\]((?:\s*+(?:#\[|//)[^\n]{0,200}+){0,20}+)\s*+(?:pub(?:\([^()]*+\))?\s++)?enum\s++(\w++)"
)
_OF_ROWS = re.compile(r"\bsqlx::Type\b|\bDbEnum\b|\bDeriveActiveEnum\b|\bFromSqlRow\b|\bFromSql\b")
_SQLALCHEMY = re.compile(r"(?:\bsa\.|(?<![\w.]))(?:SA|SQL)?Enum\(\s*(\w+)([^()]*)|\bMapped\[(?:Optional\[)?(\w+)")
_TYPEORM = re.compile(r"\benum:\s*(\w+)|@Enum\(\s*\(\)\s*=>\s*(\w+)")
_COLUMN = ("@Column(", "@Enum(")


def find_mapped_types(texts: Iterable[tuple[str, str]]) -> dict[str, str]:
    """By name, how rows have the types that files map to columns: by NUMBER, NAME or VALUE. Comes with paths and contents."""
    found: dict[str, str] = {}
    every = list(texts)
    as_text = any(path.endswith(".cs") and _AS_TEXT.search(text) for path, text in every)
    for path, text in every:
        if (read := _READERS.get(language_of(path) or "")) is not None:
            found.update(read(text))
    return {name: NAME if as_text and how == NUMBER else how for name, how in found.items()}


def _of_jpa(text: str) -> Iterator[tuple[str, str]]:
    for marked in _ENUMERATED.finditer(text):
        if (field := _FIELD.search(text[marked.end() : marked.end() + _FAR])) is not None:
            yield field[1] or field[2], NAME if "STRING" in (marked[1] or "") else NUMBER


def _of_entity_framework(text: str) -> Iterator[tuple[str, str]]:
    if _ENTITY.search(text) is not None:
        yield from ((kind, NAME if _CHAR.search(marked or "") else NUMBER) for marked, kind, _ in _PROPERTY.findall(text))


def _of_go(text: str) -> Iterator[tuple[str, str]]:
    yield from ((kind, NUMBER) for kind in _TAGGED.findall(text))


def _of_rust(text: str) -> Iterator[tuple[str, str]]:
    for derived, beside, name in _DERIVED.findall(text):
        if _OF_ROWS.search(derived) is not None:
            yield name, NUMBER if "repr(" in beside or "Integer" in beside else NAME


def _of_sqlalchemy(text: str) -> Iterator[tuple[str, str]]:
    if "mapped_column(" in text or "Column(" in text:
        for name, beside, mapped in _SQLALCHEMY.findall(text):
            yield name or mapped, VALUE if "values_callable" in beside else NAME


def _of_typeorm(text: str) -> Iterator[tuple[str, str]]:
    if any(word in text for word in _COLUMN):
        yield from ((one or other, VALUE) for one, other in _TYPEORM.findall(text))


_READERS = {
    "java": _of_jpa,
    "kotlin": _of_jpa,
    "c_sharp": _of_entity_framework,
    "go": _of_go,
    "rust": _of_rust,
    "python": _of_sqlalchemy,
    "typescript": _of_typeorm,
}
