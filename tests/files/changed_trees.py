"""Trees that operations change, and operations that were begun and not finished."""

from __future__ import annotations

import shutil
from itertools import islice
from typing import TYPE_CHECKING

import pytest
from hypothesis import strategies as st

from relbot.errors import CannotWrite
from relbot.files.apply import apply_operations, read_unfinished
from relbot.release.operations import Move, Operations, Write, content_digest
from tests.files.mishaps import (
    FILES,
    JOURNAL,
    RELEASE,
    in_child,
    killing,
    snapshot,
    watch,
)

if TYPE_CHECKING:
    from pathlib import Path

CHANGELOG = content_digest(FILES["CHANGELOG.md"][0])


def begun(root: Path) -> None:
    """Leaves a release half done."""

    def work() -> None:
        watch(killing(events_before_the_second_move))
        apply_operations(root, RELEASE, JOURNAL)

    events_before_the_second_move = _until_moved(root)
    in_child(work)
    assert read_unfinished(root, JOURNAL) is not None


def _until_moved(root: Path) -> int:
    copy = root.parent / "copy"
    for number in range(1, 99):
        shutil.copytree(root, copy)

        def work(at: int = number) -> None:
            watch(killing(at))
            apply_operations(copy, RELEASE, JOURNAL)

        in_child(work)
        moved = not (copy / "changes/one.md").exists()
        shutil.rmtree(copy)
        if moved:
            return number
    raise AssertionError


def refused(root: Path, operations: Operations, *words: str) -> CannotWrite:
    before = snapshot(root)
    with pytest.raises(CannotWrite) as caught:
        apply_operations(root, operations, JOURNAL)
    assert snapshot(root) == before
    assert caught.value.what.endswith("Nothing was changed.")
    for word in words:
        assert word in caught.value.what
    return caught.value


NAMES = st.text(st.sampled_from("ab.é\udcff _-$'\"\n"), min_size=1, max_size=4).filter(lambda name: name.strip("."))
FOLDERS = st.sampled_from(["", "a", "a/b", "c", "c/d/e"])
CONTENTS = st.binary(max_size=20)


@st.composite
def changes(draw: st.DrawFn) -> tuple[dict[str, bytes], Operations]:
    """Files, and operations that they can take."""
    paths = draw(st.lists(st.tuples(FOLDERS, NAMES), min_size=1, max_size=12, unique=True))
    free = iter([f"{folder}/x{number}{name}".lstrip("/") for number, (folder, name) in enumerate(paths)])
    ends = iter(draw(st.permutations([f"{folder}/y{number}".lstrip("/") for number, (folder, _) in enumerate(paths)])))
    files = {path: draw(CONTENTS) for path in free}
    there = iter(sorted(files))
    moves = tuple(Move(path, next(ends)) for path in islice(there, draw(st.integers(0, len(files)))))
    writes = [
        Write(path, content_digest(files[path]), draw(CONTENTS)) for path in islice(there, draw(st.integers(0, len(files))))
    ]
    writes += [Write(path, None, draw(CONTENTS)) for path in islice(ends, draw(st.integers(0, 3)))]
    return files, Operations("Any", moves, tuple(writes))
