"""What calls do to rows: SQL that they run, and the methods of models and query builders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.expressions import string_value
from relbot.detect.engine.syntax import line_of, text_of
from relbot.detect.migrations.forms import first_name
from relbot.detect.migrations.sql import is_sql, read_sql
from relbot.detect.migrations.steps import MigrationOperation, UnreadableMigration
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from relbot.detect.engine.expressions import Arguments

RUNS_SQL = frozenset(
    "execute executeSql raw query addSql statement unprepared Sql RunSQL Exec ExecContext exec select_all exec_query executemany"
    " exec_update text exec_sql executeUpdate step".split()
)
_DATA = re.compile(
    r"(^|\.)(RunPython|bulk_update|bulk_create|find_each|find_in_batches|in_batches|each_batch|update_all|update_columns?|upsert_all"
    r"|update_attributes?|bulkUpdate|backfill\w*|UpdateData|update_batches_of|save!|update!|save|update|create!|destroy!|destroy)$"
)
_DELETES = re.compile(r"(^|\.)(delete_all|destroy_all|bulkDelete|truncate|DeleteData|del)$")
_GO_ORM = re.compile(r"^(?:sess|session|engine|db|tx|x)\.(Iterate|Update|Insert|Delete)$")
_INSERTS = re.compile(r"(^|\.)(bulk_insert|insert_all|bulkInsert|InsertData|insert)$")


def read_embedded(node: Node, given: Arguments) -> Iterator[MigrationOperation]:
    """What the SQL in the arguments of a call does."""
    for argument in (*given.positional, *(node for key, node in given.named.items() if not key.startswith("reverse"))):
        texts = [text for text in _strings_in(argument) if is_sql(text)]
        for text in texts:
            try:
                yield from read_sql(text, line_of(node))
            except UnreadableMigration:
                yield MigrationOperation("unreadable", "", words=" ".join(text.split())[:120])
        if texts:
            return  # what comes after it is the way back: `RunSQL(forward, backward)`, Ecto's `execute(up, down)`


def read_heredoc(node: Node) -> Iterator[MigrationOperation]:
    """What the SQL of a text in lines does, which stands after the call that runs it."""
    text = "\n".join(text_of(child) for child in node.named_children if child.type == "heredoc_content") or text_of(node)
    if is_sql(text.strip()):
        try:
            yield from read_sql(text, line_of(node))
        except UnreadableMigration:
            return


def _strings_in(node: Node) -> Iterator[str]:
    text = string_value(node)
    if text is not None:
        yield text
        return
    for child in node.named_children:
        yield from _strings_in(child)


def read_data(callee: str, given: Arguments) -> Iterator[MigrationOperation]:
    """What a method of a model or a query builder does to rows."""
    if callee.endswith("RunPython") and given.positional and text_of(given.positional[0]).endswith("noop"):
        return
    who = re.split(r"[.(\[]|->|::", callee)[0]
    if found := _GO_ORM.search(callee):
        yield MigrationOperation("rows-deleted" if found[1] == "Delete" else "rows-added" if found[1] == "Insert" else "data", "")
        return
    if _DELETES.search(callee.replace("->", ".").replace("::", ".")):
        yield MigrationOperation(
            "rows-deleted", first_name(given) if "bulkDelete" in callee or "DeleteData" in callee else _model_name(callee, who)
        )
    elif re.search(r"\bdelete$", callee.replace("->", ".")) and re.search(r"where|filter|objects|knex|DB::table|query", callee):
        yield MigrationOperation("rows-deleted", _model_name(callee, who))
    elif _DATA.search(callee.replace("->", ".").replace("::", ".")):
        yield MigrationOperation("data", _model_name(callee, who))
    elif _INSERTS.search(callee.replace("->", ".").replace("::", ".")):
        yield MigrationOperation("rows-added", first_name(given) or who)


def _model_name(callee: str, who: str) -> str:
    """The model or the table that rows belong to: `Order` of `Order.where(...)`, `users` of `knex('users').where(...)`."""
    found = re.search(r"(?:knex|table|get_model|from)\(\s*(?:['\"]\w+['\"],\s*)?['\"](\w+)['\"]", callee)
    return found[1] if found else who if re.fullmatch(r"[A-Z]\w+", who) else ""
