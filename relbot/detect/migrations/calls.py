"""What calls of migration frameworks do: Rails, Django, Alembic, Knex, Sequelize, TypeORM, Laravel, Doctrine, Ecto, EF Core.

Their words differ so much that none is taken for another's, and their arguments have the same order: table, column. So one
table of words does for all of them, on syntax trees of any language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.expressions import CALLS, arguments_of, callee_of, literal_value, walk_tree
from relbot.detect.engine.syntax import line_of, text_of
from relbot.detect.migrations.chains import read_chain
from relbot.detect.migrations.columns import ADDING_CALLS, COLUMN_TYPES, read_added, read_alembic_alter, read_typed
from relbot.detect.migrations.forms import (
    BUILDER,
    FORMS,
    MANY_COLUMNS,
    NEW_TABLE,
    ONE_COLUMN,
    TABLE_WORDS,
    Form,
    first_name,
    leads_back,
    names_in,
)
from relbot.detect.migrations.rows import RUNS_SQL, read_data, read_embedded, read_heredoc
from relbot.detect.migrations.steps import ADDED, MigrationOperation
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from relbot.detect.engine.expressions import Arguments


def read_calls(root: Node) -> Iterator[MigrationOperation]:
    """The steps that a parsed migration takes forward, in the order of its source."""
    stack: list[tuple[Node, str, bool]] = [(root, "", False)]
    while stack:
        node, table, is_new = stack.pop()
        if leads_back(node):
            continue
        if node.type == "heredoc_body":
            yield from read_heredoc(node)
        if node.type == "with_statement":
            table, is_new = _table_of_batch(node) or table, False
        if node.type in CALLS and node.type != "attribute":
            method = callee_of(node).rpartition(".")[2].rpartition("::")[2].rpartition("->")[2]
            given = arguments_of(node)
            if method in TABLE_WORDS and (name := first_name(given)):
                if method in NEW_TABLE and _is_creation(node, method):
                    yield MigrationOperation(ADDED, name, line=line_of(node))
                    table, is_new = name, True
                else:
                    table, is_new = name, False
            if not is_new or method in NEW_TABLE:
                for step in _read_call(node, method, given, table):
                    yield step._replace(
                        words=step.words or " ".join(text_of(node).split())[:120], line=step.line or line_of(node)
                    )
        stack += [(child, table, is_new) for child in reversed(node.named_children)]


def _table_of_batch(node: Node) -> str:
    """The table of Alembic's `with op.batch_alter_table("cars") as batch_op:`."""
    calls = [each for each in walk_tree(node.named_children[0]) if each.type == "call"] if node.named_children else []
    return next((first_name(arguments_of(call)) for call in calls if callee_of(call).endswith("batch_alter_table")), "")


def _is_creation(node: Node, method: str) -> bool:
    if method != "create":
        return True
    first = next(iter(arguments_of(node).positional), None)
    if first is not None and first.type in CALLS:  # Ecto: `create table(:cars)`, but also `create index(:cars, [:a])`
        return callee_of(first).startswith("table")
    return re.search(r"Schema::create$|Schema\.create$", callee_of(node)) is not None


def _read_call(node: Node, method: str, given: Arguments, table: str) -> Iterator[MigrationOperation]:
    if method in RUNS_SQL:
        yield from read_embedded(node, given)
        return
    callee = callee_of(node)
    receiver = callee[: -len(method)].rstrip(".:->")
    chain = read_chain(node, method, callee)
    if chain is not None:
        yield from chain
        return
    if method == "unique" and given.positional == () and not given.named:
        return
    if method in ADDING_CALLS:
        yield from read_added(given, table)
    elif method in COLUMN_TYPES and table and BUILDER.search(receiver):
        yield from read_typed(node, given, table)
    elif method == "rename" and (table or given.positional):
        yield from _read_rename(given, table, receiver)
    elif method in ("drop", "drop_if_exists") and (given.positional or receiver):
        yield from _read_drop(given, receiver)
    elif method in ("add_timestamps", "remove_timestamps"):
        yield from _read_timestamps(method, given, table)
    elif method == "addConstraint":
        yield from _read_options(given)
    else:
        yield from _read_by_name(method, callee, given, table)


def _read_by_name(method: str, callee: str, given: Arguments, table: str) -> Iterator[MigrationOperation]:
    """What a call does whose name alone tells it."""
    receiver = callee[: -len(method)].rstrip(".:->")
    if method == "alter_column":
        yield from read_alembic_alter(given, table)
    elif method == "AddConstraint" or (method in ("create_index", "CreateIndex", "add_index", "addIndex") and _is_unique(given)):
        yield from _read_constraint(given, table)
    elif method in _NAME_FIRST:
        yield from _read_constraint(given, table, _NAME_FIRST[method])
    elif method in ("create_index", "CreateIndex"):
        yield from _read_index(given, table)
    elif method in FORMS and _counts(method, receiver, table):
        yield from _read_form(FORMS[method], method, given, table)
    else:
        yield from read_data(callee, given)


def _counts(method: str, receiver: str, table: str) -> bool:
    """Words of daily use are read where a table's builder, or Ecto, says them."""
    if method in ("remove", "modify", "index", "unique", "unique_index"):
        return (bool(table) and (not receiver or BUILDER.search(receiver) is not None)) or (
            method in ("index", "unique_index") and not receiver
        )
    return True


def _read_form(form: Form, method: str, given: Arguments, table: str) -> Iterator[MigrationOperation]:
    positional = list(given.positional)
    named = _first_named(given, form.table)
    if named:
        table = named[0]
    elif positional and (not form.columns or not table or len(positional) > 1) and not (table and method in ONE_COLUMN):
        found = names_in(positional.pop(0))
        table = found[0] if found else table
    if not _is_harmless(form, method, given, positional):
        columns = _columns_of_form(form, method, given, positional) if form.columns else []
        for column in columns or [""] * bool(table):
            yield MigrationOperation(form.fact, table, column)


def _is_harmless(form: Form, method: str, given: Arguments, positional: list[Node]) -> bool:
    """Whether the call says itself that rows and writers notice nothing: NULL allowed, built concurrently, validated later."""
    if form.fact == "not-null":
        return len(positional) < 2 or literal_value(positional[1]) != "false"
    if method in ("add_index", "index", "unique_index"):
        return _is_safe_index(given)
    if form.fact == "default-changed":
        return text_of(given.named.get("from")) in ("", "nil")  # where there was none, nothing changes for rows with a value
    return method in ("add_foreign_key", "add_check_constraint") and text_of(given.named.get("validate")) == "false"


def _columns_of_form(form: Form, method: str, given: Arguments, positional: list[Node]) -> list[str]:
    """The columns that a call names; those of one index or constraint are joined."""
    found = _first_named(given, form.column)
    wanted = positional if method in MANY_COLUMNS else positional[:1]
    columns = found or [name for node in wanted for name in names_in(node)]
    if method in ("remove_reference", "remove_belongs_to"):
        return [f"{name}_id" for name in columns]
    return [",".join(columns)] if columns and form.fact in ("index", "unique") else columns


def _first_named(given: Arguments, keys: tuple[str, ...]) -> list[str]:
    """The names in the first of these arguments that has any."""
    return next((names for key in keys if key in given.named and (names := names_in(given.named[key]))), [])


_NAME_FIRST = {
    "create_unique_constraint": "unique",
    "create_foreign_key": "constraint-added",
    "create_check_constraint": "constraint-added",
    "drop_constraint": "constraint-dropped",
    "drop_index": "constraint-dropped",
}
"""Alembic's words whose first argument is the constraint's name, and the second the table."""


def _is_unique(given: Arguments) -> bool:
    return text_of(given.named.get("unique")).lower() == "true" or any(
        re.search(r"\bunique:\s*true|isUnique:\s*true", text_of(node)) for node in given.positional if node.type == "object"
    )


def _is_safe_index(given: Arguments) -> bool:
    words = " ".join(text_of(node) for key, node in given.named.items() if "concurrently" in key or key == "algorithm")
    return "concurrently" in words or "true" in words.lower()


def _read_index(given: Arguments, table: str) -> Iterator[MigrationOperation]:
    """Alembic's `create_index(name, table, columns)` and EF Core's, whose arguments have names."""
    if _is_safe_index(given):
        return
    yield from _read_constraint(given, table, "index")


def _read_constraint(given: Arguments, table: str, fact: str = "unique") -> Iterator[MigrationOperation]:
    constraint = given.named.get("constraint") or (given.positional[1] if len(given.positional) > 1 else None)
    holder = next((given.named[key] for key in ("table", "model_name", "table_name") if key in given.named), None)
    if constraint is not None and constraint.type in CALLS:
        if not callee_of(constraint).endswith("UniqueConstraint"):
            fact = "constraint-added"
        inner = arguments_of(constraint).named
        columns = names_in(inner["fields"]) if "fields" in inner else []
        first = holder if holder is not None else given.positional[0] if given.positional else None
        names = names_in(first) if first is not None else []
        table = names[0] if names else table
        yield MigrationOperation(fact, table, ",".join(columns))
        return
    yield _constraint_on(given, table, fact)


def _constraint_on(given: Arguments, table: str, fact: str) -> MigrationOperation:
    """The table and the columns of a constraint or an index, by the order in which its framework names them."""
    holder = next((given.named[key] for key in ("table", "model_name", "table_name") if key in given.named), None)
    positional = [node for node in given.positional if node.type != "object"]
    columns = _first_named(given, ("column", "columns"))
    if holder is not None:
        table = (names_in(holder) or [table])[0]
    elif len(positional) == 2 and fact == "constraint-dropped":
        table, columns = (names_in(positional[1]) or [table])[0], names_in(positional[0])
    elif len(positional) >= 3 and None not in (literal_value(positional[0]), literal_value(positional[1])):
        table, columns = literal_value(positional[1]) or table, names_in(positional[2])  # Alembic: name, table, columns
    elif positional:
        table, columns = (names_in(positional[0]) or [table])[0], [name for node in positional[1:2] for name in names_in(node)]
    return MigrationOperation(fact, table, ",".join(columns))


def _read_timestamps(method: str, given: Arguments, table: str) -> Iterator[MigrationOperation]:
    """Rails' two columns at once, which must have a value where nothing else is said."""
    table = first_name(given) or table
    if method == "remove_timestamps":
        yield from (MigrationOperation("dropped", table, name) for name in ("created_at", "updated_at"))
    elif text_of(given.named.get("null")) != "true" and "default" not in given.named:
        yield MigrationOperation("column-added-required", table, "created_at")


def _read_options(given: Arguments) -> Iterator[MigrationOperation]:
    """Sequelize's `addConstraint("cars", { type: "unique", fields: ["plate"] })`."""
    said = " ".join(text_of(node) for node in given.positional if node.type == "object")
    fields = re.search(r"\bfields:\s*\[([^\]]{0,2000})\]", said)
    fact = "unique" if re.search(r"\btype:\s*['\"](unique|primary key)", said) else "constraint-added"
    yield MigrationOperation(fact, first_name(given), ",".join(re.findall(r"\w+", fields[1])) if fields else "")


def _read_rename(given: Arguments, table: str, receiver: str) -> Iterator[MigrationOperation]:
    names = [name for node in given.positional for name in names_in(node)]
    if table and BUILDER.search(receiver):
        yield MigrationOperation("renamed", table, names[0] if names else "")
    elif names and (receiver in ("", "Schema") or "chema" in receiver):
        yield MigrationOperation("renamed", names[0], names[1] if len(names) > 1 and receiver == "" else "")


def _read_drop(given: Arguments, receiver: str) -> Iterator[MigrationOperation]:
    """Ecto's `drop table(:cars)`, Laravel's `Schema::drop`, sqlalchemy-migrate's `table.c.colour.drop()`."""
    if given.positional and given.positional[0].type in CALLS:
        what = callee_of(given.positional[0])
        fact = "dropped" if what in ("table", "table_if_exists") else "constraint-dropped"
        yield MigrationOperation(fact, first_name(given))
    elif given.positional and receiver.endswith("Schema"):
        yield MigrationOperation("dropped", first_name(given))
    elif match := re.search(r"\b(\w+)\.c\.(\w+)$", receiver):
        yield MigrationOperation("dropped", match[1], match[2])
    elif re.search(r"table\w{0,80}$|[tT]able$", receiver):
        yield MigrationOperation("dropped", receiver)
