"""Migrations of databases and data: new, edited, deleted, and what they do."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from relbot.detect.engine import lazy_re as re
from relbot.detect.engine.model import ChangeSet, Detector, Evidence, FileChange, Todo
from relbot.detect.engine.path_roles import is_production
from relbot.detect.engine.phrases import quote_name, quote_names
from relbot.detect.migrations.facts import FACTS
from relbot.detect.migrations.formats import Format, format_of, forward_lines, in_folder, is_dump
from relbot.detect.migrations.operations import Operation, read_operations

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MEANING = {
    "dropped": "drops {}: the code that runs until the restart still uses it, and no rollback brings its content back",
    "renamed": "renames {}: the code that runs until the restart still uses the old name",
    "column-changed": "changes the type or the definition of {}: on a large table this takes long and locks it",
    "field-altered": "alters {}",
    "not-null": "forbids NULL in {}: existing rows may break it",
    "unique": "makes {} unique: existing rows may break it",
    "index": "adds an index on {}: on a large table this takes long and may lock it",
    "constraint-dropped": "drops an index or a constraint on {}",
    "data": "rewrites data ({}): it may take long, or meet rows it does not expect",
    "rows-added": "adds rows ({})",
    "charset": "changes character sets or collations ({}): the configured encoding of the connection may have to follow",
    "background": "hands work on data to background jobs ({}): they must run before the next upgrade relies on it",
    "irreversible": "cannot be undone ({})",
    "stops": "stops under a condition ({}): somebody must do something first",
    "reads-settings": "depends on the configuration ({}): what it does differs per installation",
}


class _Migration(NamedTuple):
    change: FileChange
    format: Format
    doing: tuple[Operation, ...]


def _find_evidence(changes: ChangeSet) -> Iterator[Evidence]:
    new: list[_Migration] = []
    edited: list[tuple[FileChange, Format]] = []
    deleted: list[FileChange] = []
    machinery: list[FileChange] = []
    dumps: list[FileChange] = []
    for change in changes.files:
        if is_dump(change.path):
            dumps.append(change)
        elif not _may_be(change):
            continue
        elif (kind := format_of(change.path, change.new or change.old)) is None:
            if (
                in_folder(change.path)
                and is_production(change.path)
                and change.path.endswith((".py", ".go", ".rb", ".ini", ".mako"))
            ):
                machinery.append(change)
        elif change.after is None:
            deleted.append(change)
        elif change.before is None:
            new.append(_Migration(change, kind, tuple(read_operations(forward_lines(change.path, change.new)))))
        elif _differs_in_effect(change):
            edited.append((change, kind))
    yield from _find_online(changes)
    yield from _of_new(new)
    yield from _of_edited(edited)
    if deleted:
        yield _make_evidence(
            "deleted", deleted[0], f"Deletes {_name_migrations(deleted)}: databases that did not run it yet never will.", deleted
        )
    if machinery and (parts := [part for part in machinery if _changed_code(part)]):
        what = f"Changes what finds and runs migrations ({quote_names([part.path for part in parts])})."
        yield _make_evidence("machinery", parts[0], what, parts)
    if dumps:
        yield _make_evidence("dump", dumps[0], f"The schema in {quote_name(dumps[0].path)} changes.", dumps)


_NAMED_MIGRATION = re.compile(r"migrat|alembic|/deltas?/|db/data|schema|changelog|/[VRU]\d[^/]*__", re.I)


def _may_be(change: FileChange) -> bool:
    if _NAMED_MIGRATION.search(change.path):
        return True
    return change.path.endswith(".py") and b"migrations.Migration" in (change.after or change.before or b"")


def _of_new(new: list[_Migration]) -> Iterator[Evidence]:
    if not new:
        return
    files = [migration.change for migration in new]
    todo = _propose_step(new)
    yield _make_evidence("new", files[0], f"Adds {_name_migrations(files)}.", files, todo=todo)
    for fact, meaning in _MEANING.items():
        hits = [(migration, operation) for migration in new for operation in migration.doing if operation.fact == fact]
        if hits:
            names = tuple(dict.fromkeys(name for _, operation in hits for name in operation.names))
            words = list(dict.fromkeys(operation.words for _, operation in hits))
            first = hits[0][0].change
            said = meaning.format(quote_names(names or words))
            details = [f"{migration.change.path}: {operation.words}" for migration, operation in hits]
            yield Evidence(
                "migrations",
                fact,
                first.path,
                _line_of_words(first, hits[0][1].words),
                f"The migration {quote_name(first.path)} {said}.",
                tuple(dict.fromkeys(details)),
                names or (first.path,),
                todo,
            )


def _of_edited(edited: list[tuple[FileChange, Format]]) -> Iterator[Evidence]:
    if not edited:
        return
    files = [change for change, _ in edited]
    message = f"Edits {_name_migrations(files)} that exists already: databases that ran it keep what it did before."
    yield _make_evidence("edited", files[0], message, files)


def _differs_in_effect(change: FileChange) -> bool:
    return _normalize_text(change.path, change.old) != _normalize_text(change.path, change.new)


# Superclass versions, imports and quoting change in refactorings over all migrations, and do nothing to a database.
_NOISE_LINE = re.compile(r"\s*(class \w+ ?[<(]|import |from \S+ import |package |require |use )")
_NOISE = re.compile(r"['\"`\s,;()\[\]{}]|\bu(?=['\"])")


def _normalize_text(path: str, text: str) -> str:
    return "".join(_NOISE.sub("", line) for line in forward_lines(path, text) if not _NOISE_LINE.match(line))


def _changed_code(change: FileChange) -> bool:
    lines = (line.text.strip() for line in (*change.removed, *change.added))
    return any(len(line) > _SHORT and not line.startswith(("#", "//", "import ", "from ")) for line in lines)


_SHORT = 3
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


def _line_of_words(change: FileChange, words: str) -> int | None:
    at = change.new.find(words)
    return change.new.count("\n", 0, at) + 1 if at >= 0 else None


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
    "Migrations of databases and data: Rails, Django, Alembic, sqlalchemy-migrate, Flyway, Liquibase, Knex, Go, plain SQL.",
    "Somebody has to run them, at the right moment; some lock tables, lose data or cannot be undone.",
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
