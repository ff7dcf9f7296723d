"""Migrations of databases and data: new, edited, deleted, and what they do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.model import ChangeSet, Detector, Evidence, FileChange, Todo
from relbot.detect.engine.path_roles import is_production
from relbot.detect.engine.phrases import quote_name, quote_names
from relbot.detect.migrations.at_start import find_at_start
from relbot.detect.migrations.facts import FACTS
from relbot.detect.migrations.formats import (
    DJANGO,
    IN_CODE,
    PRISMA,
    SQL,
    Format,
    forward_lines,
    has_checksum,
    in_folder,
    is_dump,
    is_list_of_migrations,
    migration_format,
)
from relbot.detect.migrations.machinery import runs_otherwise
from relbot.detect.migrations.prisma import has_prisma_migration
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from relbot.detect.migrations.steps import MigrationOperation

_MEANING = {
    "dropped": "drops {}: the code that runs until the restart still uses it, and a rollback does not bring its content back",
    "expand-and-contract": "drops {} and adds another column of the same table: old and new code cannot both run with it",
    "view-dropped": "drops the view {}: queries that use it fail",
    "routine-dropped": "drops {}: the code that runs until the restart may still use it",
    "access-revoked": "takes away access to {}",
    "renamed": "renames {}: the code that runs until the restart still uses the old name",
    "column-changed": "changes the type of {}: the table is rewritten under a lock, and rows may not fit",
    "column-widened": "widens {}",
    "field-altered": "alters {}: the diff does not show whether existing rows still fit",
    "field-described": "changes {} only in the code, not in the database",
    "not-null": "forbids NULL in {}: rows without a value make it fail",
    "column-filled": "adds {} with another value in each row: the database rewrites the table under a lock",
    "column-added-required": "adds {} without a default and forbids NULL: existing rows make it fail",
    "unique": "makes {} unique: rows with the same values make it fail",
    "constraint-added": "adds a constraint on {}: rows that break it make the migration fail",
    "index": "adds an index on {}: writes wait until it is built",
    "default-dropped": "drops the default of {}",
    "default-changed": "gives {} another default",
    "constraint-dropped": "drops an index or a constraint on {}",
    "rows-deleted": "deletes rows of {} for good",
    "data": "rewrites data ({}): it may take long, or find unexpected rows",
    "rows-added": "adds rows ({})",
    "charset": "changes character sets or collations ({}): you may have to change the encoding of the connection too",
    "background": "hands data work to background jobs ({}): they must finish before the next upgrade",
    "irreversible": "cannot be undone ({})",
    "stops": "stops under a condition ({}): you must do something first",
    "reads-settings": "depends on the configuration ({}): it does different things in different installations",
    "extension-needed": "needs the database extension {}",
    "table-added": "adds the table {}",
    "column-added": "adds the column {}",
}


_CONTRACTS = ("dropped", "renamed", "not-null", "view-dropped", "routine-dropped", "access-revoked", "expand-and-contract")
"""What breaks the old code until it is restarted."""
_SILENT = ("column-widened", "field-described", "table-added", "column-added")
"""Facts about which nothing is to be done."""


class _Migration(NamedTuple):
    change: FileChange
    format: Format
    steps: tuple[MigrationOperation, ...]


def _find_evidence(changes: ChangeSet) -> Iterator[Evidence]:
    by_role: dict[str, list[_Migration]] = {}
    for change in changes.files:
        role, kind = _role_of(change, changes)
        by_role.setdefault(role, []).append(_Migration(change, kind or SQL, ()))
    new, edited = by_role.get("new", []), by_role.get("edited", [])
    deleted, machinery, dumps = ([each.change for each in by_role.get(role, ())] for role in ("deleted", "machinery", "dump"))
    yield from _find_online(changes)
    yield from find_at_start(changes)
    yield from _of_new(_with_steps(new, changes))
    yield from _of_edited(edited)
    if deleted:
        yield _make_evidence(
            "deleted", deleted[0], f"Deletes {_name_migrations(deleted)}: databases that have not run it yet never will.", deleted
        )
    if machinery and (parts := [part for part in machinery if runs_otherwise(part)]):
        what = f"Changes what finds and runs migrations ({quote_names([part.path for part in parts])})."
        yield _make_evidence("machinery", parts[0], what, parts)
    if dumps:
        yield _make_evidence("dump", dumps[0], f"The schema in {quote_name(dumps[0].path)} changes.", dumps)


_NAMED_MIGRATION = re.compile(
    r"migrat|drizzle|\.prisma$|alembic|/deltas?/|db/data|schema|changelog|/[VRU]\d[^/]*__|(^|/)(db|database|sql)/(\w{1,40}/)?\d{2,14}[_-][^/]{1,100}\.sql$",
    re.I,
)


def _role_of(change: FileChange, changes: ChangeSet) -> tuple[str, Format | None]:
    """What a file is to the database, and how it is written; "" for one that is nothing to it."""
    if is_dump(change.path):
        return "dump", None
    if change.path.endswith(".prisma"):
        is_judged = change.before is not None and change.after is not None and not has_prisma_migration(changes)
        return ("new", PRISMA) if is_judged else ("", None)
    if is_list_of_migrations(change):
        return "new", IN_CODE
    kind = migration_format(change.path, change.new or change.old) if _may_be(change) else None
    if kind is None:
        runs = change.path.endswith((".py", ".go", ".rb", ".ini", ".mako"))
        return ("machinery" if runs and in_folder(change.path) and is_production(change.path) else ""), None
    if change.after is None:
        return "deleted", kind
    if _REPEATABLE.search(change.path):
        return "", None
    if change.before is None:
        return "new", kind
    return ("edited" if _differs_in_effect(change) else ""), kind


_REPEATABLE = re.compile(r"(^|/)R__[^/]+\.sql$")
"""Flyway's migrations that it runs again when they change, after all others: views and functions as a whole."""


def _may_be(change: FileChange) -> bool:
    if _NAMED_MIGRATION.search(change.path):
        return True
    return change.path.endswith(".py") and b"migrations.Migration" in (change.after or change.before or b"")


def _of_new(new: list[_Migration]) -> Iterator[Evidence]:
    if not new:
        return
    files = [migration.change for migration in new]
    todo = _propose_step(new)
    if added := [change for change in files if change.before is None]:
        yield _make_evidence("new", added[0], f"Adds {_name_migrations(added)}.", added, todo=todo)
    for fact, meaning in _MEANING.items():
        hits = [(migration, step) for migration in new for step in migration.steps if step.fact == fact]
        if not hits:
            continue
        names = tuple(dict.fromkeys(step.name for _, step in hits))
        first, step = hits[0][0].change, hits[0][1]
        said = meaning.format(quote_names(names))
        details = dict.fromkeys(f"{migration.change.path}: {step.words}" for migration, step in hits)
        what = "The migration" if first.before is None else "The schema"
        message = f"{what} {quote_name(first.path)} {said}."
        step_of_fact = None if fact in _SILENT else todo._replace(phase="after-restart") if fact in _CONTRACTS else todo
        yield Evidence("migrations", fact, first.path, step.line or None, message, tuple(details), names, step_of_fact)


def _with_steps(new: list[_Migration], changes: ChangeSet) -> list[_Migration]:
    """The migrations with what each of them does; and the tables and columns that they bring."""
    if not new:
        return new
    from relbot.detect.migrations.django import apps_of, of_app  # as below
    from relbot.detect.migrations.reading import read_steps, with_additions  # readers of ten languages

    apps = apps_of(migration.change.path for migration in new if migration.format == DJANGO)
    read = [
        (migration, of_app(read_steps(migration.change, migration.format, changes.files), apps.get(migration.change.path, "")))
        for migration in new
    ]
    owners = [(migration, step) for migration, steps in read for step in steps]
    kept = with_additions(step for _, step in owners)
    sources = {id(step): migration for migration, step in owners}
    by_words = {(step.words, step.line): migration for migration, step in owners}
    found: dict[str, list[MigrationOperation]] = {}
    for step in kept:
        owner = sources.get(id(step)) or by_words[step.words, step.line]
        found.setdefault(owner.change.path, []).append(step)
    return [migration._replace(steps=tuple(found.get(migration.change.path, ()))) for migration in new]


def _of_edited(edited: list[_Migration]) -> Iterator[Evidence]:
    if not edited:
        return
    files = [migration.change for migration in edited]
    message = f"Edits {_name_migrations(files)} that exists already: databases that ran it keep what it did before."
    checked = any(has_checksum(each.change.path, each.format) for each in edited)
    yield _make_evidence("edited-checked" if checked else "edited", files[0], message, files)


def _differs_in_effect(change: FileChange) -> bool:
    return _normalize_text(change.path, change.old) != _normalize_text(change.path, change.new)


# Superclass versions, imports and quoting change in refactorings over all migrations, and do nothing to a database.
_NOISE_LINE = re.compile(r"\s*(class \w+ ?[<(]|import |from \S+ import |package |require |use )")
_NOISE = re.compile(r"['\"`\s,;()\[\]{}]|\bu(?=['\"])")


def _normalize_text(path: str, text: str) -> str:
    return "".join(_NOISE.sub("", line) for line in forward_lines(path, text) if not _NOISE_LINE.match(line))


_ONLINE = b"ONLINE_MIGRATIONS"
_ONLINE_ENTRY = re.compile(r"\bONLINE_MIGRATIONS\b|^\s+\(?[\w.]+,\s*['\"]?\w+['\"]?\),?$")


def _find_online(changes: ChangeSet) -> Iterator[Evidence]:
    # OpenStack services list their migrations of data that run beside the service in a constant of this name.
    for change in changes.files:
        if change.path.endswith(".py") and _ONLINE in (change.after or b"") and is_production(change.path):
            lines = [line for line in (*change.added, *change.removed) if _ONLINE_ENTRY.search(line.text)]
            if lines:
                message = f"Changes which data migrations run while the service runs, in {quote_name(change.path)}."
                details = tuple(line.text.strip() for line in lines)
                yield Evidence("migrations", "online", change.path, lines[0].number, message, details, (change.path,))
                return


def _propose_step(new: list[_Migration]) -> Todo:
    commands = list(dict.fromkeys(migration.format.run for migration in new if migration.format.run))
    return Todo("before-restart", commands[0] if commands else "", "Run the migrations.")


def _name_migrations(files: list[FileChange]) -> str:
    return ("the migration " if len(files) == 1 else "the migrations ") + quote_names([change.path for change in files])


def _make_evidence(fact: str, first: FileChange, message: str, files: Iterable[FileChange], todo: Todo | None = None) -> Evidence:
    return Evidence(
        "migrations",
        fact,
        first.path,
        None,
        message,
        tuple(change.path for change in files),
        tuple(change.path for change in files),
        todo,
    )


DETECTOR = Detector(
    "migrations",
    "Migrations of databases and data: Rails, Django, Alembic, sqlalchemy-migrate, Flyway, Liquibase, Knex, Sequelize, TypeORM,"
    " Prisma, Laravel, Doctrine, Ecto, EF Core, FluentMigrator, SeaORM, Go, plain SQL.",
    "Migrations must run at the right moment. Some lock tables, lose data or cannot be undone.",
    FACTS,
    bad={
        "db/migrate/20180720082742_drop_colour.rb": (
            None,
            """\
class DropColour < ActiveRecord::Migration[5.2]
  def change
    remove_column :cars, :colour, :string
  end
end
""",
        ),
        "shop/migrations/0002_fill.py": (
            None,
            """\
from django.db import migrations


class Migration(migrations.Migration):
    operations = [migrations.RunPython(fill)]
""",
        ),
    },
    good={
        "db/migrate/20180720082742_drop_colour.rb": (
            """\
class DropColour < ActiveRecord::Migration
  def change
    remove_column :cars, :colour
  end
end
""",
            """\
# Cars are of all colours now.
class DropColour < ActiveRecord::Migration[5.2]
  def change
    remove_column(:cars, :colour)
  end
end
""",
        ),
        "shop/models.py": ("class Car:\n    pass\n", "class Car:\n    colour = 1\n"),
    },
    find=_find_evidence,
)
