"""Whether other files have all that a file had which is gone.

Kubernetes objects in files of their own, Spring's other format, a text within another file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.config_structure.entry import Path, Unreadable, strip_quotes
from relbot.detect.config_structure.reading import read_both, read_live_entries
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from relbot.detect.engine.model import ChangeSet, FileChange

_SPRING = re.compile(r"(^|/)(application|bootstrap)([\w-]*)\.(ya?ml|properties)$")
_OBJECTS = re.compile(r"\.(ya?ml|json)$")


def find_same_keys(gone: FileChange, changes: ChangeSet) -> list[str]:
    """The paths of the files that have all keys of a file that is gone, with their values; none where a key is missing."""
    holding = [change.path for change in changes.files if change.after is not None and _holds_text(change.new, gone.old)]
    if holding:
        return holding
    read = _read_spring if _SPRING.search(gone.path) else _read_objects if _OBJECTS.search(gone.path) else None
    if read is None:
        return []
    wanted = read(gone.path, gone.old)
    found: list[str] = []
    had: set[tuple[Path, str]] = set()
    for change in changes.files if wanted else ():
        if change.after is not None and change is not gone and (here := wanted & read(change.path, change.new)):
            found.append(change.path)
            had |= here
    return found if had == wanted else []


def _read_spring(path: str, text: str) -> set[tuple[Path, str]]:
    """The keys that Spring reads, each in its parts, with the profile of the file."""
    named = _SPRING.search(path)
    if named is None:
        return set()
    both = read_both("sections" if named[4] == "properties" else "yaml", text, text)
    live = both[0].with_parted_keys().live if both is not None else {}
    found = {(entry.path, strip_quotes(entry.value)) for entry in live.values() if entry.value}
    return {((named[2], named[3], *keys), value) for keys, value in found}


def _read_objects(path: str, text: str) -> set[tuple[Path, str]]:
    """The keys of Kubernetes objects, below their kinds and names."""
    if not _OBJECTS.search(path) or "apiVersion" not in text:
        return set()
    try:
        entries = read_live_entries("json" if path.endswith("json") else "yaml", text)
    except Unreadable:
        return set()
    return {(entry.path, strip_quotes(entry.value)) for entry in entries}


def _holds_text(text: str, other: str) -> bool:
    """Whether a text has another one in it, as YAML's `key: |` holds the text of a file: each line as far to the right."""
    wanted = other.strip("\n").split("\n")
    if len(wanted) < _LEAST_LINES or wanted[0] not in text:
        return False
    lines = text.split("\n")
    for at, line in enumerate(lines):
        if line.endswith(wanted[0]) and not (margin := line.removesuffix(wanted[0])).strip():
            here = lines[at : at + len(wanted)]
            if [each.rstrip() for each in here] == [f"{margin}{each}".rstrip() for each in wanted]:
                return True
    return False


_LEAST_LINES = 2
"""One line may stand in another file by chance."""
