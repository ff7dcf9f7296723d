"""Steps that a chain of calls describes: FluentMigrator, SeaORM, and documents of MongoDB."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.syntax import text_of
from relbot.detect.migrations.steps import ADDED, MigrationOperation
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

_FLUENT = re.compile(r"^(Delete|Rename|Create|Alter|Insert|Update)\.")
_COLUMN = re.compile(r"\b(?:Column|AddColumn|AlterColumn|WithColumn)\(\"(\w+)\"\)")
_TABLE = re.compile(r"\b(?:FromTable|OnTable|Table|ToTable|AlterTable)\(\"(\w+)\"\)")
_SEA_TABLE = re.compile(r"\.(?:table|from)\(\s*(\w+)::Table")
_SEA_STEPS = (
    ("dropped", re.compile(r"\.drop_column\(\s*\w+::(\w+)")),
    ("renamed", re.compile(r"\.rename_column\(\s*\w+::(\w+)")),
    ("column-changed", re.compile(r"\.modify_column\(\s*ColumnDef::new\(\w+::(\w+)")),
)
_DOCUMENTS = re.compile(r"\b(?:collection|getCollection)\(\s*['\"`](\w+)['\"`]\s*\)")
_UNSET = re.compile(r"['\"]?\$(unset|rename)['\"]?\s*:\s*\{\s*['\"]?([\w.]+)")


def read_chain(node: Node, method: str, callee: str) -> Iterator[MigrationOperation] | None:
    """The steps of a chain of calls, by its outermost call; None for any other call."""
    if _FLUENT.match(callee):
        return _read_fluent(text_of(node)) if _is_whole(node) else iter(())
    if method in ("drop_table", "alter_table", "rename_table") and _SEA_TABLE.search(text_of(node)):
        return _read_sea_orm(method, text_of(node))
    if _DOCUMENTS.search(callee):
        return _read_documents(method, callee, text_of(node))
    return None


def _is_whole(node: Node) -> bool:
    return node.parent is None or node.parent.type not in ("member_access_expression", "member_expression")


def _read_fluent(text: str) -> Iterator[MigrationOperation]:
    text = "".join(text.split())
    column, table = _COLUMN.search(text), _TABLE.search(text)
    where, what = table[1] if table else "", column[1] if column else ""
    verb = text.partition(".")[0]
    if text.startswith("Delete.FromTable"):
        yield MigrationOperation("rows-deleted", where)
    elif re.match(r"Delete\.(Column|Table)\(", text):
        yield MigrationOperation("dropped", where, what)
    elif verb == "Delete":
        yield MigrationOperation("constraint-dropped", where, what)
    elif verb == "Rename":
        yield MigrationOperation("renamed", where, what)
    elif text.startswith("Create.Table("):
        yield MigrationOperation(ADDED, where)
    elif re.match(r"Create\.(Index|UniqueConstraint)", text):
        yield MigrationOperation("unique" if "Unique" in text else "index", where, what)
    elif ".AddColumn(" in text or text.startswith("Create.Column("):
        yield MigrationOperation(ADDED, where, what)
        if ".NotNullable()" in text and "Default" not in text:
            yield MigrationOperation("column-added-required", where, what)
    elif verb == "Alter" and what:
        yield MigrationOperation("not-null" if ".NotNullable()" in text else "column-changed", where, what)
    elif verb == "Update":
        yield MigrationOperation("data", where)


def _read_sea_orm(method: str, text: str) -> Iterator[MigrationOperation]:
    found = _SEA_TABLE.search(text)
    table = found[1] if found else ""
    if method != "alter_table":
        yield MigrationOperation("dropped" if method == "drop_table" else "renamed", table)
        return
    for fact, pattern in _SEA_STEPS:
        for match in pattern.finditer(text):
            yield MigrationOperation(fact, table, match[1])


def _read_documents(method: str, callee: str, text: str) -> Iterator[MigrationOperation]:
    found = _DOCUMENTS.search(callee)
    collection = found[1] if found else ""
    if method in ("drop", "dropCollection"):
        yield MigrationOperation("dropped", collection)
    elif method in ("deleteMany", "deleteOne", "remove"):
        yield MigrationOperation("rows-deleted", collection)
    elif method in ("rename", "renameCollection"):
        yield MigrationOperation("renamed", collection)
    elif method in ("updateMany", "update", "bulkWrite", "updateOne"):
        fields = list(_UNSET.finditer(text))
        for match in fields:
            yield MigrationOperation("dropped" if match[1] == "unset" else "renamed", collection, match[2])
        if not fields:
            yield MigrationOperation("data", collection)
    elif method == "createIndex" and re.search(r"\bunique['\"]?\s*:\s*true", text):
        yield MigrationOperation("unique", collection)
