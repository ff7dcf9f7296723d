"""Prisma's schema, whose changes `prisma migrate` or `prisma db push` carry out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.migrations.steps import ADDED, MigrationOperation
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.detect.engine.model import ChangeSet

_MODEL = re.compile(r"^model\s+(\w+)\s*\{")
_FIELD = re.compile(r"^\s+(\w+)\s+([A-Z]\w*)(\[\])?(\?)?\s*(.*)$")
_MAPPED = re.compile(r"@?@map\(\s*(?:name:\s*)?\"([^\"]+)\"")
_SCALARS = frozenset("String Boolean Int BigInt Float Decimal DateTime Json Bytes Unsupported".split())

Models = dict[str, dict[str, tuple[str, bool, bool]]]
"""Columns by tables: their type, whether they may be empty, and whether rows that exist get a value."""


def compare_prisma(old: str, new: str) -> Iterator[MigrationOperation]:
    """What the database has to follow."""
    before, after = _read_models(old), _read_models(new)
    for table, columns in before.items():
        if table not in after:
            yield MigrationOperation("dropped", table, words=f"model {table}")
            continue
        for name, (kind, empty, _) in columns.items():
            words = f"{table}.{name} {kind}"
            if name not in after[table]:
                yield MigrationOperation("dropped", table, name, words)
                continue
            now, may_be_empty, _ = after[table][name]
            if kind != now:
                yield MigrationOperation("column-changed", table, name, words)
            if empty and not may_be_empty:
                yield MigrationOperation("not-null", table, name, words)
    for table, columns in after.items():
        if table not in before:
            yield MigrationOperation(ADDED, table, words=f"model {table}")
            continue
        for name, (kind, empty, filled) in columns.items():
            if name not in before[table]:
                yield MigrationOperation(ADDED, table, name, f"{table}.{name}")
                if not empty and not filled:
                    yield MigrationOperation("column-added-required", table, name, f"{table}.{name} {kind}")


def _read_models(text: str) -> Models:
    """The tables by the names that the database knows: a model or a field that is only mapped to its old name stays."""
    found: Models = {}
    name = ""
    columns: dict[str, tuple[str, bool, bool]] = {}
    for whole in text.split("\n"):
        line = whole[:500].partition("//")[0]
        if match := _MODEL.match(line):
            name, columns = match[1], {}
        elif name and line.startswith("}"):
            found[name] = columns
            name = ""
        elif name and "@@map" in line and (mapped := _MAPPED.search(line)):
            name = mapped[1]
        elif name and (field := _FIELD.match(line)) and (field[2] in _SCALARS or "@map" in field[5]) and not field[3]:
            mapped = _MAPPED.search(field[5])
            columns[mapped[1] if mapped else field[1]] = (
                field[2],
                field[4] is not None,
                "@default" in field[5] or "@updatedAt" in field[5],
            )
    return found


def has_prisma_migration(changes: ChangeSet) -> bool:
    """Whether the change set says in SQL what the database shall do, which is more exact than the schema."""
    return any(change.path.endswith("/migration.sql") for change in changes.files)
