"""The steps of a new migration, by the language it is written in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.syntax import language_of, note_unparsed, parse_sides
from relbot.detect.migrations.calls import read_calls
from relbot.detect.migrations.django import read_altered
from relbot.detect.migrations.formats import DJANGO, LIQUIBASE, Format, forward_lines, is_sql_file
from relbot.detect.migrations.liquibase import read_liquibase
from relbot.detect.migrations.sql import read_sql
from relbot.detect.migrations.steps import ADDED, MigrationOperation, UnreadableMigration
from relbot.detect.migrations.words import read_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from relbot.detect.engine.model import FileChange


def read_steps(change: FileChange, form: Format, files: Sequence[FileChange]) -> tuple[MigrationOperation, ...]:
    """What a new migration does. One that cannot be read is noted as such, and does nothing that is known."""
    try:
        if form == LIQUIBASE:
            return tuple(read_liquibase(change.new, change.path))
        if is_sql_file(change.path):
            return tuple(read_sql("\n".join(forward_lines(change.path, change.new))))
    except UnreadableMigration:
        note_unparsed(change)
        return ()
    if language_of(change.path) is None:
        return ()
    tree = parse_sides(change).new
    if tree is None or (form == DJANGO and "replaces = [" in change.new):  # a squashed migration counts as applied
        return ()
    altered = read_altered(tree.root, change.path, files) if form == DJANGO else ()
    return (*read_calls(tree.root), *altered, *read_words(tree.root))


def without_new_tables(steps: Iterable[MigrationOperation]) -> tuple[MigrationOperation, ...]:
    """The steps without those on tables that the same change set creates: no row of an installation is in them.

    What is added gets `added-here`, and so does what is dropped again, which keeps its step. A column that is
    dropped where the same table gets another one keeps its step, and gets `expand-and-contract`.
    """
    kept = list(steps)
    tables = {step.table.lower() for step in kept if step.fact == ADDED and not step.column}
    columns = {step.name.lower() for step in kept if step.fact == ADDED and step.column}
    found: list[MigrationOperation] = []
    for step in kept:
        if step.fact == ADDED:
            found.append(step._replace(fact="added-here"))
            continue
        is_new = step.table.lower() in tables or step.name.lower() in columns
        if is_new and step.fact in ("dropped", "renamed", "column-changed", "not-null"):
            found += [step, step._replace(fact="added-here")]
        elif step.fact == "dropped" and step.column and any(name.startswith(f"{step.table.lower()}.") for name in columns):
            found += [step, step._replace(fact="expand-and-contract")]
        elif step.table.lower() not in tables or step.fact in ("data", "rows-added", "background", "stops"):
            found.append(step)
    return tuple(found)
