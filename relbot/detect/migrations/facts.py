"""The facts of `migrations`."""

from __future__ import annotations

from functools import partial

from relbot.detect.engine.facts import (
    AFTER_RESTART,
    ANY_PHASE,
    ASK,
    BEFORE_RESTART,
    LATER,
    NOTE,
    REQUIRE,
    Fact,
    FactAnswer,
    Subject,
    Table,
)

_COLUMN, _MIGRATION = Subject.COLUMN, Subject.MIGRATION


def _rails(body: str) -> Table:
    text = f"class ChangeCars < ActiveRecord::Migration[5.2]\n  def change\n    {body}\n  end\nend\n"
    return {"db/migrate/20180720082742_change_cars.rb": (None, text)}


def _sql(statement: str) -> Table:
    return {"db/migrations/0007_cars.sql": (None, f"{statement}\n")}


def _django(operation: str) -> Table:
    text = "from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n    operations = [\n"
    return {"shop/migrations/0002_cars.py": (None, f"{text}        migrations.{operation},\n    ]\n")}


_NEW_TABLE = (FactAnswer("migrations/table-added", "its table comes with the same change set"),)
_NEW_HERE = (*_NEW_TABLE, FactAnswer("migrations/column-added", "it comes with the same change set"))
_HARMLESS = _rails("add_column :cars, :colour, :string")

_at_any_time = partial(Fact, phases=ANY_PHASE)
_on_table = partial(_at_any_time, answers=_NEW_TABLE)
_AFTER = (AFTER_RESTART, LATER)  # the old code needs it until it is restarted

FACTS = (
    _at_any_time(
        "new",
        "a migration is added",
        NOTE,
        _MIGRATION,
        "The migrations have to be run, as at every deploy that brings some.",
    ),
    Fact(
        "dropped",
        "a new migration drops a table or a column",
        REQUIRE,
        _COLUMN,
        "The code that runs until the restart still uses it, and no rollback brings its content back.",
        phases=_AFTER,
        wrong=_rails("remove_column :cars, :colour, :string"),
        answers=_NEW_HERE,
    ),
    _at_any_time(
        "renamed",
        "a new migration renames a table or a column",
        REQUIRE,
        _COLUMN,
        "The code that runs until the restart still uses the old name, and fails.",
        wrong=_rails("rename_column :cars, :colour, :color"),
        answers=_NEW_HERE,
    ),
    _at_any_time(
        "column-changed",
        "a new migration changes a column's type",
        REQUIRE,
        _COLUMN,
        "The database rewrites the table under a lock, and fails where rows do not fit.",
        wrong=_rails("change_column :cars, :colour, :text"),
        answers=_NEW_HERE,
    ),
    Fact(
        "column-widened",
        "a new migration lets a column hold more",
        NOTE,
        _COLUMN,
        "Rows and code fit as before.",
    ),
    _at_any_time(
        "field-altered",
        "a new Django migration alters a field whose model is not in the change set as it was",
        ASK,
        _COLUMN,
        "The column gets another definition; whether rows still fit cannot be told.",
        wrong=_django("AlterField('car', 'colour', models.CharField(max_length=9))"),
    ),
    Fact(
        "field-described",
        "a new Django migration alters of a field what the database does not know",
        NOTE,
        _COLUMN,
        "Nothing changes in the database.",
    ),
    Fact(
        "view-dropped",
        "a new migration drops a view",
        ASK,
        Subject.TABLE,
        "Reports and programs that query it fail.",
        phases=_AFTER,
        wrong=_sql("DROP VIEW old_cars;"),
        answers=_NEW_TABLE,
    ),
    _on_table(
        "column-added-required",
        "a new migration adds a column that must have a value, without a default",
        REQUIRE,
        _COLUMN,
        "The migration fails where the table has rows, and the code that still runs cannot write new ones.",
        wrong=_sql("ALTER TABLE cars ADD COLUMN colour text NOT NULL;"),
        right=_sql("ALTER TABLE cars ADD COLUMN colour text NOT NULL DEFAULT 'grey';"),
    ),
    _on_table(
        "constraint-added",
        "a new migration adds a foreign key or a check",
        ASK,
        _COLUMN,
        "The migration fails where rows break it, and locks the table while it looks at all of them.",
        wrong=_sql("ALTER TABLE cars ADD CONSTRAINT owned FOREIGN KEY (owner_id) REFERENCES owners (id);"),
        right=_sql("ALTER TABLE cars ADD CONSTRAINT owned FOREIGN KEY (owner_id) REFERENCES owners (id) NOT VALID;"),
    ),
    Fact(
        "expand-and-contract",
        "a change set brings a column and drops another one of the same table",
        REQUIRE,
        _COLUMN,
        "Until the restart, the old code needs the old column: bring the new one now, and drop the old one in the next deploy.",
        phases=_AFTER,
        wrong=_sql("ALTER TABLE cars ADD COLUMN color text;\nALTER TABLE cars DROP COLUMN colour;"),
        right=_sql("ALTER TABLE cars DROP COLUMN colour;"),
        answers=_NEW_TABLE,
    ),
    _at_any_time(
        "rows-deleted",
        "a new migration deletes rows",
        REQUIRE,
        Subject.TABLE,
        "The rows are gone for good: no rollback brings them back.",
        wrong=_sql("DELETE FROM cars WHERE sold_at < now() - interval '2 years';"),
        answers=_NEW_HERE,
    ),
    Fact(
        "table-added",
        "a new migration brings a table",
        NOTE,
        Subject.TABLE,
        "No installation has it yet, and the old code does not know it.",
    ),
    Fact(
        "column-added",
        "a new migration brings a column",
        NOTE,
        _COLUMN,
        "No installation has it yet, and the old code does not know it.",
    ),
    _at_any_time(
        "not-null",
        "a new migration forbids NULL",
        REQUIRE,
        _COLUMN,
        "The migration fails where rows have no value, and the code that still runs cannot write rows without one.",
        wrong=_rails("change_column_null :cars, :colour, false"),
        answers=_NEW_HERE,
    ),
    _on_table(
        "unique",
        "a new migration demands unique values",
        REQUIRE,
        _COLUMN,
        "The migration fails where rows have the same values: they must be cleared first.",
        wrong=_sql("CREATE UNIQUE INDEX by_plate ON cars (plate);"),
    ),
    _on_table(
        "index",
        "a new migration adds an index in a way that may lock",
        ASK,
        _COLUMN,
        "The database blocks writes to the table as long as it builds the index.",
        wrong=_rails("add_index :cars, :colour"),
    ),
    _on_table(
        "constraint-dropped",
        "a new migration drops an index or a constraint",
        ASK,
        _COLUMN,
        "Queries that relied on the index become slow, and rows that the constraint refused are accepted.",
        wrong=_rails("remove_index :cars, :colour"),
    ),
    _at_any_time(
        "data",
        "a new migration rewrites data",
        ASK,
        _MIGRATION,
        "It takes its time on large tables, may meet rows that it does not expect, and no rollback undoes it.",
        wrong=_rails('Car.where(colour: nil).update_all(colour: "grey")'),
    ),
    _at_any_time(
        "rows-added",
        "a new migration adds rows",
        NOTE,
        _MIGRATION,
        "The tables have a few rows more.",
    ),
    _at_any_time(
        "charset",
        "a new migration changes character sets or collations",
        ASK,
        _MIGRATION,
        "The configured encoding of the connection may have to follow, and the tables are rewritten.",
        wrong=_sql("ALTER TABLE cars CONVERT TO CHARACTER SET utf8mb4;"),
    ),
    _at_any_time(
        "background",
        "a new migration hands work to background jobs",
        ASK,
        _MIGRATION,
        "The jobs must have run before the next upgrade relies on them.",
        wrong=_rails("FillColours.perform_later"),
    ),
    _at_any_time(
        "irreversible",
        "a new migration says that it cannot be undone",
        ASK,
        _MIGRATION,
        "There is no way back to the version before, except from a backup.",
        wrong=_rails("raise ActiveRecord::IrreversibleMigration"),
    ),
    _at_any_time(
        "stops",
        "a new migration stops under a condition",
        REQUIRE,
        _MIGRATION,
        "The migration refuses to run before you have done what it wants.",
        wrong=_rails('raise "Merge cars first" if Car.double?'),
    ),
    _at_any_time(
        "reads-settings",
        "a new migration reads the configuration",
        NOTE,
        _MIGRATION,
        "What it does depends on how the installation is configured.",
    ),
    _at_any_time(
        "edited",
        "an existing migration does something else now",
        ASK,
        _MIGRATION,
        "Databases that ran it keep what it did before, and differ from new ones.",
        wrong={"db/migrations/0006_cars.sql": ("CREATE TABLE cars (id int);\n", "CREATE TABLE cars (id bigint);\n")},
        right={"db/migrations/0006_cars.sql": ("CREATE TABLE cars (id int);\n", "-- Cars.\nCREATE TABLE cars (id int);\n")},
    ),
    _at_any_time(
        "deleted",
        "a migration is deleted",
        ASK,
        _MIGRATION,
        "Databases that did not run it yet never will.",
        wrong={"db/migrations/0006_cars.sql": ("CREATE TABLE cars (id int);\n", None)},
    ),
    _at_any_time(
        "machinery",
        "what finds and runs migrations changes",
        ASK,
        _MIGRATION,
        "Migrations are found, ordered or run in another way.",
        wrong={"db/migrations/env.py": ("run(transaction=True)\n", "run(transaction=False)\n")},
    ),
    Fact(
        "online",
        "what migrates data while the service runs changes",
        ASK,
        _MIGRATION,
        "The online migrations have to be run until nothing is left.",
        phases=(BEFORE_RESTART, "after-restart", LATER),
        wrong={
            "shop/cmd/dbsync.py": (
                "ONLINE_MIGRATIONS = (\n    (api, 'fill_colour'),\n)\n",
                "ONLINE_MIGRATIONS = (\n    (api, 'fill_colour'),\n    (api, 'fill_wheels'),\n)\n",
            )
        },
    ),
    Fact(
        "dump",
        "the written-down schema changes",
        NOTE,
        _MIGRATION,
        "The dump follows the migrations.",
        wrong={"db/schema.rb": ('create_table "cars"\n', 'create_table "cars"\ncreate_table "buses"\n')},
    ),
)
