"""Tasks that fill in what other code of the same change set relies on: it has to be run, and at the right moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.model import Evidence, Todo
from relbot.detect.engine.path_roles import is_development, is_documentation
from relbot.detect.engine.phrases import quote_name
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from relbot.detect.engine.model import ChangeSet, FileChange

_MIGRATION = re.compile(r"(^|/)(migrations?|migrate|versions|alembic|changelogs?|deltas?)/", re.I)
_MODEL = re.compile(r"(^|/)(models?|entit(y|ies)|schemas?|structs?)(/|\.\w+$)|(^|/)schema\.\w+$", re.I)
_COLUMN = re.compile(
    r"AddField\([^)]{0,200}?\bname=[\"'](\w+)"
    r"|\badd_column\W{1,20}:?\w{1,80}\W{1,20}:?(\w+)|\bop\.add_column\([^,\n]{1,200},\s*sa\.Column\([\"'](\w+)"
    r"|\badd\s+column\s+(?:if\s+not\s+exists\s+)?[`\"]?(\w+)|\badd\s+:(\w+),|addColumn\([^,\n]{1,200},\s*[\"'`](\w+)"
    r"|\bt\.(?:string|integer|text|boolean|datetime|bigint|decimal|json|jsonb|uuid|timestamp)\W{1,20}:?(\w+)",
    re.I | re.S,
)
_CODE = re.compile(r"\.(py|rb|rake|js|ts|tsx|go|java|kt|php|cs|ex|exs|rs|scala|erb|haml|slim)$")


def find_relied_on(changes: ChangeSet, tasks: Iterable[tuple[str, str, FileChange]]) -> Iterator[Evidence]:
    """Evidence about each new task (name, command, file) that fills in a new column which other new code reads."""
    columns = {name for change in changes.files if _adds_columns(change) for name in _new_columns(change)}
    for name, command, task in tasks if columns else ():
        filled = sorted(column for column in columns if re.search(rf"\b{re.escape(column)}\b", task.new))
        for column in filled:
            reader = next((change for change in changes.files if change is not task and _reads_column(change, column)), None)
            if reader is not None:
                message = (
                    f"The task {quote_name(name)} fills the new column {quote_name(column)}, and "
                    f"{quote_name(reader.path)} already relies on it."
                )
                todo = Todo("before-restart", command, f"Run `{command}`.")
                yield Evidence("tasks", "relied-on", task.path, None, message, (column, reader.path), (name, column), todo)
                break


def _adds_columns(change: FileChange) -> bool:
    return change.before is None and change.after is not None and _MIGRATION.search(change.path) is not None


def _new_columns(change: FileChange) -> set[str]:
    return {name for groups in _COLUMN.findall(change.new) for name in groups if name}


def _reads_column(change: FileChange, column: str) -> bool:
    path = change.path
    declares = _MIGRATION.search(path) or _MODEL.search(path)
    if not _CODE.search(path) or declares or is_development(path) or is_documentation(path):
        return False
    return any(re.search(rf"\b{re.escape(column)}\b", line.text[:400]) for line in change.added)
