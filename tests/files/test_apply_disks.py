"""Operations on disks that are full or can only be read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from relbot.errors import CannotWrite
from relbot.files.apply import apply_operations
from relbot.release.operations import Operations, Write
from tests.files.changed_trees import CHANGELOG
from tests.files.mishaps import (
    FILES,
    JOURNAL,
    RELEASE,
    in_child,
    mount,
    own_mounts,
    plant,
    snapshot,
)

if TYPE_CHECKING:
    from collections.abc import Callable


def _on_a_disk_of_its_own(folder: Path, work: Callable[[Path], object], options: str) -> object:
    def mounted() -> object:
        if not own_mounts() or not mount(folder, "tmpfs", options=options):
            return "no mounts here"
        return work(plant(folder / "root"))

    folder.mkdir()
    outcome = in_child(mounted)
    if outcome.value == "no mounts here":
        pytest.skip("this system allows no mounts")
    return outcome.value


def _apply_and_compare(root: Path, operations: Operations) -> tuple[str, bool]:
    before = snapshot(root)
    try:
        apply_operations(root, operations, JOURNAL)
    except CannotWrite as error:
        return error.what, snapshot(root) == before
    return "", False


def test_a_full_disk(tmp_path: Path) -> None:
    large = Operations("", RELEASE.moves, (*RELEASE.writes[1:], Write("CHANGELOG.md", CHANGELOG, b"x" * 400_000)))
    for size in ("80k", "600k"):
        what = _on_a_disk_of_its_own(tmp_path / size, lambda root: _apply_and_compare(root, large), f"size={size}")
        path = JOURNAL if size == "80k" else "CHANGELOG.md"
        assert what == (f"`{path}` could not be written: No space left on device. Nothing was changed.", True)


def test_a_disk_without_room_for_names(tmp_path: Path) -> None:
    inodes = len(FILES) + len({Path(path).parent for path in FILES}) + 4
    said = _on_a_disk_of_its_own(tmp_path / "disk", lambda root: _apply_and_compare(root, RELEASE), f"nr_inodes={inodes}")
    assert isinstance(said, tuple)
    assert "No space left on device. Nothing was changed." in said[0]
    assert said[1]


def test_a_read_only_disk(tmp_path: Path) -> None:
    def work(root: Path) -> tuple[str, bool]:
        read_only, remount = 1, 32
        assert mount(root.parent, "tmpfs", read_only | remount)
        return _apply_and_compare(root, RELEASE)

    said = _on_a_disk_of_its_own(tmp_path / "disk", work, "")
    assert said == ("`changes/.relbot-journal.json.tmp` could not be removed: Read-only file system. Nothing was changed.", True)
