"""Evidence of the detector of services, and which files are pages about them."""

from __future__ import annotations

from relbot.detect.engine.model import Evidence, FileChange, Todo
from relbot.schema import lazy_re as re

_PAGES = re.compile(r"(^|/)(docs?|website|documentation|guides?)/|\.(md|rst)$")


def is_read_by_people(path: str) -> bool:
    """Whether people read it: a compose file in documentation runs nothing."""
    return _PAGES.search(path) is not None


def service_evidence(
    fact: str,
    change: FileChange,
    message: str,
    details: tuple[str, ...] = (),
    todo: Todo | None = None,
    subjects: tuple[str, ...] = (),
) -> Evidence:
    """Evidence of a fact in a file, about the file where nothing else is named."""
    return Evidence("services", fact, change.path, None, message, details, subjects or (change.path,), todo)
