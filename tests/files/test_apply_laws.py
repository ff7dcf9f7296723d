"""Operations of any kind, with any mishap: all of it happens, or nothing."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relbot.files.apply import apply_operations, finish_operations, read_unfinished
from relbot.release.operations import Move, Operations, Write
from tests.files.changed_trees import begun, changes, refused
from tests.files.mishaps import (
    JOURNAL,
    RELEASE,
    again,
    events,
    in_child,
    killing,
    refusing,
    snapshot,
    watch,
)
from tests.tiers import examples

if TYPE_CHECKING:
    from collections.abc import Callable


def expected(files: dict[str, bytes], operations: Operations) -> dict[str, bytes]:
    targets = {move.source: move.target for move in operations.moves}
    moved = {targets.get(path, path): content for path, content in files.items()}
    return moved | {write.path: write.content for write in operations.writes}


def spread(root: Path, files: dict[str, bytes]) -> None:
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)


def held(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@given(changes())
@settings(max_examples=examples(40, 600))
def test_any_operations(change: tuple[dict[str, bytes], Operations]) -> None:
    files, operations = change
    with tempfile.TemporaryDirectory() as name:
        spread(Path(name), files)
        apply_operations(Path(name), operations, JOURNAL)
        assert held(Path(name)) == expected(files, operations)


@given(changes(), st.integers(1, 60), st.booleans())
@settings(max_examples=examples(40, 600))
def test_any_operations_with_any_mishap(change: tuple[dict[str, bytes], Operations], at: int, kills: bool) -> None:
    files, operations = change
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        spread(root, files)

        def work() -> None:
            watch(killing(at) if kills else refusing(28, at))
            apply_operations(root, operations, JOURNAL)

        outcome = in_child(work)
        if outcome.error is not None:
            assert held(root) == files
        elif read_unfinished(root, JOURNAL) is not None:
            assert finish_operations(root, JOURNAL) == operations
        elif held(root) != expected(files, operations):
            apply_operations(root, operations, JOURNAL)
        assert outcome.error or held(root) == expected(files, operations)


@given(changes())
def test_operations_survive_json(change: tuple[dict[str, bytes], Operations]) -> None:
    operations = change[1]
    text = operations.to_json()
    assert text.isascii()
    assert Operations.from_json(text) == operations


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format":3}', '{"format":2,"title":"","moves":[{}],"writes":[]}'])
def test_json_that_holds_no_operations(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        Operations.from_json(text)


def test_what_would_be_done() -> None:
    assert RELEASE.describe().splitlines() == [
        "Release 1.0",
        "Move 2 files from changes to changes/released/1.0:",
        "  one.md",
        "  two.md -> 2.md",
        "Move 1 file from changes/api to changes/api/released/1.0:",
        "  three.md",
        "Change CHANGELOG.md (18 bytes)",
        "Create changes/released/1.0/release.json (18 bytes)",
        "Change api/CHANGELOG.md (29 bytes)",
    ]


def test_a_move_costs_one_event(tmp_path: Path) -> None:
    """One event for each move: nothing is made, synced or removed file by file. The longer journal takes a few writes."""

    def count(moves: int) -> int:
        root = tmp_path / str(moves)
        spread(root, {f"changes/{number}.md": b"" for number in range(moves)})
        every = tuple(Move(f"changes/{number}.md", f"changes/released/1/{number}.md") for number in range(moves))
        return events(lambda: apply_operations(root, Operations("", every), JOURNAL))

    assert 200 <= count(300) - count(100) <= 205


def test_finishing_twice(root: Path) -> None:
    begun(root)
    again(root)
    after = snapshot(root)
    again(root)
    assert snapshot(root) == after


MANY = RELEASE._replace(writes=(*RELEASE.writes, *(Write(f"changes/new/{n}.md", None, b"New.") for n in range(40))))


@pytest.mark.parametrize("operations", [RELEASE, MANY], ids=["few", "many, synced at once"])
def test_nothing_is_lost_in_a_power_cut(root: Path, monkeypatch: pytest.MonkeyPatch, operations: Operations) -> None:
    """Contents are on the disk before they get their names, the journal before the first move, all names before it goes."""
    log: list[tuple[str, object]] = []

    def logged(name: str, subject: Callable[..., object]) -> None:
        real = getattr(os, name)

        def call(*args: object, **more: object) -> None:
            log.append((name, subject(*args)))
            real(*args, **more)

        monkeypatch.setattr(os, name, call)

    logged("fsync", lambda handle: os.fstat(handle).st_ino)
    logged("replace", lambda old, new: Path(old).stat().st_ino)
    logged("rename", lambda old, new: Path(new).name)
    logged("remove", lambda path: Path(path).name)
    apply_operations(root, operations, JOURNAL)
    journal = log.index(("rename", Path(JOURNAL).name))
    first, last = log.index(("rename", "one.md")), log.index(("remove", Path(JOURNAL).name))
    assert ("fsync", (root / "changes").stat().st_ino) in log[journal:first]
    for number, (event, inode) in enumerate(log):
        assert event != "replace" or ("fsync", inode) in log[journal:number]
    for folder in (".", "api", "changes", "changes/released", "changes/released/1.0", "changes/api", "changes/api/released/1.0"):
        assert ("fsync", (root / folder).stat().st_ino) in log[first:last], folder


def test_a_file_of_many_that_the_disk_does_not_take(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fsync

    def fsync(handle: int) -> None:
        if os.fstat(handle).st_size == 9:
            raise OSError(errno.EIO, "")
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    refused(
        root,
        MANY._replace(writes=(*MANY.writes, Write("changes/new/it.md", None, b"9 letters"))),
        "`changes/new/it.md` could not",
    )
