"""Change sets from tables, and what a detector says about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.model import ChangeSet, FileChange

if TYPE_CHECKING:
    from relbot.detect.engine.facts import Table
    from relbot.detect.engine.model import Detector, Evidence


def change_set(table: Table) -> ChangeSet:
    """The change set of a table from path to (text before, text after), None for no file.

    A file that comes with the text of one that goes is that one under another name, as git says.
    """
    files = []
    gone: dict[str | None, list[str]] = {}
    for path, (before, after) in table.items():
        if after is None:
            gone.setdefault(before, []).append(path)
    moved = {gone[after].pop(0): path for path, (before, after) in table.items() if before is None and gone.get(after)}
    for path, (before, after) in sorted(table.items()):
        if path in moved:
            files.append(FileChange("R", moved[path], _bytes(before), _bytes(before), path))
        if path in moved or path in moved.values():
            continue
        status = "A" if before is None else "D" if after is None else "M"
        files.append(FileChange(status, path, _bytes(before), _bytes(after)))
    return ChangeSet(tuple(files))


def evidence(detector: Detector, table: Table) -> list[Evidence]:
    """What the detector says about the change set of a table."""
    return list(detector.find(change_set(table)))


def facts(detector: Detector, table: Table) -> set[str]:
    """The facts that the detector sees in the change set of a table."""
    return {found.fact for found in evidence(detector, table)}


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else text.encode()
