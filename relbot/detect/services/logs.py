"""The rotation of logs: whether they are kept for a shorter time than before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.phrases import quote_name, quote_names
from relbot.detect.services.saying import service_evidence
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.detect.engine.model import Evidence, FileChange

_KEPT = re.compile(r"^[ \t]*(rotate|maxage)[ \t]+(\d{1,9})[ \t]*$", re.M)


_ROTATED = re.compile(r"^[ \t]{0,20}((?:\"?/[^\s{}\"]{1,200}\"?\s{1,9}){1,20})\{", re.M)


def _rotated(text: str) -> set[str]:
    """The files that are rotated."""
    return {path.strip('"') for paths in _ROTATED.findall(text) for path in paths.split()}


def compare_kept_logs(change: FileChange) -> Iterator[Evidence]:
    """What says on both sides how many logs are kept, or for how many days, where it is less than before."""
    gone = _rotated(change.old) - _rotated(change.new)
    if gone and change.after is not None:
        message = f"{quote_name(change.path)} no longer rotates {quote_names(sorted(gone))}."
        yield service_evidence("logrotate-moved", change, message, tuple(sorted(gone)))
    old, new = (_KEPT.findall(text) for text in (change.old, change.new))
    if [name for name, _ in old] != [name for name, _ in new]:
        return
    less = [f"{name} {now}, was {was}" for (name, was), (_, now) in zip(old, new, strict=True) if int(now) < int(was)]
    if less:
        message = f"Logs are kept for a shorter time by {quote_name(change.path)}: {quote_name(less[0])}."
        yield service_evidence("logrotate-shorter", change, message, tuple(less))
