"""What the detector of migrations sees, per framework."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from relbot.detect.migrations.detector import DETECTOR
from tests.detect.changes import evidence, facts

if TYPE_CHECKING:
    from relbot.detect.engine.facts import Table

RAILS = "class A < ActiveRecord::Migration[6.0]\n  def {}\n    {}\n  end\nend\n"
DJANGO = "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n    operations = [\n        {}\n    ]\n"
ALEMBIC = "down_revision = 'a'\n\n\ndef upgrade():\n    {}\n\n\ndef downgrade():\n    op.drop_table('everything')\n"
RAILS_PATH = "src/api/db/migrate/20190101000000_a.rb"
DJANGO_PATH = "shop/db_migrations/0002_b.py"
ALEMBIC_PATH = "shop/db/migration/versions/1a_c.py"

ADDED = [
    (RAILS_PATH, RAILS.format("change", "add_column :cars, :colour, :string"), {"new"}),
    (
        RAILS_PATH,
        RAILS.format("change", "create_table :cars do |t|\n      t.string :colour\n    end\n    add_index :cars, :colour"),
        {"new"},
    ),
    (RAILS_PATH, RAILS.format("change", "add_index :cars, :colour"), {"new", "index"}),
    (RAILS_PATH, RAILS.format("change", "add_index :cars, :colour, algorithm: :concurrently"), {"new"}),
    (RAILS_PATH, RAILS.format("down", "drop_table :cars"), {"new"}),
    (RAILS_PATH, RAILS.format("change", "# drop_table :cars"), {"new"}),
    (RAILS_PATH, RAILS.format("up", "Car.find_each { |car| car.save! }"), {"new", "data"}),
    (RAILS_PATH, RAILS.format("up", "raise ActiveRecord::IrreversibleMigration"), {"new", "irreversible"}),
    (RAILS_PATH, RAILS.format("up", 'execute("ALTER TABLE cars CONVERT TO CHARACTER SET utf8mb4")'), {"new", "charset"}),
    ("db/data/20190101000000_fill.rb", RAILS.format("up", "Car.update_all(colour: 1)"), {"new", "data"}),
    (DJANGO_PATH, DJANGO.format("migrations.AddField('car', 'colour', models.CharField(null=True)),"), {"new"}),
    (
        DJANGO_PATH,
        DJANGO.format("migrations.RemoveField(\n            model_name='car',\n            name='colour',\n        ),"),
        {"new", "dropped"},
    ),
    (DJANGO_PATH, DJANGO.format("migrations.AlterField('car', 'colour', models.TextField()),"), {"new", "field-altered"}),
    ("elsewhere/0003_c.py", DJANGO.format("migrations.RenameModel('Car', 'Bus'),"), {"new", "renamed"}),
    (ALEMBIC_PATH, ALEMBIC.format("op.add_column('cars', sa.Column('colour', sa.String()))"), {"new"}),
    (ALEMBIC_PATH, ALEMBIC.format("op.alter_column('cars', 'colour', type_=sa.Text())"), {"new", "column-changed"}),
    (ALEMBIC_PATH, ALEMBIC.format("op.execute(cars.update().values(colour=1))"), {"new", "data"}),
    ("a/migrate_repo/versions/031_x.py", "def upgrade(migrate_engine):\n    t.c.colour.drop()\n", {"new", "dropped"}),
    ("sql/V2__cars.sql", "ALTER TABLE cars DROP COLUMN colour;\n", {"new", "dropped"}),
    ("sql/U2__cars.sql", "ALTER TABLE cars DROP COLUMN colour;\n", set()),
    ("storage/schema/delta/56/cars.sql", "/* x */\nCREATE TABLE cars (a TEXT);\n", {"new"}),
    ("storage/schema/delta/56/cars.sql.postgres", "ALTER TABLE cars ALTER COLUMN a TYPE BIGINT;\n", {"new", "column-changed"}),
    ("prisma/migrations/1/migration.sql", 'CREATE UNIQUE INDEX "a" ON "cars"("b");\n', {"new", "unique"}),
    ("db/migrations/1.sql", "-- +goose Up\nCREATE TABLE a (b INT);\n-- +goose Down\nDROP TABLE a;\n", {"new"}),
    (
        "migrations/1_x.js",
        "exports.up = (knex) => knex.schema.dropTable('cars')\nexports.down = (knex) => knex.raw('DELETE FROM b')\n",
        {"new", "dropped"},
    ),
    (
        "store/migration/033_x.go",
        "func up(sess *xorm.Session) error {\n\t_, err := sess.Update(car)\n\treturn err\n}\n",
        {"new", "data"},
    ),
    (
        "db/changelog/1.xml",
        '<databaseChangeLog><changeSet id="1">\n<dropColumn columnName="a"/>\n</changeSet></databaseChangeLog>\n',
        {"new", "dropped"},
    ),
    ("docs/migrations/1.sql", "DROP TABLE cars;\n", set()),
    ("spec/db/migrate/20190101000000_a.rb", RAILS.format("up", "drop_table :cars"), set()),
    ("shop/migration.py", "def upgrade():\n    pass\n", set()),
]


@pytest.mark.parametrize(("path", "text", "expected"), ADDED)
def test_what_a_new_migration_does(path: str, text: str, expected: set[str]) -> None:
    assert facts(DETECTOR, {path: (None, text)}) == expected


CHANGED: list[tuple[Table, set[str]]] = [
    ({RAILS_PATH: (RAILS.format("change", "add_column :a, :b"), RAILS.format("change", "add_column :a, :c"))}, {"edited"}),
    ({RAILS_PATH: (RAILS.format("down", "a"), RAILS.format("down", "b"))}, set()),
    ({RAILS_PATH: (RAILS.format("up", "a 'b'"), RAILS.format("up", 'a("b") # c').replace(" # c", ""))}, set()),
    ({RAILS_PATH: (RAILS.format("up", "a"), None)}, {"deleted"}),
    (
        {f"db/migrate/2019010100000{n}_a.rb": (RAILS.format("up", "a"), RAILS.format("up", "b")) for n in range(4)},
        {"edited"},
    ),
    ({f"db/migrate/2019010100000{n}_a.rb": (None, RAILS.format("up", "a")) for n in range(3)}, {"new"}),
    ({"db/schema.rb": ("a\n", "b\n")}, {"dump"}),
    ({"db/schema.rb": ("a\n", "b\n"), RAILS_PATH: (None, RAILS.format("up", "a"))}, {"new", "dump"}),
    ({"shop/migrations/env.py": ("run(1)\n", "run(2)\n")}, {"machinery"}),
    ({"shop/cmd/dbsync.py": ("ONLINE_MIGRATIONS = (\n)\n", "ONLINE_MIGRATIONS = (\n    (dbapi, 'fill'),\n)\n")}, {"online"}),
]


@pytest.mark.parametrize(("table", "expected"), CHANGED)
def test_what_is_done_to_migrations(table: Table, expected: set[str]) -> None:
    assert facts(DETECTOR, table) == expected


def test_evidence_names_the_column_its_line_and_the_command() -> None:
    text = RAILS.format("change", "remove_column :cars, :colour, :string")
    (found,) = [each for each in evidence(DETECTOR, {RAILS_PATH: (None, text)}) if each.fact == "dropped"]
    assert found.subjects == ("cars", "colour", "string")
    assert found.line == 3
    assert "`cars`, `colour` and `string`" in found.message
    assert found.todo is not None
    assert (found.todo.phase, found.todo.run) == ("before-restart", "bundle exec rake db:migrate")
