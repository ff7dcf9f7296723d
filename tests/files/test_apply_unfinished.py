"""What a change that was begun leaves behind, and who finishes it: journals, drafts, folders that may not be written."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from relbot.errors import CannotWrite, Unknown
from relbot.files.apply import apply_operations, finish_operations, read_unfinished
from tests.files.changed_trees import begun, refused
from tests.files.mishaps import (
    FILES,
    JOURNAL,
    RELEASE,
    as_nobody,
    in_child,
    plant,
    snapshot,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def open_root() -> Iterator[Path]:
    """A tree in a folder that everybody may enter, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o777)
    yield plant(folder / "root")
    shutil.rmtree(folder)


def test_an_unfinished_change_comes_first(root: Path) -> None:
    begun(root)
    assert "An earlier change is unfinished" in refused(root, RELEASE).what


def test_nothing_to_finish(root: Path) -> None:
    assert read_unfinished(root, JOURNAL) is None
    with pytest.raises(CannotWrite, match="no unfinished change"):
        finish_operations(root, JOURNAL)


def edit_changelog(root: Path) -> str:
    (root / "CHANGELOG.md").write_text("Edited.")
    return "CHANGELOG.md"


def remove_both(root: Path) -> str:
    (root / "changes/two.md").unlink(missing_ok=True)
    (root / "changes/released/1.0/2.md").unlink(missing_ok=True)
    return "changes/two.md"


def write_source_anew(root: Path) -> str:
    (root / "changes/one.md").write_text("A second change of that name.")
    return "changes/one.md"


@pytest.mark.parametrize("edit", [edit_changelog, remove_both, write_source_anew])
def test_a_file_edited_before_it_is_finished(root: Path, edit: Callable[[Path], str]) -> None:
    begun(root)
    path = edit(root)
    before = snapshot(root)
    with pytest.raises(CannotWrite) as caught:
        finish_operations(root, JOURNAL)
    assert f"`{path}`" in caught.value.what
    assert JOURNAL in caught.value.tip
    assert snapshot(root) == before


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"seal": 1, "operations": {}}', b"\xff"])
def test_a_damaged_journal_is_not_taken_for_none(root: Path, content: bytes) -> None:
    (root / JOURNAL).write_bytes(content)
    with pytest.raises(Unknown):
        read_unfinished(root, JOURNAL)
    refused(root, RELEASE)


def test_a_contributed_journal_is_not_believed(root: Path) -> None:
    """It is what git checks out: the content of a true one, with the time of the checkout."""
    begun(root)
    content = (root / JOURNAL).read_bytes()
    (root / JOURNAL).unlink()
    (root / JOURNAL).write_bytes(content)
    with pytest.raises(Unknown, match="not written by relbot in this working tree"):
        finish_operations(root, JOURNAL)
    seal = json.loads(content)["seal"] // 10**9 * 10**9
    (root / JOURNAL).write_text(json.dumps(json.loads(content) | {"seal": seal}))
    os.utime(root / JOURNAL, ns=(seal, seal))  # a tool that gives files the time of their commit
    with pytest.raises(Unknown, match="not written by relbot in this working tree"):
        finish_operations(root, JOURNAL)


def test_a_link_for_a_journal_is_not_followed(root: Path) -> None:
    begun(root)
    (root / JOURNAL).rename(root / "elsewhere.json")
    (root / JOURNAL).symlink_to("../elsewhere.json")
    with pytest.raises(Unknown, match="not a regular file"):
        read_unfinished(root, JOURNAL)


def test_a_link_in_place_of_a_draft_is_not_followed(root: Path) -> None:
    victim = root / "README.md"
    (root / (JOURNAL + ".tmp")).symlink_to(victim)
    apply_operations(root, RELEASE, JOURNAL)
    assert victim.read_bytes() == FILES["README.md"][0]


def test_folders_that_may_not_be_written(open_root: Path) -> None:
    for path in ("changes", "api", "."):
        folder = open_root / path
        for part in (open_root, *open_root.rglob("*")):
            os.chown(part, 65534, 65534) if os.geteuid() == 0 else None
        folder.chmod(0o555)
        before = snapshot(open_root)

        def work() -> None:
            as_nobody()
            apply_operations(open_root, RELEASE, JOURNAL)

        outcome = in_child(work)
        assert isinstance(outcome.error, CannotWrite)
        assert "Permission denied. Nothing was changed." in outcome.error.what
        assert "writable" in outcome.error.tip
        assert snapshot(open_root) == before, path
        folder.chmod(0o755)
