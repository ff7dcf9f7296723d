"""Settings and calls by which a program drops its tables, and makes them anew, when it starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.model import ChangeSet, Evidence, Todo
from relbot.detect.engine.path_roles import is_development, is_documentation, is_production
from relbot.detect.engine.phrases import quote_name
from relbot.detect.migrations import RECREATES_WITH
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

_RECREATES = re.compile(
    r"(?i)(?:ddl-auto|hbm2ddl\.auto|schema-generation\.database\.action|database\.generation)[\"']?\s*[:=]\s*[\"']?"
    r"(?:create|create-drop|drop|drop-and-create)\b(?!-only)"
    r"|\bdropSchema[\"']?\s*:\s*true|\bsync\(\{\s*force:\s*true|\bEnsureDeleted(?:Async)?\(|\b(?:migrate:fresh|db:schema:load)\b"
    r"|\bdb push\b[^\n]{0,200}--(?:force-reset|accept-data-loss)|\bdrop_all\("
)
_COMMENT = re.compile(r"\s*(#|//|--|\*|;)")
_NOT_RUN = re.compile(
    r"(?i)(^|/)(Makefile|justfile|Taskfile\.ya?ml|package\.json|composer\.json|bin/(setup|update))$|(?<![a-z])(dev|local)\b"
)
"""Where developers find such a command, or what they alone run."""


def find_recreated(changes: ChangeSet) -> Iterator[Evidence]:
    """Evidence where a file of what runs drops the tables from now on, and did not before."""
    for change in changes.files:
        content = change.after or b""
        if change.before == change.after or not any(word in content for word in RECREATES_WITH):
            continue
        if not is_production(change.path) or is_development(change.path) or is_documentation(change.path):
            continue
        if _NOT_RUN.search(change.path) or _RECREATES.search(change.old):
            continue
        lines = [line for line in change.added if _RECREATES.search(line.text[:300]) and not _COMMENT.match(line.text)]
        if lines:
            said = lines[0].text.strip()[:200]
            message = f"{quote_name(change.path)} drops the tables when the program starts: {quote_name(said)}."
            todo = Todo("before-install", text="Do not deploy this to a database whose data you need.")
            yield Evidence("migrations", "recreated", change.path, lines[0].number, message, (said,), (change.path,), todo)
