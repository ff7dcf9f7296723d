"""What `apply` and `finish` refuse, and that they then leave everything as it was."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from relbot.errors import Unknown
from relbot.files import lock
from relbot.files.apply import SideEffect, apply_operations, finish_operations, read_unfinished
from relbot.files.lock import lock_tree
from relbot.release.operations import Move, Operations, Write
from tests.files.changed_trees import CHANGELOG, refused
from tests.files.mishaps import (
    JOURNAL,
    RELEASE,
    in_child,
    snapshot,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def link_a_source(root: Path) -> None:
    (root / "changes/one.md").unlink()
    (root / "changes/one.md").symlink_to("two.md")


def pipe_for_a_source(root: Path) -> None:
    (root / "changes/one.md").unlink()
    os.mkfifo(root / "changes/one.md")


def target_there(root: Path) -> None:
    (root / "changes/released/1.0").mkdir(parents=True)
    (root / "changes/released/1.0/2.md").write_text("Precious.")


def target_links_nowhere(root: Path) -> None:
    (root / "changes/released/1.0").mkdir(parents=True)
    (root / "changes/released/1.0/one.md").symlink_to("nowhere")


def folder_leads_out(root: Path) -> None:
    (root.parent / "outside").mkdir()
    (root / "changes/released").symlink_to(root.parent / "outside")


def folder_leads_into_git(root: Path) -> None:
    (root / ".git/hooks").mkdir(parents=True)
    (root / "changes/released").symlink_to("../.git/hooks")


def folder_is_a_file(root: Path) -> None:
    (root / "changes/released").write_text("")


def changelog_edited(root: Path) -> None:
    (root / "CHANGELOG.md").write_text("Edited.")


def changelog_gone(root: Path) -> None:
    (root / "CHANGELOG.md").unlink()


def changelog_linked(root: Path) -> None:
    (root / "CHANGELOG.md").rename(root / "NEWS.md")
    (root / "CHANGELOG.md").symlink_to("NEWS.md")


def record_there(root: Path) -> None:
    (root / "changes/released/1.0").mkdir(parents=True)
    (root / "changes/released/1.0/release.json").write_text("{}")


def journal_is_a_folder(root: Path) -> None:
    (root / (JOURNAL + ".tmp")).mkdir()


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda root: (root / "changes/two.md").unlink(), "`changes/two.md` is missing"),
        (link_a_source, "`changes/one.md` is not a regular file"),
        (pipe_for_a_source, "`changes/one.md` is not a regular file"),
        (target_there, "`changes/released/1.0/2.md` already exists"),
        (target_links_nowhere, "`changes/released/1.0/one.md` already exists"),
        (folder_leads_out, "`changes/released/1.0` leads out of the repository"),
        (folder_leads_into_git, "`changes/released/1.0` leads into git's own folder"),
        (folder_is_a_file, "`changes/released/1.0` could not be listed: Not a directory"),
        (changelog_edited, "`CHANGELOG.md` has changed"),
        (changelog_gone, "`CHANGELOG.md` is missing"),
        (changelog_linked, "`CHANGELOG.md` is a link"),
        (record_there, "`changes/released/1.0/release.json` already exists"),
        (journal_is_a_folder, "`changes/.relbot-journal.json.tmp` could not be removed"),
    ],
)
def test_a_tree_that_is_not_as_expected(root: Path, spoil: Callable[[Path], object], words: str) -> None:
    spoil(root)
    error = refused(root, RELEASE, words)
    assert error.tip


@pytest.mark.parametrize(
    "operations",
    [
        Operations("", (Move("changes/one.md", "../one.md"),)),
        Operations("", (Move("changes/one.md", "/one.md"),)),
        Operations("", (Move("changes/one.md", "changes/"),)),
        Operations("", (Move("changes/one.md", "changes/.."),)),
        Operations("", (Move("changes/one.md", "changes/a\0b"),)),
        Operations("", (Move("changes/one.md", ".git/hooks/pre-commit"),)),
        Operations("", (Move("changes/one.md", ".GIT/one.md"),)),
        Operations("", (Move("changes/one.md", "changes/.git"),)),
        Operations("", (Move("changes/one.md", "changes/a.md"), Move("changes/one.md", "changes/b.md"))),
        Operations("", (Move("changes/one.md", "changes/a.md"), Move("changes/two.md", "changes/a.md"))),
        Operations("", (Move("changes/one.md", "x/a.md"), Move("changes/two.md", "x/a.md"))),
        Operations("", (Move("changes/one.md", "changes/two.md"), Move("changes/two.md", "changes/3.md"))),
        Operations("", (Move("changes/two.md", "changes/3.md"), Move("changes/one.md", "changes/two.md"))),
        Operations("", (Move("CHANGELOG.md", "NEWS.md"),), (Write("CHANGELOG.md", CHANGELOG, b""),)),
        Operations("", (), (Write(".git/config", None, b""),)),
        Operations("", (), (Write(".git", None, b""),)),
        Operations("", (), (Write("../x", None, b""),)),
        Operations("", (), (Write("/x", None, b""),)),
        Operations("", (), (Write("CHANGELOG.md", CHANGELOG, b""), Write("CHANGELOG.md", CHANGELOG, b"1"))),
        Operations("", (), (Write("changes", None, b""),)),
    ],
    ids=repr,
)
def test_operations_that_no_tree_can_take(root: Path, operations: Operations) -> None:
    refused(root, operations)
    assert not (root.parent / "one.md").exists()


def test_nothing_to_do_leaves_no_trace(tmp_path: Path) -> None:
    apply_operations(tmp_path, Operations("Nothing"), JOURNAL)
    assert not list(tmp_path.iterdir())


def test_a_new_file_in_new_folders(tmp_path: Path) -> None:
    apply_operations(tmp_path, Operations("New", (), (Write("a/b/new.md", None, b"New."),)), JOURNAL)
    assert (tmp_path / "a/b/new.md").read_bytes() == b"New."
    mask = os.umask(0)
    os.umask(mask)
    assert (tmp_path / "a/b/new.md").stat().st_mode & 0o777 == 0o666 & ~mask


def test_two_at_a_time(root: Path) -> None:
    with lock_tree(str(root)):
        outcome = in_child(lambda: apply_operations(root, RELEASE, JOURNAL))
        assert "Another relbot build is running" in str(outcome.error)
        assert "Another relbot build is running" in str(in_child(lambda: finish_operations(root, JOURNAL)).error)
    apply_operations(root, RELEASE, JOURNAL)


def test_without_locks(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "CAN_LOCK", False)
    apply_operations(root, RELEASE, JOURNAL)
    assert (root / "changes/released/1.0/one.md").exists()


class Listening(SideEffect):
    """Notes what it is called, and where the first file is then; fails where it is told to."""

    def __init__(self, root: Path, fails: str = "") -> None:
        self.root = root
        self.fails = fails
        self.heard: list[tuple[str, bool]] = []

    def begin(self) -> None:
        self._hear("begin")

    def complete(self) -> None:
        self._hear("complete")

    def take_back(self) -> None:
        self._hear("take back")

    def _hear(self, name: str) -> None:
        assert read_unfinished(self.root, JOURNAL) is not None, "the journal is there as long as anything can be half done"
        self.heard.append((name, (self.root / "changes/released/1.0/one.md").exists()))
        if name == self.fails:
            raise Unknown("git does not answer.")


def test_what_is_done_beside(root: Path) -> None:
    beside = Listening(root)
    apply_operations(root, RELEASE, JOURNAL, beside)
    assert beside.heard == [("begin", False), ("complete", True)]


@pytest.mark.parametrize(("fails", "heard"), [("begin", []), ("complete", [("complete", True)])])
def test_what_is_done_beside_fails(root: Path, fails: str, heard: list[tuple[str, bool]]) -> None:
    before = snapshot(root)
    beside = Listening(root, fails)
    with pytest.raises(Unknown):
        apply_operations(root, RELEASE, JOURNAL, beside)
    assert snapshot(root) == before
    assert beside.heard == [("begin", False), *heard, ("take back", False)]
