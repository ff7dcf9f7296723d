"""What a migration does, read from the words of migration frameworks and of SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from relbot.detect.engine import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Operation(NamedTuple):
    """One thing that a migration does: the fact it is, the words that say so, the names in them."""

    fact: str
    words: str
    names: tuple[str, ...]


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.I)


# One table over all frameworks: their words differ so much that none is taken for another's.
_OPERATIONS = (
    (
        "dropped",
        _any_of(
            r"\bdrop\s+(table|column)\b",
            r"\b(drop_table|drop_column|remove_columns?|remove_reference|remove_belongs_to|drop_join_table)\b",
            r"\b(RemoveField|DeleteModel|DropTable|DropColumn|dropTable\w*|dropColumns?|dropTableColumns|removeColumn)\b",
            r"\b\w+\.c\.\w+\.drop\(|\btable\w*\.drop\(",
        ),
    ),
    (
        "renamed",
        _any_of(
            r"\brename\s+(to|column)\b|\brename\s+table\b|\bchange\s+column\b",
            r"\b(rename_table|rename_column|RenameField|RenameModel|AlterModelTable|rename(Table|Column)|new_column_name)\b",
        ),
    ),
    (
        "column-changed",
        _any_of(
            r"\balter\s+column\s+\S+\s+(set\s+data\s+)?type\b|\bmodify\s+(column\s+)?[`\"\w]+\s+\w+",
            r"\bchange_column\b(?!_)|\bt\.change\b(?!_)|\balter_column\(|\.alter\((?!\))|\bchangeColumn\b|\.alter\(\)|\bmodifyDataType\b",
        ),
    ),
    ("field-altered", re.compile(r"\bAlterField\b")),
    (
        "not-null",
        _any_of(
            r"\bset\s+not\s+null\b|\badd\s+column\s+\S+\s+\w+(\(\w+\))?\s+not\s+null(?!.*default)",
            r"\bchange_column_null\b.*false|\bnullable\s*=\s*False\b.*existing|\bexisting\w*.*nullable\s*=\s*False|\baddNotNullConstraint\b",
        ),
    ),
    (
        "unique",
        _any_of(
            r"\bcreate\s+unique\s+index\b|\badd\s+(constraint\s+\S+\s+)?unique\b|\badd\s+(constraint\s+\S+\s+)?primary\s+key\b",
            r"\badd_index\b.*unique:?\s*(=>)?\s*true|\b(create_unique_constraint|AlterUniqueTogether|UniqueConstraint|addUniqueConstraint)\b",
        ),
    ),
    (
        "index",
        _any_of(
            r"\bcreate\s+index\s+(?!concurrently)|\b(add_index|AddIndex|create_index|createIndex)\b(?!.*concurrently)",
        ),
    ),
    (
        "constraint-dropped",
        _any_of(
            r"\b(drop\s+(index|constraint)|remove_index|remove_foreign_key|RemoveConstraint|RemoveIndex|drop_constraint|drop_index)\b"
        ),
    ),
    (
        "data",
        _any_of(
            r"\bupdate\s+[`\"\w.{}%]+\s+(as\s+\w+\s+|\w+\s+)?set\b|\bdelete\s+from\b|\binsert\s+(ignore\s+)?into\b.*\bselect\b",
            r"\b(RunPython|bulk_update|bulk_create|find_each|find_in_batches|in_batches|each_batch|update_all|delete_all|destroy_all"
            r"|insert_all|upsert_all|update_columns?|update_attributes?|update_all!|bulkUpdate|bulkInsert|backfill)\b",
            r"\.(update|delete)\(\)|\.objects\.(all|filter|create|exclude|get_or_create|update)\b|\.save[!(]|\.(create|update|destroy)!",
            r"\b(sess|session|engine|db|tx)\.(Iterate|Update|Insert|Delete)\(",
        ),
    ),
    ("rows-added", _any_of(r"\binsert\s+(ignore\s+)?into\b(?!\s+background_)|\bbulk_insert\b|\.insert\(\)|\bbulkInsert\b")),
    ("charset", _any_of(r"\butf8mb4\b|\bcharacter\s+set\b|\bcollation\s*[:=]|\bcollate\b")),
    (
        "background",
        _any_of(
            r"\bbackground_(update|migration)s?\b|\bonline_(data_)?migrations?\b|\bqueue_background\w*|\bperform_(later|async)\b"
        ),
    ),
    ("irreversible", _any_of(r"\bIrreversibleMigration\b|\bIrreversibleError\b|\birreversible\b")),
    (
        "stops",
        re.compile(
            r"^\s*(raise|abort|panic|throw)\b(?!.*(Irreversible|NotImplemented))|\breturn\s+(fmt\.Errorf|errors\.New)\(|\bsys\.exit\("
        ),
    ),
    (
        "reads-settings",
        re.compile(r"\b(settings\.[A-Z_]{3,}|CONF\.\w+|cfg\.CONF|ENV\[|os\.environ|os\.getenv|process\.env|config\.\w+\.\w+)"),
    ),
)
_CREATED = re.compile(r"\b(?:create_table|createTable|create\s+table(?:\s+if\s+not\s+exists)?)\b[\s(]*[:'\"`]?(\w+)", re.I)
_NAMES = re.compile(r"(?<!\w):(\w+)|['\"`]([\w.]{2,60})['\"`]")
_SQL_NAMES = re.compile(r"\b(?:table|column|update|into|from|on)\s+(?:if\s+(?:not\s+)?exists\s+)?[`\"]?([\w.]+)", re.I)
_JOINED = 3
_LONGEST = 400


def read_operations(lines: Iterable[str]) -> Iterator[Operation]:
    """What the lines of a migration do, in their order; without what concerns only tables created by the same lines."""
    kept = [line[:_LONGEST].strip() for line in lines]
    created = {name.lower() for line in kept for name in _CREATED.findall(line)}
    for at, line in enumerate(kept):
        for fact, pattern in _OPERATIONS:
            if pattern.search(line):
                # The names often stand on the next lines: `migrations.RemoveField(` and `model_name="x",` below it.
                names = _names_in(" ".join(kept[at : at + _JOINED])) if line.endswith(("(", ",")) else _names_in(line)
                if not (created and names and names[0].lower() in created):
                    yield Operation(fact, line[:120].rstrip("({[,"), names)


def _names_in(text: str) -> tuple[str, ...]:
    found = [a or b for a, b in _NAMES.findall(text)] or _SQL_NAMES.findall(text)
    return tuple(dict.fromkeys(found))[:4]
