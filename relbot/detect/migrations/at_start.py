"""Programs that migrated the database when they started, or were started, and no longer do; or that drop it now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.model import ChangeSet, Evidence, FileChange, Todo
from relbot.detect.engine.path_roles import is_documentation, is_production
from relbot.detect.engine.phrases import quote_name
from relbot.detect.migrations import START_HINTS, STARTS_WITH
from relbot.detect.migrations.recreated import find_recreated
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

_COMMANDS = tuple(word.decode() for word in STARTS_WITH)
_COMMENT = re.compile(r"\s*(#|//|--|\*|;)")
_NOT_RUN = re.compile(
    r"(?i)(^|/)(Makefile|justfile|Taskfile\.ya?ml|package\.json|composer\.json|bin/(setup|update))$|(^|/)docs?/|\.md$"
)
"""Where developers find the command, and nothing is started."""


def find_at_start(changes: ChangeSet) -> Iterator[Evidence]:
    """Evidence of what a program no longer does to its database when it starts, and of what it does from now on."""
    yield from _find_no_longer(changes)
    yield from find_recreated(changes)


def _find_no_longer(changes: ChangeSet) -> Iterator[Evidence]:
    """Evidence where the command or the call is gone from a file, and no other file of the change set has it now."""
    files = [change for change in changes.files if _may_start(change)]
    lost = [(change, line) for change in files if (line := _command_in(change.old)) and not _command_in(change.new)]
    if not lost or any(_command_in(change.new) and not _command_in(change.old) for change in files):
        return
    change, line = lost[0]
    message = f"{quote_name(change.path)} no longer migrates the database: {quote_name(line)}."
    todo = Todo("before-restart", text="Run the migrations.")
    yield Evidence("migrations", "start-removed", change.path, None, message, (line,), (change.path,), todo)


def _may_start(change: FileChange) -> bool:
    if (
        change.before == change.after
        or None in (change.before, change.after)
        or is_documentation(change.path)
        or not is_production(change.path)
    ):
        return False
    return not _NOT_RUN.search(change.path) and any(word in side for side in change.sides for word in START_HINTS)


def _command_in(text: str) -> str:
    """The first line that migrates, "" without one."""
    said = [command for command in _COMMANDS if command in text]
    lines = (line.strip() for line in text.split("\n") if not _COMMENT.match(line)) if said else ()
    return next((line[:200] for line in lines if any(command in line for command in said)), "")
