"""The facts of `migrations`."""

from __future__ import annotations

from functools import partial

from relbot.detect.engine.facts import ANY_PHASE, ASK, BEFORE_RESTART, LATER, NOTE, REQUIRE, Fact, Subject
from relbot.detect.migrations.schema_facts import HARMLESS, SCHEMA_FACTS, rails_example, sql_example

_MIGRATION = Subject.MIGRATION
_VALIDATES = "spring.jpa.hibernate.ddl-auto=validate\n"
_at_any_time = partial(Fact, phases=ANY_PHASE)

FACTS = (
    *SCHEMA_FACTS,
    _at_any_time(
        "data",
        "a new migration rewrites data",
        ASK,
        _MIGRATION,
        "It can take long on large tables and may find unexpected rows. A rollback does not undo it.",
        wrong=rails_example('Car.where(colour: nil).update_all(colour: "grey")'),
        right=HARMLESS,
    ),
    _at_any_time(
        "rows-added",
        "a new migration adds rows",
        NOTE,
        _MIGRATION,
        "The tables get a few more rows.",
    ),
    _at_any_time(
        "start-removed",
        "a program or a container no longer migrates the database when it starts",
        REQUIRE,
        Subject.FILE,
        "The new code meets the old schema until you run the migrations.",
        wrong={"docker-entrypoint.sh": ("python manage.py migrate\nexec gunicorn shop\n", "exec gunicorn shop\n")},
        right={
            "docker-entrypoint.sh": (
                "python manage.py migrate\nexec gunicorn shop\n",
                "python manage.py migrate\nexec uvicorn shop\n",
            )
        },
    ),
    _at_any_time(
        "recreated",
        "a program drops its tables when it starts",
        REQUIRE,
        Subject.FILE,
        "All rows are lost at the first start.",
        wrong={"src/main/resources/application.properties": (_VALIDATES, _VALIDATES.replace("validate", "create"))},
        right={"src/main/resources/application.properties": (_VALIDATES, _VALIDATES.replace("validate", "none"))},
    ),
    _at_any_time(
        "charset",
        "a new migration changes character sets or collations",
        ASK,
        _MIGRATION,
        "New columns get the new encoding, and you may have to change that of the connection too.",
        wrong=sql_example("ALTER TABLE cars DEFAULT CHARACTER SET utf8mb4;"),
        right=HARMLESS,
    ),
    _at_any_time(
        "background",
        "a new migration starts background jobs",
        ASK,
        _MIGRATION,
        "The jobs must finish before the next upgrade.",
        wrong=rails_example("FillColours.perform_later"),
        right=HARMLESS,
    ),
    _at_any_time(
        "irreversible",
        "a new migration says that it cannot be undone",
        ASK,
        _MIGRATION,
        "You can go back to the version before only from a backup.",
        wrong=rails_example("raise ActiveRecord::IrreversibleMigration"),
        right=HARMLESS,
    ),
    _at_any_time(
        "stops",
        "a new migration stops under a condition",
        REQUIRE,
        _MIGRATION,
        "The migration refuses to run until you meet its condition.",
        wrong=rails_example('raise "Merge cars first" if Car.double?'),
        right=HARMLESS,
    ),
    _at_any_time(
        "reads-settings",
        "a new migration reads the configuration",
        NOTE,
        _MIGRATION,
        "What it does depends on how the installation is configured.",
    ),
    _at_any_time(
        "edited-checked",
        "an existing migration is edited, of which the program that runs it has kept a checksum",
        REQUIRE,
        _MIGRATION,
        "Where the migration has run, the next one stops: its checksum is another one.",
        wrong={"db/migration/V6__cars.sql": ("CREATE TABLE cars (id int);\n", "CREATE TABLE cars (id bigint);\n")},
        right={"db/migration/V6__cars.sql": ("CREATE TABLE cars (id int);\n", "-- Cars.\nCREATE TABLE cars (id int);\n")},
    ),
    _at_any_time(
        "edited",
        "an existing migration is edited",
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
        "The project finds, orders or runs its migrations differently.",
        wrong={"db/migrations/env.py": ("run(transaction=True)\n", "run(transaction=False)\n")},
    ),
    Fact(
        "online",
        "online data migrations change",
        ASK,
        _MIGRATION,
        "Run the online migrations until none remain.",
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
        "The schema dump follows the migrations.",
        wrong={"db/schema.rb": ('create_table "cars"\n', 'create_table "cars"\ncreate_table "buses"\n')},
    ),
)
