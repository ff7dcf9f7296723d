"""Which files migrate a database or its data, told by their place and by what frameworks want written in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.path_roles import is_documentation, is_test
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from relbot.detect.engine.model import FileChange

_FOLDER = re.compile(
    r"(^|/)[^/]{0,200}(migrat|alembic|changelogs?|drizzle)[^/]{0,200}/|(^|/)(delta|deltas|db/data|schema/(delta|versions))/", re.I
)
_DUMP = re.compile(r"(^|/)db/([^/]*_)?(schema\.rb|structure\.sql)$")
_DOWN = re.compile(r"(\.|[-_])down\.sql|(^|/)(down\.sql|U\d[^/]{0,80}?__[^/]{0,80}\.sql)$", re.I)


class Format(NamedTuple):
    """A kind of migration: its id, and the command that usually runs it ("" where none is usual)."""

    id: str
    run: str


RAILS = Format("Rails", "bundle exec rake db:migrate")
RAILS_DATA = Format("Rails data", "bundle exec rake data:migrate")
DJANGO = Format("Django", "python manage.py migrate")
ALEMBIC = Format("Alembic", "alembic upgrade head")
SQLALCHEMY = Format("sqlalchemy-migrate", "")
PYTHON = Format("Python", "")
SQL = Format("SQL", "")
FLYWAY = Format("Flyway", "flyway migrate")
PRISMA = Format("Prisma", "npx prisma migrate deploy")
NODE = Format("Node", "")
KNEX = Format("Knex", "npx knex migrate:latest")
GO = Format("Go", "")
LARAVEL = Format("Laravel", "php artisan migrate --force")
DOCTRINE = Format("Doctrine", "php bin/console doctrine:migrations:migrate --no-interaction")
PHP = Format("PHP", "")
ECTO = Format("Ecto", "mix ecto.migrate")
EF_CORE = Format("EF Core", "dotnet ef database update")
FLUENT = Format("FluentMigrator", "dotnet fm migrate")
SEA_ORM = Format("SeaORM", "sea-orm-cli migrate up")
LIQUIBASE = Format("Liquibase", "liquibase update")
IN_CODE = Format("code", "")
"""One file of code with all migrations in a list, to which each new one is added."""


_LIST = re.compile(r"(^|/)(\w{1,40}_)?migrations?\.(go|py|rs|[cm]?[jt]s|kt|java|php|cs)$", re.I)


def is_list_of_migrations(change: FileChange) -> bool:
    """Whether a file of code that was there before holds all migrations."""
    both = change.before is not None and change.after is not None
    return both and _LIST.search(change.path) is not None and not is_test(change.path) and not in_folder(change.path)


_TIMED = re.compile(r"(^|/)migrations/\d{14}_\w+\.sql$")
"""As sqlx names its migrations."""


def has_checksum(path: str, form: Format) -> bool:
    """Whether what runs a migration keeps a checksum of it, and refuses one that was edited."""
    return form in (FLYWAY, PRISMA, LIQUIBASE) or _TIMED.search(path) is not None


def is_dump(path: str) -> bool:
    """Whether it is the schema as Rails writes it down after migrating."""
    return _DUMP.search(path) is not None


def in_folder(path: str) -> bool:
    """Whether it lies where migrations and what runs them lie."""
    return _FOLDER.search(path) is not None and not is_test(path) and not is_documentation(path)


def migration_format(path: str, text: str) -> Format | None:
    """The kind of migration that a file is; None for everything else, and for files that only undo one."""
    ending = path.rpartition(".")[2].lower()
    find = _BY_ENDING.get(ending) or (_sql_format if _SQL_NAME.search(path) else None)
    if find is None or is_test(path) or is_dump(path):
        return None
    return find(path, text)


_SQL_NAME = re.compile(r"\.sql(\.\w+)?$", re.I)
_RAILS = re.compile(r"(^|/)(\w+_)?migrate/\d+_\w+\.rb$|(^|/)db/migrations?/\d+_\w+\.rb$")
_RAILS_DATA = re.compile(r"(^|/)db/(data|data_migrations?)/\d+_\w+\.rb$")
_ALEMBIC = re.compile(r"^down_revision\b", re.M)
_UPGRADE = re.compile(r"^def (upgrade|run_upgrade|run_create|migrate|up)\(", re.M)
_GO_NUMBERED = re.compile(r"(^|/)v?\d{2,20}_?\w{0,200}\.go$")
_NODE_WORDS = re.compile(
    r"exports\.up\b|\bup\s*\(|\bup\s*[:=]\s*(async\b|function\b|\()"
    r"|export (const|async function|function) up\b|MigrationInterface"
)
_NUMBERED_SQL = re.compile(r"(^|/)(db|database|sql|schema)/(\w{1,40}/)?\d{2,14}[_-][^/]{1,100}\.sql$", re.I)
_VERSIONED = re.compile(r"(^|/)[VR][\d.]*+(?:_[\d.]++)*+__[^/]+\.sql$")
_STATEMENT = re.compile(r"\b(create|alter|drop|update|insert|delete|truncate|rename|sp_rename|revoke|grant)\b", re.I)


def _ruby_format(path: str, _: str) -> Format | None:
    if _RAILS_DATA.search(path):
        return RAILS_DATA
    return RAILS if _RAILS.search(path) else None


def _python_format(path: str, text: str) -> Format | None:
    if "migrations.Migration" in text and "class Migration" in text:
        return DJANGO
    if not in_folder(path):
        return None
    if _ALEMBIC.search(text):
        return ALEMBIC
    if "migrate_engine" in text and _UPGRADE.search(text):
        return SQLALCHEMY
    if "from yoyo import" in text:
        return PYTHON
    return (
        PYTHON
        if _UPGRADE.search(text) and re.search(r"(^|/)v?\d{1,20}\w{0,200}\.py$|/\d{1,20}(\.\d{1,20}){0,20}/", path)
        else None
    )


def _sql_format(path: str, text: str) -> Format | None:
    if _DOWN.search(path):
        return None
    if _VERSIONED.search(path):
        return FLYWAY
    if not (in_folder(path) or _NUMBERED_SQL.search(path)) or not _STATEMENT.search(text):
        return None
    return PRISMA if path.endswith("/migration.sql") else SQL


def _go_format(path: str, text: str) -> Format | None:
    if not in_folder(path):
        return None
    return GO if _GO_NUMBERED.search(path) or "gormigrate.Migration{" in text or "goose.AddMigration" in text else None


def _rust_format(_: str, text: str) -> Format | None:
    return SEA_ORM if "MigrationTrait for" in text else None


def _jvm_format(_: str, text: str) -> Format | None:
    return FLYWAY if re.search(r"\b(BaseJavaMigration|JavaMigration|JdbcMigration)\b", text) else None


def _node_format(path: str, text: str) -> Format | None:
    if in_folder(path) and _NODE_WORDS.search(text):
        return KNEX if "knex" in text else NODE
    return None


def _php_format(path: str, text: str) -> Format | None:
    if not in_folder(path):
        return None
    if "extends AbstractMigration" in text:
        return DOCTRINE if "Schema" in text or "addSql" in text else PHP
    return LARAVEL if "extends Migration" in text else None


def _elixir_format(_: str, text: str) -> Format | None:
    return ECTO if "use Ecto.Migration" in text else None


def _c_sharp_format(path: str, text: str) -> Format | None:
    if re.search(r"^[ \t]*\[Migration\(\d", text, re.M):
        return FLUENT
    is_snapshot = path.endswith((".Designer.cs", "ModelSnapshot.cs"))
    return EF_CORE if "MigrationBuilder" in text and not is_snapshot else None


def _liquibase_format(_: str, text: str) -> Format | None:
    return LIQUIBASE if "databaseChangeLog" in text and re.search(r"<changeSet|changeSet\"?:", text) else None


_BY_ENDING = {
    "rb": _ruby_format,
    "py": _python_format,
    "sql": _sql_format,
    "go": _go_format,
    "js": _node_format,
    "ts": _node_format,
    "mjs": _node_format,
    "cjs": _node_format,
    "php": _php_format,
    "exs": _elixir_format,
    "cs": _c_sharp_format,
    "rs": _rust_format,
    "java": _jvm_format,
    "kt": _jvm_format,
    "xml": _liquibase_format,
    "yaml": _liquibase_format,
    "yml": _liquibase_format,
    "json": _liquibase_format,
}


_BACK = {
    "rb": re.compile(r"^(\s*)def (self\.)?down\b"),
    "py": re.compile(r"^(\s*)(async )?def (downgrade|run_downgrade|backwards?|reverse\w*|unmigrate\w*|down|rollback\w*)\b"),
    "go": re.compile(r"^(\s*)(func \w*([dD]own|[rR]ollback)\w*\(|Rollback:|Down:)"),
    "js": re.compile(
        r"^(\s*)((module\.)?exports\.down\b|(public )?(async )?down\s*\(|down\s*:|export (const|async function|function) down\b)"
    ),
    "sql": re.compile(r"^(\s*)--\s*(\+goose Down|\+migrate Down|!Downs|migrate:down|rollback|@UNDO)", re.I),
}
_FORWARD_AGAIN = re.compile(r"^\s*--\s*(\+goose Up|\+migrate Up|!Ups|migrate:up)", re.I)
_COMMENT = {"rb": "#", "py": "#", "go": "//", "js": "//", "sql": "--"}


def forward_lines(path: str, text: str) -> list[str]:
    """The lines that lead forward, without comments, empty lines and the way back."""
    language = _comment_language(path)
    back, comment = _BACK.get(language), _COMMENT.get(language)
    kept: list[str] = []
    inside: int | None = None
    for line in text.split("\n"):
        stripped = line.strip()
        if not stripped:
            continue
        depth = len(line) - len(line.lstrip())
        if inside is not None:
            ended = _FORWARD_AGAIN.match(line) if language == "sql" else depth <= inside
            if not ended:
                continue
            inside = None
            if stripped[0] in "})" or stripped == "end":
                continue
        if back and (match := back.match(line)):
            inside = len(match[1])
            continue
        if comment and stripped.startswith(comment):
            continue
        kept.append(line)
    return kept


def is_sql_file(path: str) -> bool:
    """Whether it is a file of SQL, perhaps for one database: `cars.sql`, `cars.sql.postgres`."""
    return _SQL_NAME.search(path) is not None


def _comment_language(path: str) -> str:
    if _SQL_NAME.search(path):
        return "sql"
    ending = path.rpartition(".")[2].lower()
    return "js" if ending in ("ts", "mjs", "cjs") else ending
