"""The detector `migrations`."""

from relbot.detect.engine.file_patterns import FilePattern

STARTS_WITH = (
    *(b".AutoMigrate(", b".Database.Migrate", b".EnsureCreated", b".create_all(", b"sequelize.sync(", b".runMigrations("),
    *(b"migrate!(", b"manage.py migrate", b"db:migrate", b"db:prepare", b"artisan migrate", b"prisma migrate deploy"),
    *(b"alembic upgrade", b"knex migrate:latest", b"flask db upgrade", b"diesel migration run", b"doctrine:migrations:migrate"),
    *(b"Ecto.Migrator.run", b"Release.migrate", b"sequelize db:migrate", b"typeorm migration:run", b"flyway migrate"),
)
"""Calls and commands that migrate a database; where a program or a container starts with one, nobody else has to."""
START_HINTS = (b"igrat", b"EnsureCreated", b"create_all(", b"sequelize.sync(", b"b:prepare", b"alembic upgrade", b"db upgrade")
"""One of them is in each of those: to look for them takes a third of the time."""
RECREATES_WITH = (
    *(b"ddl-auto", b"hbm2ddl", b"schema-generation", b"database.generation", b"dropSchema", b"sync({", b"EnsureDeleted"),
    *(b"migrate:fresh", b"schema:load", b"--force-reset", b"--accept-data-loss", b"drop_all("),
)
"""Settings, calls and commands by which a program makes its tables anew."""
READS = (
    FilePattern(
        parts=("migrat", "alembic", "/delta", "db/data", "schema", "changelog", "structure.sql", "__", "drizzle", ".prisma")
    ),
    FilePattern((".sql",), parts=("/db/", "/database/", "/sql/")),
    FilePattern(words=(*START_HINTS, *RECREATES_WITH)),
    FilePattern((".py",), words=(b"migrations.Migration", b"ONLINE_MIGRATIONS")),
)
