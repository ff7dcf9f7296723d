"""What SQL does to tables, columns and rows, read from sqlglot's tokens.

Tokens instead of trees: `ALTER TABLE` differs in every dialect, and what sqlglot cannot parse it hands over as text. Where
statements, names, quotes, comments and strings begin and end is what tokens tell for all of them.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from relbot.detect.migrations.grants import is_kept_by_group, read_access
from relbot.detect.migrations.sql_words import Word, skip_words, split_at, split_words, take_name
from relbot.detect.migrations.steps import ADDED, MigrationOperation

if TYPE_CHECKING:
    from collections.abc import Iterator

STARTS = tuple("alter create drop delete truncate update insert rename exec do begin replace with revoke".split())
"""The words that a statement begins with that this module reads, in small letters."""
_BLOCKS = ("do", "begin", "with")


def read_sql(text: str, line: int = 1) -> list[MigrationOperation]:
    """The steps of a text of SQL, in order; `line` is the number of its first line.

    UnreadableMigration if a string or a comment has no end.
    """
    steps: list[MigrationOperation] = []
    made: set[str] = set()
    statements = list(split_at(split_words(text), ";"))
    for statement in statements:
        taken = read_access(statement) if statement[0].key == "revoke" else None
        if taken is None or not is_kept_by_group(taken, statements):
            steps += _read_statement(statement, line)
        made |= _made_again(statement)
    return [step for step in steps if step.fact not in ("view-dropped", "routine-dropped") or step.table not in made]


_REPLACEABLE = ("view", "function", "procedure", "type", "sequence")


def _made_again(words: list[Word]) -> set[str]:
    """The name of the view or routine that a statement creates."""
    keys = [word.key for word in words[:5]]
    at = next((keys.index(what) for what in _REPLACEABLE if what in keys), -1)
    return {take_name(words[at + 1 :])[0]} if keys[0] == "create" and at > 0 else set()


def is_sql(text: str) -> bool:
    """Whether a string literal is SQL that changes something, by its first word."""
    first = text.split(None, 1)
    return len(first) == 2 and first[0].lower() in STARTS and len(text) > 12


def _read_statement(words: list[Word], first_line: int) -> Iterator[MigrationOperation]:
    keys = [word.key for word in words]
    line, said = words[0].line + first_line - 1, " ".join(word.text for word in words[:12])[:120]
    if keys[0] in _BLOCKS:  # the body of a block is a string, or comes with the block's own words
        body = words[1].text.strip("$ ") if len(words) > 1 and not words[1].key else " ".join(word.text for word in words[1:])
        for part in split_at(split_words(body), ";"):
            at = next((at for at, word in enumerate(part) if word.key in STARTS and word.key not in _BLOCKS), None)
            if at is not None:
                yield from _read_statement(part[at:], line)
        return
    for step in _steps_of(words, keys):
        yield step._replace(words=said, line=line)


def _steps_of(words: list[Word], keys: list[str]) -> Iterator[MigrationOperation]:
    rest = words[1:]
    match keys[0]:
        case "drop":
            yield from _read_drop(rest)
        case "alter":
            yield from _read_alter(rest)
        case "create":
            yield from _read_create(rest)
        case "truncate":
            yield MigrationOperation("rows-deleted", take_name(skip_words(rest, "table"))[0])
        case "delete":
            yield MigrationOperation("rows-deleted", take_name(skip_words(rest, "from"))[0])
        case "update":
            yield MigrationOperation("data", take_name(skip_words(rest, "low_priority", "ignore"))[0])
        case "insert" | "replace":
            name = take_name(skip_words(rest, "into", "ignore"))[0]
            yield MigrationOperation(
                "data" if "select" in keys else "background" if name.startswith("background_") else "rows-added", name
            )
        case "revoke":
            yield MigrationOperation("access-revoked", take_name(rest[keys.index("on") :] if "on" in keys else rest)[0])
        case "rename":
            for part in split_at(skip_words(rest, "table"), ","):
                yield MigrationOperation("renamed", take_name(part)[0])
        case "exec" | "execute" if len(words) > 2 and words[1].key == "sp_rename":
            yield MigrationOperation("renamed", words[2].text)
        case _:
            pass


def _read_drop(words: list[Word]) -> Iterator[MigrationOperation]:
    what = words[0].key if words else ""
    if what in ("table", "view", "materialized", "schema", "database", "foreign"):
        for part in split_at(skip_words(words, "table", "view", "materialized", "schema", "database", "foreign"), ","):
            yield MigrationOperation(
                "dropped" if what in ("table", "schema", "database", "foreign") else "view-dropped", take_name(part)[0]
            )
    elif what in ("function", "procedure", "type", "sequence"):
        yield MigrationOperation("routine-dropped", take_name(words[1:])[0])
    elif what == "index":
        yield MigrationOperation("constraint-dropped", take_name(skip_words(words, "index", "concurrently"))[0])


def _read_create(words: list[Word]) -> Iterator[MigrationOperation]:
    keys = [word.key for word in words]
    if "index" in keys[:3]:
        at = keys.index("on") if "on" in keys else -1
        table, after = take_name(words[at + 1 :]) if at >= 0 else ("", [])
        columns = _columns_in(after)
        if keys[0] == "unique":
            yield MigrationOperation("unique", table, columns)
        elif "concurrently" not in keys:
            yield MigrationOperation("index", table, columns)
    elif keys[:1] == ["extension"]:
        yield MigrationOperation("extension-needed", take_name(words[1:])[0])
    elif "table" in keys[:3]:
        yield MigrationOperation(ADDED, take_name(words[keys.index("table") + 1 :])[0])


def _columns_in(words: list[Word]) -> str:
    """The names in the first brackets, joined by commas."""
    keys = [word.key for word in words]
    if "(" not in keys:
        return ""
    inside = words[keys.index("(") + 1 : keys.index(")") if ")" in keys else len(words)]
    return ",".join(word.text for word in inside if word.key not in (",", "(", ")", "asc", "desc"))


def _read_alter(words: list[Word]) -> Iterator[MigrationOperation]:
    if words and words[0].key in ("schema", "type", "view", "function", "sequence"):
        yield from _read_alter_other(words)
    if not words or words[0].key not in ("table", "foreign"):
        return
    table, rest = take_name(skip_words(words, "table", "foreign"))
    last = ""
    for action in split_at(rest, ","):
        # `ADD a INT, b INT` and `DROP COLUMN a, b` name what they do once.
        verb = action[0].key if action[0].key in _VERBS else last
        body = action[1:] if action[0].key in _VERBS else action
        last = verb
        yield from _read_action(table, verb, body)


def _read_alter_other(words: list[Word]) -> Iterator[MigrationOperation]:
    """`ALTER SCHEMA a RENAME TO b`, `ALTER TYPE a RENAME VALUE 'b' TO 'c'`."""
    name, rest = take_name(words[1:])
    keys = [word.key for word in rest]
    if keys[:1] == ["rename"] or keys[:2] == ["set", "schema"]:
        yield MigrationOperation(
            "renamed", name, rest[2].text if keys[1:2] in (["value"], ["attribute"]) and len(rest) > 2 else ""
        )


_VERBS = frozenset(
    ("add", "drop", "rename", "alter", "modify", "change", "convert", "set", "validate", "enable", "disable", "owner", "default")
)


def _read_action(table: str, verb: str, body: list[Word]) -> Iterator[MigrationOperation]:
    keys = [word.key for word in body]
    if not keys:
        return
    match verb:
        case "add":
            yield from _read_add(table, body, keys)
        case "drop" if keys[0] in ("constraint", "index", "key", "primary", "foreign", "check"):
            yield MigrationOperation(
                "constraint-dropped",
                table,
                take_name(skip_words(body, "constraint", "index", "key", "primary", "foreign", "check"))[0],
            )
        case "drop" if keys[0] not in ("default", "not", "identity", "expression"):
            yield MigrationOperation("dropped", table, take_name(skip_words(body, "column"))[0])
        case "rename" if keys[0] in ("to", "as"):
            yield MigrationOperation("renamed", table)
        case "rename" if keys[0] not in ("constraint", "index", "key"):
            yield MigrationOperation("renamed", table, take_name(skip_words(body, "column"))[0])
        case "alter":
            yield from _read_alter_column(table, skip_words(body, "column"))
        case "modify" | "change":
            yield from _read_modify(table, verb, skip_words(body, "column"))
        case "set" if keys[0] == "schema":
            yield MigrationOperation("renamed", table)
        case "convert":
            yield MigrationOperation("column-changed", table)
        case "default" if "set" in keys or "collate" in keys:
            yield MigrationOperation("charset", table)
        case _:
            pass


def _read_add(table: str, body: list[Word], keys: list[str]) -> Iterator[MigrationOperation]:
    if keys[0] == "constraint":
        body = body[2:]
        keys = keys[2:]
    if not keys:
        return
    if keys[0] in ("unique", "primary"):
        if "using" not in keys:
            yield MigrationOperation("unique", table, _columns_in(body))
    elif keys[0] in ("foreign", "check"):
        if "valid" not in keys[-2:]:
            yield MigrationOperation("constraint-added", table, _columns_in(body) if keys[0] == "foreign" else "")
    elif keys[0] in ("index", "key", "fulltext"):
        yield MigrationOperation("index", table, _columns_in(body))
    else:
        column, rest = take_name(skip_words(body, "column"))
        own = [word.key for word in rest]
        yield MigrationOperation(ADDED, table, column)
        filled = {"default", "generated", "identity", "serial", "bigserial", "auto_increment", "as"} & set(own)
        if _forbids_null(own) and not filled:
            yield MigrationOperation("column-added-required", table, column)
        if _REWRITES & set(own):
            yield MigrationOperation("column-filled", table, column)
        if "unique" in own and "null" in own and _forbids_null(own):
            yield MigrationOperation("unique", table, column)


_REWRITES = frozenset(
    "serial bigserial smallserial stored gen_random_uuid uuid_generate_v4 uuid_generate_v1 random nextval clock_timestamp".split()
)
"""Words of a new column for which PostgreSQL writes the whole table anew, under a lock: each row gets a value of its own."""


def _forbids_null(keys: list[str]) -> bool:
    return any(pair == ("not", "null") for pair in pairwise(keys))


def _read_alter_column(table: str, body: list[Word]) -> Iterator[MigrationOperation]:
    column, rest = take_name(body)
    keys = [word.key for word in rest]
    if keys[:3] == ["set", "not", "null"] or (keys and keys[0] not in ("set", "drop", "type") and _forbids_null(keys)):
        yield MigrationOperation("not-null", table, column)
    if keys[:2] == ["drop", "default"]:
        yield MigrationOperation("default-dropped", table, column)
    if keys and (
        keys[0] == "type" or keys[:3] == ["set", "data", "type"] or keys[0] not in ("set", "drop", "add", "reset", "restart")
    ):
        yield MigrationOperation("column-changed", table, column)


def _read_modify(table: str, verb: str, body: list[Word]) -> Iterator[MigrationOperation]:
    column, rest = take_name(body)
    if verb == "change":
        other, rest = take_name(rest)
        if other != column:
            yield MigrationOperation("renamed", table, column)
    yield MigrationOperation("column-changed", table, column)
    if _forbids_null([word.key for word in rest]):
        yield MigrationOperation("not-null", table, column)
