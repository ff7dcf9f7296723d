"""Operations of migrations that few frameworks have: what each does, and to what."""

from __future__ import annotations

import pytest

from relbot.detect.migrations.detector import DETECTOR
from tests.detect.changes import evidence

FLUENT = (
    "using FluentMigrator;\n[Migration(2)]\npublic class B : Migration\n{\n    public override void Up()\n    {\n"
    "        STATEMENT\n    }\n    public override void Down()\n    {\n    }\n}\n"
)
SEA = (
    "use sea_orm_migration::prelude::*;\n#[async_trait::async_trait]\nimpl MigrationTrait for Migration {\n"
    "    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {\n        STATEMENT\n    }\n}\n"
)
MONGO = "module.exports = {\n  async up(db) {\n    STATEMENT\n  },\n};\n"
SEQUELIZE = "module.exports = {\n  async up(queryInterface, Sequelize) {\n    STATEMENT\n  },\n};\n"
RAILS = "class B < ActiveRecord::Migration[7.0]\n  def change\n    STATEMENT\n  end\nend\n"
REQUIRED = "column-added-required"
ALL = {
    "src/Migrations/B.cs": FLUENT,
    "migration/src/m2_b.rs": SEA,
    "migrations/2-b.js": MONGO,
    "database/migrations/2-b.js": SEQUELIZE,
    "db/migrate/2_b.rb": RAILS,
}


@pytest.mark.parametrize(
    ("path", "statement", "fact", "subject"),
    [
        ("src/Migrations/B.cs", 'Delete.FromTable("Cars").AllRows();', "rows-deleted", "Cars"),
        ("src/Migrations/B.cs", 'Delete.ForeignKey("FK").OnTable("Cars");', "constraint-dropped", "Cars"),
        ("src/Migrations/B.cs", 'Rename.Column("A").OnTable("Cars").To("B");', "renamed", "Cars.A"),
        ("src/Migrations/B.cs", 'Create.UniqueConstraint("U").OnTable("Cars").Column("A");', "unique", "Cars.A"),
        (
            "src/Migrations/B.cs",
            'Alter.Table("Cars").AddColumn("A").AsString().NotNullable();',
            "column-added-required",
            "Cars.A",
        ),
        ("src/Migrations/B.cs", 'Alter.Column("A").OnTable("Cars").AsString().NotNullable();', "not-null", "Cars.A"),
        ("src/Migrations/B.cs", 'Update.Table("Cars").Set(new { A = 1 }).AllRows();', "data", "Cars"),
        (
            "migration/src/m2_b.rs",
            "manager.alter_table(Table::alter().table(Cars::Table).drop_column(Cars::Colour).to_owned()).await",
            "dropped",
            "Cars.Colour",
        ),
        ("migrations/2-b.js", 'await db.collection("cars").deleteMany({});', "rows-deleted", "cars"),
        ("migrations/2-b.js", 'await db.collection("cars").rename("autos");', "renamed", "cars"),
        ("migrations/2-b.js", 'await db.collection("cars").updateMany({}, { $set: { a: 1 } });', "data", "cars"),
        ("migrations/2-b.js", 'await db.collection("cars").createIndex({ a: 1 }, { unique: true });', "unique", "cars"),
        (
            "database/migrations/2-b.js",
            'await queryInterface.addConstraint("cars", { type: "unique", fields: ["plate"] });',
            "unique",
            "cars.plate",
        ),
        ("db/migrate/2_b.rb", "remove_timestamps :cars", "dropped", "cars.created_at"),
        ("db/migrate/2_b.rb", "add_timestamps :cars", "column-added-required", "cars.created_at"),
    ],
)
def test_what_it_does(path: str, statement: str, fact: str, subject: str) -> None:
    found = evidence(DETECTOR, {path: (None, ALL[path].replace("STATEMENT", statement))})
    assert subject in {each for one in found if one.fact == fact for each in one.subjects}, found


def test_prisma_tells_by_its_schema() -> None:
    before = "model Car {\n  id Int @id\n  a String\n  b Int\n  c String?\n}\nmodel Gone {\n  id Int @id\n}\n"
    after = "model Car {\n  id Int @id\n  b BigInt\n  c String?\n  d String\n}\nmodel New {\n  id Int @id\n}\n"
    found = evidence(DETECTOR, {"prisma/schema.prisma": (before, after)})
    seen = {(one.fact, each) for one in found for each in one.subjects}
    assert {("dropped", "Gone"), ("dropped", "Car.a"), ("column-changed", "Car.b"), ("column-added-required", "Car.d")} <= seen, (
        seen
    )
