"""The steps of a new migration, by the language it is written in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.syntax import language_of, note_unparsed, parse_sides
from relbot.detect.migrations.calls import read_calls
from relbot.detect.migrations.django import read_altered
from relbot.detect.migrations.formats import DJANGO, IN_CODE, LIQUIBASE, Format, forward_lines, is_sql_file
from relbot.detect.migrations.liquibase import read_liquibase
from relbot.detect.migrations.prisma import compare_prisma
from relbot.detect.migrations.sql import read_sql
from relbot.detect.migrations.steps import ADDED, MigrationOperation, UnreadableMigration
from relbot.detect.migrations.widening import with_widened
from relbot.detect.migrations.words import read_words
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from relbot.detect.engine.model import FileChange


def read_steps(change: FileChange, form: Format, files: Sequence[FileChange]) -> tuple[MigrationOperation, ...]:
    """What a new migration does. One that cannot be read is noted as such, and does nothing that is known."""
    return tuple(with_widened(_read_steps(change, form, files), change, files))


def _read_steps(change: FileChange, form: Format, files: Sequence[FileChange]) -> tuple[MigrationOperation, ...]:
    try:
        if change.path.endswith(".prisma"):
            return tuple(compare_prisma(change.old, change.new))
        if form == LIQUIBASE:
            return tuple(read_liquibase(change.new, change.path))
        if is_sql_file(change.path):
            return tuple(read_sql("\n".join(forward_lines(change.path, change.new))))
    except UnreadableMigration:
        note_unparsed(change)
        return ()
    if language_of(change.path) is None:
        return ()
    if form == IN_CODE:
        return _read_added(change)
    tree = parse_sides(change).new
    if tree is None or (form == DJANGO and "replaces = [" in change.new):  # a squashed migration counts as applied
        return ()
    if form == DJANGO and "db_column" in change.new:
        columns = set(_DB_COLUMN.findall(change.new))
        kept = (_without_rename(step, columns) for step in read_calls(tree.root))
        return (*kept, *read_altered(tree.root, change.path, files), *read_words(tree.root))
    altered = read_altered(tree.root, change.path, files) if form == DJANGO else ()
    return (*read_calls(tree.root), *altered, *read_words(tree.root))


def _without_rename(step: MigrationOperation, columns: set[str]) -> MigrationOperation:
    """The step; one that renames a field which keeps its column changes nothing in the database."""
    return step._replace(fact="field-described") if step.fact == "renamed" and step.column in columns else step


_DB_COLUMN = re.compile(r"\bdb_column\s*=\s*[\"']([^\"'\n]+)[\"']")


def _read_added(change: FileChange) -> tuple[MigrationOperation, ...]:
    """What the migrations do that a list of all newly has."""
    sides = parse_sides(change)
    if sides.old is None or sides.new is None:
        return ()
    known = {(step.fact, step.name) for step in read_calls(sides.old.root)}
    return tuple(step for step in read_calls(sides.new.root) if (step.fact, step.name) not in known)


def with_additions(steps: Iterable[MigrationOperation]) -> tuple[MigrationOperation, ...]:
    """The steps, with facts for the tables and columns that they bring, which answer what else is done to these.

    A column that is dropped where the same table gets another one is `expand-and-contract` as well.
    """
    kept = list(steps)
    tables = {step.table.lower() for step in kept if step.fact == ADDED and not step.column}
    columns = {step.name.lower() for step in kept if step.fact == ADDED and step.column}
    grown = {name.partition(".")[0] for name in columns} - tables
    found: list[MigrationOperation] = []
    for step in kept:
        if step.fact == ADDED:
            found.append(step._replace(fact="column-added" if step.column else "table-added"))
            continue
        found.append(step)
        is_new = step.name.lower() in columns
        if step.fact == "dropped" and step.column and step.table.lower() in grown and not is_new:
            found.append(step._replace(fact="expand-and-contract"))
    return tuple(found)
