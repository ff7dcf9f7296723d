"""What a change log of Liquibase does, in XML, YAML or JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.config_structure.entry import Unreadable
from relbot.detect.config_structure.other_files import read_xml
from relbot.detect.config_structure.yaml_file import read_json, read_yaml
from relbot.detect.migrations.sql import read_sql
from relbot.detect.migrations.steps import ADDED, MigrationOperation, UnreadableMigration

if TYPE_CHECKING:
    from collections.abc import Iterator

_FACTS = {
    "dropTable": "dropped",
    "dropColumn": "dropped",
    "renameTable": "renamed",
    "renameColumn": "renamed",
    "modifyDataType": "column-changed",
    "addNotNullConstraint": "not-null",
    "addUniqueConstraint": "unique",
    "addPrimaryKey": "unique",
    "addForeignKeyConstraint": "constraint-added",
    "createIndex": "index",
    "dropDefaultValue": "default-dropped",
    "dropIndex": "constraint-dropped",
    "dropUniqueConstraint": "constraint-dropped",
    "dropForeignKeyConstraint": "constraint-dropped",
    "delete": "rows-deleted",
    "update": "data",
    "insert": "rows-added",
    "loadData": "rows-added",
    "createTable": ADDED,
    "addColumn": ADDED,
    "sql": "",
}
_TABLE = ("tableName", "oldTableName", "baseTableName")
_COLUMN = ("columnName", "oldColumnName", "columnNames", "baseColumnNames")


def read_liquibase(text: str, path: str) -> list[MigrationOperation]:
    """The steps of a change log. UnreadableMigration where it is no XML, YAML or JSON."""
    read = read_xml if path.endswith(".xml") else read_json if path.endswith(".json") else read_yaml
    try:
        entries = read(text)
    except Unreadable as error:
        raise UnreadableMigration from error
    changes: dict[tuple[str, ...], dict[str, str]] = {}
    lines: dict[tuple[str, ...], int] = {}
    for entry in entries:
        at = next((at for at, part in enumerate(entry.path) if part.partition("[")[0] in _FACTS), None)
        if at is None or "rollback" in entry.path[:at]:
            continue
        own = entry.path[: at + 1]
        lines.setdefault(own, entry.line)
        said = changes.setdefault(own, {})
        said[entry.path[-1].lstrip("@").partition("[")[0]] = entry.value
        for part in entry.path[at + 1 :]:
            if part.startswith("column["):
                said.setdefault("columnName", part[len("column[") : -1])
    return [step for own, said in changes.items() for step in _read_change(own[-1].partition("[")[0], said, lines[own])]


def _read_change(kind: str, said: dict[str, str], line: int) -> Iterator[MigrationOperation]:
    table = next((said[key] for key in _TABLE if key in said), "")
    column = next((said[key] for key in _COLUMN if key in said), "")
    if kind == "sql":
        yield from read_sql(said.get("sql", ""), line)
        return
    fact = "unique" if kind == "createIndex" and said.get("unique") == "true" else _FACTS[kind]
    yield MigrationOperation(fact, table, "" if kind == "createTable" else column, f"{kind} {table} {column}".strip(), line)
    if kind == "addColumn" and said.get("nullable") == "false" and not any(key.startswith("default") for key in said):
        yield MigrationOperation("column-added-required", table, column, f"{kind} {table} {column}", line)
