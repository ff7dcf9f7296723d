"""The facts of `migrations` about tables, columns and what the database demands of them."""

from __future__ import annotations

from functools import partial

from relbot.detect.engine.facts import (
    AFTER_RESTART,
    ANY_PHASE,
    ASK,
    LATER,
    NOTE,
    REQUIRE,
    Fact,
    FactAnswer,
    Subject,
    Table,
)

_COLUMN, _MIGRATION = Subject.COLUMN, Subject.MIGRATION


def rails_example(body: str) -> Table:
    """A new migration of Rails that does this."""
    text = f"class ChangeCars < ActiveRecord::Migration[5.2]\n  def change\n    {body}\n  end\nend\n"
    return {"db/migrate/20180720082742_change_cars.rb": (None, text)}


def sql_example(statement: str) -> Table:
    """A new migration in SQL that does this."""
    return {"db/migrations/0007_cars.sql": (None, f"{statement}\n")}


def _django(operation: str) -> Table:
    text = "from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n    operations = [\n"
    return {"shop/migrations/0002_cars.py": (None, f"{text}        migrations.{operation},\n    ]\n")}


_NEW_TABLE = (FactAnswer("migrations/table-added", "its table comes with the same change set"),)
_NEW_HERE = (*_NEW_TABLE, FactAnswer("migrations/column-added", "it comes with the same change set"))
HARMLESS = rails_example("add_column :cars, :colour, :string")

_at_any_time = partial(Fact, phases=ANY_PHASE)
_on_table = partial(_at_any_time, answers=_NEW_TABLE)
_AFTER = (AFTER_RESTART, LATER)  # the old code needs it until it is restarted

SCHEMA_FACTS = (
    _at_any_time(
        "new",
        "a migration is added",
        NOTE,
        _MIGRATION,
        "The migrations must run, as in every deploy with migrations.",
    ),
    Fact(
        "dropped",
        "a new migration drops a table or a column",
        REQUIRE,
        _COLUMN,
        "The code that runs until the restart still uses it, and a rollback does not bring its content back.",
        phases=_AFTER,
        wrong=rails_example("remove_column :cars, :colour, :string"),
        answers=_NEW_HERE,
        right=HARMLESS,
    ),
    _at_any_time(
        "renamed",
        "a new migration renames a table or a column",
        REQUIRE,
        _COLUMN,
        "The code that runs until the restart needs the old name, the new code the new one: stop the application meanwhile.",
        wrong=rails_example("rename_column :cars, :colour, :color"),
        answers=_NEW_HERE,
        right=rails_example("rename_index :cars, :by_colour, :by_color"),
    ),
    _at_any_time(
        "column-changed",
        "a new migration changes a column's type",
        REQUIRE,
        _COLUMN,
        "The database rewrites the table under a lock, and fails where rows do not fit.",
        wrong=rails_example("change_column :cars, :colour, :text"),
        answers=_NEW_HERE,
        right=HARMLESS,
    ),
    Fact(
        "column-widened",
        "a new migration lets a column hold more",
        NOTE,
        _COLUMN,
        "Existing rows and code still fit.",
    ),
    _at_any_time(
        "field-altered",
        "a new Django migration alters a field, and the change set does not show its old definition",
        ASK,
        _COLUMN,
        "The definition of the column changes. Existing rows may not fit.",
        wrong=_django("AlterField('car', 'colour', models.CharField(max_length=9))"),
    ),
    Fact(
        "field-described",
        "a new Django migration alters a field only in the code, not in the database",
        NOTE,
        _COLUMN,
        "Nothing changes in the database.",
    ),
    Fact(
        "view-dropped",
        "a new migration drops a view",
        REQUIRE,
        Subject.TABLE,
        "Reports, programs and the code that runs until the restart fail where they query the view.",
        phases=_AFTER,
        wrong=sql_example("DROP VIEW old_cars;"),
        answers=_NEW_TABLE,
        right=sql_example("CREATE VIEW cars_now AS SELECT id FROM cars;"),
    ),
    Fact(
        "routine-dropped",
        "a new migration drops a function, a procedure, a type or a sequence",
        REQUIRE,
        Subject.TABLE,
        "The code that runs until the restart, reports and other programs fail where they use it.",
        phases=_AFTER,
        wrong=sql_example("DROP FUNCTION total(integer);"),
        right=sql_example("DROP FUNCTION total(integer);\nCREATE FUNCTION total(a int) RETURNS int AS 'SELECT a';"),
    ),
    Fact(
        "access-revoked",
        "a new migration takes away access to a table",
        REQUIRE,
        Subject.TABLE,
        "Programs and reports of the role fail.",
        phases=_AFTER,
        wrong=sql_example("REVOKE SELECT ON cars FROM reporting;"),
        right=sql_example("GRANT SELECT ON cars TO reporting;"),
    ),
    _on_table(
        "column-added-required",
        "a new migration adds a column that must have a value, without a default",
        REQUIRE,
        _COLUMN,
        "The migration fails where the table has rows, and the code that still runs cannot write new ones.",
        wrong=sql_example("ALTER TABLE cars ADD COLUMN colour text NOT NULL;"),
        right=sql_example("ALTER TABLE cars ADD COLUMN colour text NOT NULL DEFAULT 'grey';"),
    ),
    _on_table(
        "column-filled",
        "a new migration adds a column with another value in each row",
        REQUIRE,
        _COLUMN,
        "The database rewrites the whole table under a lock: plan the downtime.",
        wrong=sql_example("ALTER TABLE cars ADD COLUMN id bigserial;"),
        right=sql_example("ALTER TABLE cars ADD COLUMN colour text DEFAULT 'grey';"),
    ),
    _on_table(
        "constraint-added",
        "a new migration adds a foreign key or a check",
        REQUIRE,
        _COLUMN,
        "The migration fails if rows break the constraint, and locks the table while it checks all rows.",
        wrong=sql_example("ALTER TABLE cars ADD CONSTRAINT owned FOREIGN KEY (owner_id) REFERENCES owners (id);"),
        right=sql_example("ALTER TABLE cars ADD CONSTRAINT owned FOREIGN KEY (owner_id) REFERENCES owners (id) NOT VALID;"),
    ),
    Fact(
        "expand-and-contract",
        "a change set adds a column and drops another one of the same table",
        REQUIRE,
        _COLUMN,
        "Until the restart, the old code needs the old column: add the new one now, and drop the old one in the next deploy.",
        phases=_AFTER,
        wrong=sql_example("ALTER TABLE cars ADD COLUMN color text;\nALTER TABLE cars DROP COLUMN colour;"),
        right=sql_example("ALTER TABLE cars DROP COLUMN colour;"),
        answers=_NEW_TABLE,
    ),
    _at_any_time(
        "rows-deleted",
        "a new migration deletes rows",
        REQUIRE,
        Subject.TABLE,
        "The rows are gone for good: a rollback does not bring them back.",
        wrong=sql_example("DELETE FROM cars WHERE sold_at < now() - interval '2 years';"),
        answers=_NEW_HERE,
    ),
    Fact(
        "table-added",
        "a new migration adds a table",
        NOTE,
        Subject.TABLE,
        "No installation has it yet, and the old code does not use it.",
    ),
    Fact(
        "column-added",
        "a new migration adds a column",
        NOTE,
        _COLUMN,
        "No installation has it yet, and the old code does not use it.",
    ),
    _at_any_time(
        "not-null",
        "a new migration forbids NULL",
        REQUIRE,
        _COLUMN,
        "The migration fails where rows have no value, and the code that still runs cannot write rows without one.",
        wrong=rails_example("change_column_null :cars, :colour, false"),
        answers=_NEW_HERE,
        right=rails_example("change_column_null :cars, :colour, true"),
    ),
    _on_table(
        "unique",
        "a new migration requires unique values",
        REQUIRE,
        _COLUMN,
        "The migration fails if rows have the same values. Remove the duplicates first.",
        wrong=sql_example("CREATE UNIQUE INDEX by_plate ON cars (plate);"),
        right=sql_example("CREATE INDEX CONCURRENTLY by_plate ON cars (plate);"),
    ),
    _at_any_time(
        "extension-needed",
        "a new migration needs a database extension",
        ASK,
        Subject.DEPENDENCY,
        "The migration fails if the extension is not installed, or if the database user may not create it.",
        wrong=sql_example("CREATE EXTENSION IF NOT EXISTS pg_trgm;"),
        right=sql_example("CREATE TABLE trgm (id int);"),
    ),
    _on_table(
        "index",
        "a new migration adds an index in a way that may lock",
        ASK,
        _COLUMN,
        "The database blocks writes to the table while it builds the index.",
        wrong=rails_example("add_index :cars, :colour"),
        right=rails_example("add_index :cars, :colour, algorithm: :concurrently"),
    ),
    _on_table(
        "default-dropped",
        "a new migration drops the default of a column",
        ASK,
        _COLUMN,
        "Code that still writes rows without a value leaves it empty, or fails where the column must have one.",
        wrong=sql_example("ALTER TABLE cars ALTER COLUMN colour DROP DEFAULT;"),
        right=sql_example("ALTER TABLE cars ALTER COLUMN colour SET STATISTICS 100;"),
    ),
    _at_any_time(
        "default-changed",
        "a new migration gives a column another default",
        ASK,
        _COLUMN,
        "Rows that are written without a value get another one, also by the code that runs until the restart.",
        wrong=rails_example('change_column_default :cars, :colour, from: "red", to: "grey"'),
        right=rails_example('change_column_default :cars, :colour, from: nil, to: "grey"'),
        answers=_NEW_HERE,
    ),
    _on_table(
        "constraint-dropped",
        "a new migration drops an index or a constraint",
        ASK,
        _COLUMN,
        "Queries that use the index become slow, and the database accepts rows that the constraint refused.",
        wrong=rails_example("remove_index :cars, :colour"),
        right=HARMLESS,
    ),
)
