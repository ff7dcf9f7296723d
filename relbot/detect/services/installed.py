"""Where packages and roles put files: what Debian's `install` files and Ansible's tasks say of paths."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.phrases import quote_name
from relbot.detect.services.reading import significant_lines
from relbot.detect.services.saying import service_evidence
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.detect.engine.model import Evidence, FileChange

_KEPT = re.compile(r"(^|[\s/])(etc|var|srv)/")
"""Where operators change files, or programs keep data."""
_DESTINATION = re.compile(r"^[ \t]*(?:dest|path):[ \t]*+[\"']?(/[^\s\"'{}]+)", re.M)

_SERVICE = re.compile(
    r"^[ \t]*(?:ansible\.builtin\.)?(?:systemd_service|systemd|service|package|apt|dnf|yum)"
    r":[ \t]*\n[ \t]*+name:[ \t]*+[\"']?([\w@.-]++)",
    re.M,
)


def compare_installed(change: FileChange) -> Iterator[Evidence]:
    """The files that a package installed and installs elsewhere, or not at all."""
    new = {" ".join(line.split()) for line in significant_lines(change.new)}
    gone = [line for each in significant_lines(change.old) if (line := " ".join(each.split())) not in new]
    kept = tuple(line for line in gone if _KEPT.search(line))
    for fact, lines in (("package-config-moved", kept), ("package-file-moved", tuple(line for line in gone if line not in kept))):
        if lines and change.after is not None:
            message = f"The package of {quote_name(change.path)} installs files elsewhere: {quote_name(lines[0])}."
            yield service_evidence(fact, change, message, lines)


_CRON = re.compile(r"(?m)^[ \t]*(?:- )?(?:ansible\.builtin\.)?cron:")
_LATEST = re.compile(r"(?m)^[ \t]*state:[ \t]*[\"']?latest\b")
_WHEN = re.compile(r"\s*(minute|hour|day|weekday|month|special_time)\s*:")


def compare_managed(change: FileChange) -> Iterator[Evidence]:
    """The paths that tasks of a role wrote to and no longer name, where they name others; and other times of its cron jobs."""
    when = tuple(line.text.strip() for line in (*change.removed, *change.added) if _WHEN.match(line.text))
    if when and _CRON.search(change.old) and _CRON.search(change.new):
        message = f"The schedule of recurring work in {quote_name(change.path)} changes: {quote_name(when[0])}."
        yield service_evidence("schedule-changed", change, message, when)
    if not _LATEST.search(change.old) and _LATEST.search(change.new) and change.before is not None:
        message = f"{quote_name(change.path)} installs the newest version at each run."
        yield service_evidence("package-latest", change, message, ("state: latest",))
    old, new = (dict.fromkeys([*_DESTINATION.findall(text), *_SERVICE.findall(text)]) for text in (change.old, change.new))
    gone = tuple(path for path in old if path not in new)
    if gone and any(path not in old for path in new):
        message = f"{quote_name(change.path)} no longer manages {quote_name(gone[0])}, but something else."
        yield service_evidence("managed-path-changed", change, message, gone, None, gone)
