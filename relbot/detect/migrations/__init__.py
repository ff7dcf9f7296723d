"""The detector `migrations`."""

from relbot.detect.engine.file_patterns import FilePattern

READS = (
    FilePattern(
        parts=("migrat", "alembic", "/delta", "db/data", "schema", "changelog", "structure.sql", "__", "drizzle", ".prisma")
    ),
    FilePattern((".py",), words=(b"migrations.Migration", b"ONLINE_MIGRATIONS")),
)
