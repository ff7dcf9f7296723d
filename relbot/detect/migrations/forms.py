"""The words of migration frameworks, with the places of their arguments, and what leads back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.expressions import CALLS, arguments_of, callee_of, literal_value
from relbot.detect.engine.syntax import text_of
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from tree_sitter import Node

    from relbot.detect.engine.expressions import Arguments

_DOWN = re.compile(
    r"^(self\.)?(down|Down|downgrade|run_downgrade|backwards?|reverse\w*|unmigrate\w*|rollback\w*|exports\.down|module\.exports\.down)$"
    r"|[a-z]Down\w{0,80}$|^(down|Rollback|Down)_?\w*$"
)
_FUNCTIONS = frozenset(
    "function_definition method singleton_method function_declaration method_declaration method_definition function_item".split()
)
TABLE_WORDS = frozenset(
    "create_table createTable createTableIfNotExists CreateTable CreateModel create table create_join_table change_table"
    " alterTable alter batch_alter_table".split()
)
NEW_TABLE = frozenset("create_table createTable createTableIfNotExists CreateTable CreateModel create create_join_table".split())


class Form(NamedTuple):
    """How a call is read: the fact, the names of its arguments for table and column, and whether it has a column at all."""

    fact: str
    table: tuple[str, ...] = ("table", "table_name", "tableName", "model_name", "source")
    column: tuple[str, ...] = ("column", "column_name", "columnName", "name", "columns")
    columns: bool = True


_WHOLE = Form("dropped", ("name", "table", "tableName"), columns=False)
_COLUMN = Form("dropped")
_RENAME = Form("renamed", ("name", "old_name", "table"), columns=False)
_RENAME_COLUMN = Form("renamed", column=("name", "old_name", "column_name"))
FORMS = {
    **dict.fromkeys(
        (
            "drop_table",
            "dropTable",
            "dropTableIfExists",
            "DropTable",
            "dropIfExists",
            "drop_join_table",
            "DeleteModel",
            "remove_model",
        ),
        _WHOLE,
    ),
    **dict.fromkeys(
        (
            "remove_column",
            "remove_columns",
            "remove_fields",
            "drop_columns",
            "drop_column",
            "removeColumn",
            "DropColumn",
            "dropColumn",
            "dropColumns",
            "RemoveField",
        ),
        _COLUMN,
    ),
    **dict.fromkeys(("remove_reference", "remove_belongs_to", "remove", "dropSoftDeletes"), _COLUMN),
    **dict.fromkeys(("rename_table", "renameTable", "RenameTable", "RenameModel", "AlterModelTable"), _RENAME),
    **dict.fromkeys(("rename_column", "renameColumn", "RenameColumn", "RenameField", "rename_field"), _RENAME_COLUMN),
    **dict.fromkeys(("change_column", "changeColumn", "AlterColumn", "modify"), Form("column-changed")),
    **dict.fromkeys(("change_column_null", "add_not_null"), Form("not-null")),
    "change_column_default": Form("default-changed"),
    **dict.fromkeys(
        ("add_index", "createIndex", "index", "addIndex", "AddIndex"), Form("index", column=("column", "fields", "columns"))
    ),
    **dict.fromkeys(
        (
            "unique",
            "unique_index",
            "create_unique_constraint",
            "addUniqueConstraint",
            "createUniqueConstraint",
            "AlterUniqueTogether",
        ),
        Form("unique", column=("columns", "unique_together", "fields")),
    ),
    **dict.fromkeys(
        ("add_foreign_key", "create_foreign_key", "addForeignKey", "create_check_constraint", "add_check_constraint"),
        Form("constraint-added"),
    ),
    **dict.fromkeys(
        (
            "remove_index",
            "remove_foreign_key",
            "drop_constraint",
            "drop_index",
            "removeIndex",
            "dropIndex",
            "dropForeign",
            "dropUnique",
        ),
        Form("constraint-dropped"),
    ),
    **dict.fromkeys(
        ("RemoveConstraint", "RemoveIndex", "DropIndex", "DropForeignKey", "removeConstraint"), Form("constraint-dropped")
    ),
}
ONE_COLUMN = frozenset(
    ("dropColumn", "dropColumns", "remove", "modify", "unique", "index", "dropForeign", "dropIndex", "dropUnique")
)
MANY_COLUMNS = frozenset(("remove_columns", "remove_fields", "drop_columns", "dropColumn", "dropColumns", "remove"))


BUILDER = re.compile(r"(table|t|b|blueprint|batch_op)$")


def leads_back(node: Node) -> bool:
    """Whether it is the way back: a function of that name, `dir.down`, the second part of what can be undone."""
    if node.type == "keyed_element":
        return bool(node.named_children) and _DOWN.search(text_of(node.named_children[0])) is not None
    if node.type in _FUNCTIONS or node.type in ("pair", "assignment_expression", "variable_declarator"):
        name = node.child_by_field_name("name") or node.child_by_field_name("key") or node.child_by_field_name("left")
        return name is not None and _DOWN.search(text_of(name)) is not None
    if node.type == "call" and (target := text_of(node.child_by_field_name("target"))) in ("def", "defp"):
        return bool(target) and any(_DOWN.search(text_of(given)) for given in arguments_of(node).positional[:1])
    if node.type == "call":
        return text_of(node.child_by_field_name("method")) in ("down", "revert")
    return node.type == "keyword_argument" and text_of(node.child_by_field_name("name")) in (
        "reverse_sql",
        "reverse_code",
        "state_operations",
    )


def first_name(given: Arguments) -> str:
    """The first name that the arguments give, or what is called `name`; "" if there is none."""
    for node in (*given.positional[:1], *(given.named[key] for key in ("name", "table_name") if key in given.named)):
        names = names_in(node)
        if names:
            return names[0]
    return ""


def names_in(node: Node) -> list[str]:
    """The names that an argument gives: one literal, several in a list, or the first one of a call such as `table(:cars)`."""
    text = literal_value(node)
    if text is not None:
        return [text.strip(":")]
    if node.type in CALLS and node.type != "attribute":
        given = arguments_of(node)
        if node.type == "call" and callee_of(node).endswith(("Index", "UniqueConstraint")) and "fields" in given.named:
            return names_in(given.named["fields"])
        return [name for each in given.positional[:1] for name in names_in(each)]
    if node.type in ("unary_expression", "composite_literal"):  # Go: `&User{}`
        return re.findall(r"^&?(?:\w+\.)?(\w+)\{", text_of(node))
    if re.search(r"array|list|tuple|set|argument", node.type):
        return [name for child in node.named_children for name in names_in(child)]
    return []
