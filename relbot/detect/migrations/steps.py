"""One step of a migration: what it does, to which table and column."""

from __future__ import annotations

from relbot.schema.named_tuples import NamedTuple


class MigrationOperation(NamedTuple):
    """A fact's id, the table and the column that it is about ("" where there is none), and the source that says so."""

    fact: str
    table: str
    column: str = ""
    words: str = ""
    line: int = 0

    @property
    def name(self) -> str:
        """`table.column`, or the table, or what the source says where neither is written in it."""
        return ".".join(part for part in (self.table, self.column) if part) or self.words


ADDED = "added"
"""No fact: a table or a column that a migration brings. What another step does to it, no installation notices."""


class UnreadableMigration(Exception):
    """A text that should be SQL and cannot be split into words."""
