"""Columns that a call adds or changes, and whether rows that exist can have them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.expressions import CALLS
from relbot.detect.engine.syntax import text_of
from relbot.detect.migrations.forms import first_name, names_in
from relbot.detect.migrations.steps import ADDED, MigrationOperation
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from relbot.detect.engine.expressions import Arguments

ADDING_CALLS = frozenset(("add_column", "addColumn", "AddColumn", "AddField", "add", "add_reference", "add_belongs_to"))
COLUMN_TYPES = frozenset(
    "string text integer bigInteger boolean decimal float double date dateTime timestamp json jsonb uuid foreignId"
    " unsignedInteger unsignedBigInteger binary enum char longText mediumText smallInteger tinyInteger bigint datetime references"
    " belongs_to".split()
)


def read_added(given: Arguments, table: str) -> Iterator[MigrationOperation]:
    """A column that is added: `added`, and a fact of its own where rows that exist would have no value."""
    positional = list(given.positional)
    holder = next(
        (names_in(given.named[key])[0] for key in ("table", "model_name") if key in given.named and names_in(given.named[key])),
        "",
    )
    if holder:
        table = holder
    elif positional and (not table or len(positional) > 2):
        table = (names_in(positional.pop(0)) or [table])[0]
    name = given.named.get("name")
    column = (names_in(name) if name is not None else [n for node in positional[:1] for n in names_in(node)] or [""])[0]
    if not table and not column:
        return
    yield MigrationOperation(ADDED, table, column)
    if _leaves_rows_empty(given, positional):
        yield MigrationOperation("column-added-required", table, column)


def _leaves_rows_empty(given: Arguments, positional: list[Node]) -> bool:
    """Whether a new column forbids NULL and has no default."""
    options = [f"{key}={text_of(node)}" for key, node in given.named.items()] + [text_of(node) for node in positional]
    said = " ".join(options)
    if re.search(r"default\w{0,40}\s{0,9}[:=]|defaultValue|server_default", said, re.I):
        return False
    third = given.positional[2] if len(given.positional) > 2 and given.positional[2].type in CALLS else None
    field = text_of(given.named.get("field") or third)
    if re.match(r"[\w.]+Field\(|[\w.]*ForeignKey\(", field):
        return re.search(r"\b(null|primary_key)=True|ManyToMany|AutoField", field) is None
    return re.search(r"\b(null|nullable|allowNull)\s*[:=]\s*+(?:=>\s*+)?[fF]alse", said) is not None


def read_typed(node: Node, given: Arguments, table: str) -> Iterator[MigrationOperation]:
    """A column in a builder of Knex, Laravel or Rails, with what the chain of calls after it says."""
    column = first_name(given)
    chain = node
    while chain.parent is not None and (chain.parent.type in CALLS or chain.parent.type == "member_expression"):
        chain = chain.parent
    said = text_of(chain)
    if re.search(r"\.alter\(|->change\(", said):
        yield MigrationOperation("column-changed", table, column)
        return
    yield MigrationOperation(ADDED, table, column)
    is_laravel = "->" in said
    forbids = (
        not re.search(r"nullable\(", said)
        if is_laravel
        else re.search(r"\.notNullable\(|\.notNull\(|null: false", said) is not None
    )
    if forbids and not re.search(r"default\w{0,40}[(:]|defaultTo|useCurrent|storedAs|virtualAs", said):
        yield MigrationOperation("column-added-required", table, column)


def read_alembic_alter(given: Arguments, table: str) -> Iterator[MigrationOperation]:
    """What `alter_column` of Alembic does: another name, no NULL, another type."""
    names = [name for node in given.positional[:2] for name in names_in(node)]
    holder, column = (names[0], names[1]) if len(names) > 1 else (table, names[0] if names else "")
    if "new_column_name" in given.named:
        yield MigrationOperation("renamed", holder, column)
    if text_of(given.named.get("nullable")) == "False":
        yield MigrationOperation("not-null", holder, column)
    if "type_" in given.named:
        yield MigrationOperation("column-changed", holder, column)
    if text_of(given.named.get("server_default")) == "None":
        yield MigrationOperation("default-dropped", holder, column)
