"""What the detector of migrations sees, per framework."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from relbot.config.model import Rules
from relbot.detect.migrations.detector import DETECTOR
from relbot.review.rules.levels import grade_facts
from tests.detect.changes import evidence, facts

if TYPE_CHECKING:
    from relbot.detect.engine.facts import Table
    from relbot.detect.engine.model import Evidence

RAILS = "class A < ActiveRecord::Migration[6.0]\n  def {}\n    {}\n  end\nend\n"
CHANGE = RAILS.replace("def {}", "def change")
DJANGO = "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n    operations = [\n        {}\n    ]\n"
ALEMBIC = "down_revision = 'a'\n\n\ndef upgrade():\n    {}\n\n\ndef downgrade():\n    op.drop_table('everything')\n"
RAILS_PATH = "src/api/db/migrate/20190101000000_a.rb"
DJANGO_PATH = "shop/db_migrations/0002_b.py"
ALEMBIC_PATH = "shop/db/migration/versions/1a_c.py"

LARAVEL = (
    "<?php\nreturn new class extends Migration {{\n    public function up(): void\n    {{\n        {}\n    }}\n\n"
    "    public function down(): void\n    {{\n        Schema::drop('everything');\n    }}\n}};\n"
)
DOCTRINE = (
    "<?php\nfinal class V1 extends AbstractMigration\n{{\n    public function up(Schema $schema): void\n"
    "    {{\n        {}\n    }}\n}}\n"
)
ECTO = "defmodule A do\n  use Ecto.Migration\n\n  def change do\n    {}\n  end\nend\n"
EF = (
    "public partial class A : Migration\n{{\n    protected override void Up(MigrationBuilder migrationBuilder)\n"
    "    {{\n        {}\n    }}\n    protected override void Down(MigrationBuilder migrationBuilder)\n    {{\n"
    '        migrationBuilder.DropTable(name: "Everything");\n    }}\n}}\n'
)
KNEX = "exports.up = async (knex) => {{\n  {}\n}};\n\nexports.down = (knex) => knex.schema.dropTable('all');\n"
SEQUELIZE = (
    "module.exports = {{\n  async up(queryInterface, Sequelize) {{\n    {}\n  }},\n"
    "  async down(q) {{ await q.dropTable('all'); }},\n}};\n"
)
LARAVEL_PATH = "database/migrations/2024_a.php"
DOCTRINE_PATH = "migrations/Version1.php"
ECTO_PATH = "priv/repo/migrations/2024_a.exs"
EF_PATH = "src/Migrations/2024_A.cs"
NODE_PATH = "migrations/2024_a.js"

# What a statement does, and to what: the table, or its column.
STEPS = [
    (RAILS_PATH, CHANGE, "remove_column :users, :flag, :integer", {"dropped": "users.flag"}),
    (RAILS_PATH, CHANGE, "remove_columns :users, :a, :b", {"dropped": "users.a users.b"}),
    (RAILS_PATH, CHANGE, "drop_table :users do |t|\n      t.string :name\n    end", {"dropped": "users"}),
    (RAILS_PATH, CHANGE, "change_table(:users) { |t| t.remove :a }", {"dropped": "users.a"}),
    (RAILS_PATH, CHANGE, "rename_column :users, :a, :b", {"renamed": "users.a"}),
    (RAILS_PATH, CHANGE, "remove_reference :users, :team", {"dropped": "users.team_id"}),
    (RAILS_PATH, CHANGE, "add_column :users, :a, :string, null: false", {"column-added-required": "users.a"}),
    (RAILS_PATH, CHANGE, 'add_column :users, :a, :string, null: false, default: ""', {}),
    (RAILS_PATH, CHANGE, "change_column_null :users, :a, false", {"not-null": "users.a"}),
    (RAILS_PATH, CHANGE, "change_column_null :users, :a, true", {}),
    (RAILS_PATH, CHANGE, "add_index :users, [:a, :b], unique: true", {"unique": "users.a,b"}),
    (RAILS_PATH, CHANGE, "create_table(:users) { |t| t.string :a, null: false }\n    add_index :users, :a, unique: true", {}),
    (RAILS_PATH, CHANGE, "execute <<~SQL\n      DROP TABLE cars;\n    SQL", {"dropped": "cars"}),
    (RAILS_PATH, CHANGE, "User.where(a: nil).delete_all", {"rows-deleted": "User"}),
    (RAILS_PATH, CHANGE, "reversible do |dir|\n      dir.down { drop_table :users }\n    end", {}),
    (DJANGO_PATH, DJANGO, "migrations.DeleteModel(name='Car'),", {"dropped": "Car"}),
    (DJANGO_PATH, DJANGO, "migrations.AddField('car', 'a', models.CharField(max_length=9)),", {"column-added-required": "car.a"}),
    (DJANGO_PATH, DJANGO, "migrations.AddField('car', 'a', models.CharField(max_length=9, default='')),", {}),
    (DJANGO_PATH, DJANGO, "migrations.RunSQL('DELETE FROM car', reverse_sql='DROP TABLE car'),", {"rows-deleted": "car"}),
    (ALEMBIC_PATH, ALEMBIC, "op.alter_column('cars', 'a', new_column_name='b')", {"renamed": "cars.a"}),
    (ALEMBIC_PATH, ALEMBIC, "op.alter_column('cars', 'a', nullable=False)", {"not-null": "cars.a"}),
    (
        ALEMBIC_PATH,
        ALEMBIC,
        "with op.batch_alter_table('cars') as batch_op:\n        batch_op.drop_column('a')",
        {"dropped": "cars.a"},
    ),
    (ALEMBIC_PATH, ALEMBIC, "op.create_unique_constraint('uq', 'cars', ['a'])", {"unique": "cars.a"}),
    (ALEMBIC_PATH, ALEMBIC, "op.drop_constraint('fk', 'cars')", {"constraint-dropped": "cars.fk"}),
    (
        ALEMBIC_PATH,
        ALEMBIC,
        "op.add_column('cars', sa.Column('a', sa.String(), nullable=False))",
        {"column-added-required": "cars.a"},
    ),
    (LARAVEL_PATH, LARAVEL, "Schema::dropIfExists('cars');", {"dropped": "cars"}),
    (LARAVEL_PATH, LARAVEL, "Schema::rename('cars', 'buses');", {"renamed": "cars"}),
    (
        LARAVEL_PATH,
        LARAVEL,
        "Schema::table('cars', function (Blueprint $table) { $table->dropColumn(['a', 'b']); });",
        {"dropped": "cars.a cars.b"},
    ),
    (
        LARAVEL_PATH,
        LARAVEL,
        "Schema::table('cars', function (Blueprint $table) { $table->string('a'); });",
        {"column-added-required": "cars.a"},
    ),
    (LARAVEL_PATH, LARAVEL, "Schema::table('cars', function (Blueprint $table) { $table->string('a')->default(''); });", {}),
    (LARAVEL_PATH, LARAVEL, "Schema::create('cars', function (Blueprint $table) { $table->string('a')->unique(); });", {}),
    (LARAVEL_PATH, LARAVEL, "DB::table('cars')->where('a', 1)->delete();", {"rows-deleted": "cars"}),
    (DOCTRINE_PATH, DOCTRINE, "$this->addSql('ALTER TABLE cars DROP a');", {"dropped": "cars.a"}),
    (ECTO_PATH, ECTO, "drop table(:cars)", {"dropped": "cars"}),
    (ECTO_PATH, ECTO, "alter table(:cars) do\n      remove :a\n    end", {"dropped": "cars.a"}),
    (ECTO_PATH, ECTO, "rename table(:cars), :a, to: :b", {"renamed": "cars.a"}),
    (ECTO_PATH, ECTO, "alter table(:cars) do\n      add :a, :string, null: false\n    end", {"column-added-required": "cars.a"}),
    (ECTO_PATH, ECTO, "create unique_index(:cars, [:a])", {"unique": "cars.a"}),
    (ECTO_PATH, ECTO, "create table(:cars) do\n      add :a, :string, null: false\n    end", {}),
    (EF_PATH, EF, 'migrationBuilder.DropColumn(name: "A", table: "Cars");', {"dropped": "Cars.A"}),
    (EF_PATH, EF, 'migrationBuilder.RenameColumn(name: "A", table: "Cars", newName: "B");', {"renamed": "Cars.A"}),
    (EF_PATH, EF, 'migrationBuilder.AddColumn<string>(name: "A", table: "Cars", nullable: true);', {}),
    (EF_PATH, EF, 'migrationBuilder.Sql("TRUNCATE TABLE Cars");', {"rows-deleted": "Cars"}),
    (NODE_PATH, KNEX, "await knex.schema.alterTable('cars', (t) => { t.dropColumn('a'); });", {"dropped": "cars.a"}),
    (
        NODE_PATH,
        KNEX,
        "await knex.schema.alterTable('cars', (t) => { t.string('a').notNullable(); });",
        {"column-added-required": "cars.a"},
    ),
    (NODE_PATH, KNEX, "await knex.schema.alterTable('cars', (t) => { t.string('a'); });", {}),
    (NODE_PATH, KNEX, "await knex('cars').where({ a: 1 }).del();", {"rows-deleted": "cars"}),
    (NODE_PATH, SEQUELIZE, "await queryInterface.removeColumn('cars', 'a');", {"dropped": "cars.a"}),
    (NODE_PATH, SEQUELIZE, "await queryInterface.renameColumn('cars', 'a', 'b');", {"renamed": "cars.a"}),
    (
        NODE_PATH,
        SEQUELIZE,
        "await queryInterface.addColumn('cars', 'a', { type: Sequelize.STRING, allowNull: false });",
        {"column-added-required": "cars.a"},
    ),
    (
        "store/migrations/033_x.go",
        "package a\n\nfunc Up033(tx *sql.Tx) error {{\n\t{}\n\treturn nil\n}}\n",
        'tx.Exec("DROP TABLE cars")',
        {"dropped": "cars"},
    ),
    (
        "db/changelog/a.xml",
        "<databaseChangeLog><changeSet id='1'>{}</changeSet></databaseChangeLog>",
        "<dropColumn tableName='cars' columnName='a'/>",
        {"dropped": "cars.a"},
    ),
    ("m/migrations/1.sql", "{}\n", "/* DROP TABLE a; */ SELECT 'DROP TABLE b';", {}),
    ("m/migrations/1.sql", "{}\n", 'DROP TABLE IF EXISTS public.a, "B";', {"dropped": "a B"}),
    ("m/migrations/1.sql", "{}\n", "ALTER TABLE a\n  DROP COLUMN b,\n  RENAME c TO d;", {"dropped": "a.b", "renamed": "a.c"}),
    ("m/migrations/1.sql", "{}\n", "ALTER TABLE `a` CHANGE COLUMN `b` `c` INT;", {"renamed": "a.b", "column-changed": "a.b"}),
    ("m/migrations/1.sql", "{}\n", "DO $$ BEGIN IF true THEN DROP TABLE a; END IF; END $$;", {"dropped": "a"}),
    ("m/migrations/1.sql", "{}\n", "CREATE TABLE a (b int); CREATE UNIQUE INDEX c ON a (b); DROP TABLE d;", {"dropped": "d"}),
    ("m/migrations/1.sql", "{}\n", "ALTER TABLE a ADD PRIMARY KEY USING INDEX b;", {}),
]


def standing(table: Table) -> list[Evidence]:
    """What the detector sees in a change set, without the additions and what these answer."""
    graded = grade_facts(evidence(DETECTOR, table), Rules(), {})
    return [one.evidence for one in graded if not one.changed_by and one.evidence.fact not in ("table-added", "column-added")]


@pytest.mark.parametrize(("path", "around", "statement", "expected"), STEPS)
def test_each_step_names_its_table_and_column(path: str, around: str, statement: str, expected: dict[str, str]) -> None:
    seen = {found.fact: " ".join(found.subjects) for found in standing({path: (None, around.format(statement))})}
    assert seen.pop("new") == path
    assert seen == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("models.CharField(max_length=9, null=True)", "models.CharField(max_length=9)", "not-null"),
        ("models.CharField(max_length=9)", "models.CharField(max_length=99)", "column-widened"),
        ("models.CharField(max_length=9)", "models.CharField(max_length=5)", "column-changed"),
        ("models.CharField(max_length=9)", "models.CharField(max_length=9, unique=True)", "unique"),
        ("models.CharField(max_length=9)", "models.IntegerField()", "column-changed"),
        ("models.CharField(max_length=9)", "models.CharField(max_length=9, help_text='a')", "field-described"),
    ],
)
def test_what_an_altered_field_does_is_told_by_the_model_as_it_was(before: str, after: str, expected: str) -> None:
    model = "class Car(models.Model):\n    colour = {}\n"
    table: Table = {
        "shop/models.py": (model.format(before), model.format(after)),
        "shop/migrations/0002_b.py": (None, DJANGO.format(f"migrations.AlterField('car', 'colour', {after}),")),
    }
    assert facts(DETECTOR, table) == {"new", expected}


def test_a_column_that_the_change_set_brings_and_drops_is_answered() -> None:
    table: Table = {
        "db/migrate/1_a.rb": (None, RAILS.format("change", "add_column :cars, :a, :string")),
        "db/migrate/2_b.rb": (None, RAILS.format("change", "remove_column :cars, :a, :string")),
    }
    seen = {found.fact: found.subjects for found in evidence(DETECTOR, table)}
    assert seen["dropped"] == seen["column-added"] == ("cars.a",)


def test_a_squashed_migration_does_nothing() -> None:
    text = DJANGO.format("migrations.DeleteModel('Car'),").replace(
        "    operations", "    replaces = [('a', 'b')]\n    operations"
    )
    assert facts(DETECTOR, {DJANGO_PATH: (None, text)}) == {"new"}


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
    (RAILS_PATH, RAILS.format("up", 'execute("ALTER TABLE cars CONVERT TO CHARACTER SET utf8mb4")'), {"new", "column-changed"}),
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
    assert {found.fact for found in standing({path: (None, text)})} == expected


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
    assert {found.fact for found in standing(table)} == expected


def test_evidence_names_the_column_its_line_and_the_command() -> None:
    text = RAILS.format("change", "remove_column :cars, :colour, :string")
    (found,) = [each for each in evidence(DETECTOR, {RAILS_PATH: (None, text)}) if each.fact == "dropped"]
    assert found.subjects == ("cars.colour",)
    assert found.line == 3
    assert "`cars.colour`" in found.message
    assert found.todo is not None
    assert (found.todo.phase, found.todo.run) == ("after-restart", "bundle exec rake db:migrate")
    for fact, step in (
        ("renamed", "rename_column :cars, :colour, :color"),
        ("not-null", "change_column_null :cars, :colour, false"),
    ):
        seen = evidence(DETECTOR, {RAILS_PATH: (None, RAILS.format("change", step))})
        assert [each.todo.phase for each in seen if each.fact == fact and each.todo] == ["after-restart"]
