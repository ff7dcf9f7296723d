"""The words of SQL, from sqlglot's tokens, and how they are cut into statements, parts and names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.migrations.steps import UnreadableMigration
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST_CHARACTERS = 400_000
_QUOTED = ("IDENTIFIER", "STRING", "HEREDOC_STRING", "NATIONAL_STRING", "RAW_STRING")


class Word(NamedTuple):
    """A token: its text, in small letters `key` (with quotes around it: "" for strings and quoted names), and its line."""

    text: str
    key: str
    line: int


def split_words(text: str) -> list[Word]:
    """The words of a text. UnreadableMigration if a string or a comment has no end, or the text is too long."""
    from sqlglot.dialects.dialect import Dialect  # a third of a second, which only change sets with SQL wait for
    from sqlglot.errors import SqlglotError

    if len(text) > MOST_CHARACTERS:
        raise UnreadableMigration
    first = "mysql" if "`" in text else "tsql" if "[dbo]" in text or "sp_rename" in text else "postgres"
    for dialect in dict.fromkeys((first, "postgres", "mysql")):
        try:
            tokens = Dialect.get_or_raise(dialect).tokenize(text)
        except SqlglotError:
            continue
        return [
            Word(token.text, "" if token.token_type.name in _QUOTED else word.lower(), token.line)
            for token in tokens
            for word in ([token.text] if token.token_type.name in _QUOTED else token.text.split() or [";"])
        ]
    raise UnreadableMigration


def split_at(words: Iterable[Word], by: str) -> Iterator[list[Word]]:
    """The parts between separators that stand in no brackets."""
    part: list[Word] = []
    depth = 0
    for word in words:
        depth += (word.key == "(") - (word.key == ")")
        if word.key == by and depth <= 0:
            if part:
                yield part
            part, depth = [], 0
        else:
            part.append(word)
    if part:
        yield part


def skip_words(words: list[Word], *keys: str) -> list[Word]:
    """The words without those of `keys` at the start, in whatever order."""
    at = 0
    while at < len(words) and words[at].key in keys:
        at += 1
    return words[at:]


_EXISTS = ("if", "not", "exists", "only")


def take_name(words: list[Word]) -> tuple[str, list[Word]]:
    """A name at the start, without its schema, and what comes after it."""
    words = skip_words(words, *_EXISTS)
    name = ""
    while words:
        name, words = words[0].text, words[1:]
        if len(words) < 2 or words[0].key != ".":
            break
        words = words[1:]
    return name, words
