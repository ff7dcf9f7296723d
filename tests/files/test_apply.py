"""What `apply` and `finish` refuse, and that they then leave everything as it was."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relbot.errors import CannotWrite, Unknown
from relbot.files import lock
from relbot.files.apply import SideEffect, apply_operations, finish_operations, read_unfinished
from relbot.files.lock import lock_tree
from relbot.release.operations import Move, Operations, Write, content_digest
from tests.files.mishaps import (
    FILES,
    JOURNAL,
    RELEASE,
    again,
    as_nobody,
    events,
    in_child,
    killing,
    mount,
    own_mounts,
    plant,
    refusing,
    snapshot,
    watch,
)
from tests.tiers import examples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CHANGELOG = content_digest(FILES["CHANGELOG.md"][0])


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return plant(tmp_path / "root")


@pytest.fixture
def open_root() -> Iterator[Path]:
    """A tree in a folder that everybody may enter, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o777)
    yield plant(folder / "root")
    shutil.rmtree(folder)


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


def test_nothing_is_lost_in_a_power_cut(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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
    apply_operations(root, RELEASE, JOURNAL)
    journal = log.index(("rename", Path(JOURNAL).name))
    first, last = log.index(("rename", "one.md")), log.index(("remove", Path(JOURNAL).name))
    assert ("fsync", (root / "changes").stat().st_ino) in log[journal:first]
    for number, (event, inode) in enumerate(log):
        assert event != "replace" or ("fsync", inode) in log[journal:number]
    for folder in (".", "api", "changes", "changes/released", "changes/released/1.0", "changes/api", "changes/api/released/1.0"):
        assert ("fsync", (root / folder).stat().st_ino) in log[first:last], folder
