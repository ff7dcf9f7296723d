"""New files: complete or not there, whatever happens, and nothing of relbot's own beside them."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest

from relbot.errors import CannotWrite
from relbot.files.create import create_files
from relbot.release.operations import Write
from tests.files.mishaps import events, in_child, killing, snapshot, watch

if TYPE_CHECKING:
    from pathlib import Path

WRITES = (Write("a.md", None, b"One.\n"), Write("b/c/d.md", None, b"Two.\n"), Write("b/e.md", None, b"Three.\n"))
CONTENTS = {write.path: write.content for write in WRITES}


def contents(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_files_and_their_folders(tmp_path: Path) -> None:
    create_files(tmp_path, WRITES)
    assert contents(tmp_path) == CONTENTS
    (tmp_path / "like").write_text("")
    assert (tmp_path / "a.md").stat().st_mode == (tmp_path / "like").stat().st_mode


def test_a_killed_run_leaves_complete_files_alone(tmp_path: Path) -> None:
    (tmp_path / "counted").mkdir()
    count = events(lambda: create_files(tmp_path / "counted", WRITES))
    assert count > 5
    for at in range(1, count + 1):
        root = tmp_path / str(at)
        root.mkdir()

        def work(root: Path = root, at: int = at) -> None:
            watch(killing(at))
            create_files(root, WRITES)

        assert in_child(work).signal == signal.SIGKILL
        left = contents(root)
        assert left.items() <= CONTENTS.items(), at
        create_files(root, [write for write in WRITES if write.path not in left])
        assert contents(root) == CONTENTS


def test_without_unnamed_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "O_TMPFILE")
    create_files(tmp_path, WRITES)
    assert contents(tmp_path) == CONTENTS


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b/e.md").write_text("Mine.")
    before = snapshot(tmp_path)
    with pytest.raises(CannotWrite, match=r"b/e\.md"):
        create_files(tmp_path, WRITES)
    assert snapshot(tmp_path) == before
