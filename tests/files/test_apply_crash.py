"""Whatever happens while a tree is changed: it is as before, or as after, or the next run makes it so."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import signal
from functools import partial
from typing import TYPE_CHECKING

import pytest

from relbot.errors import CannotWrite
from relbot.files.apply import apply_operations, finish_operations, read_unfinished
from relbot.files.disk import draft_of
from relbot.files.journal import Journal
from relbot.release.operations import Move, Operations, Removal, Write, content_digest
from tests.files.mishaps import FILES, JOURNAL, RELEASE, again, events, in_child, killing, plant, refusing, snapshot, watch
from tests.tiers import sample

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.files.mishaps import Snapshot

CODES = (errno.ENOSPC, errno.EROFS, errno.EACCES)


@pytest.fixture(autouse=True, scope="module")
def no_sync() -> Iterator[None]:
    """Spares the disk: a sync guards against power cuts, which do not happen here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda handle: None)
        yield


def release(root: Path) -> None:
    apply_operations(root, RELEASE, JOURNAL)


def with_mishap(strike: Callable[[int], None], root: Path) -> Callable[[], None]:
    def work() -> None:
        watch(strike)
        release(root)

    return work


@pytest.fixture(scope="module")
def after(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    root = plant(tmp_path_factory.mktemp("undisturbed"))
    release(root)
    return snapshot(root)


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> int:
    root = plant(tmp_path_factory.mktemp("counted"))
    count = events(lambda: release(root))
    assert count > 30
    return count


def test_the_undisturbed_run(after: Snapshot) -> None:
    assert after["changes/released/1.0/2.md"] == (0o100600, b"Two.\n")
    assert after["CHANGELOG.md"] == (0o100640, RELEASE.writes[0].content)
    assert after["api/CHANGELOG.md"] == (0o100604, RELEASE.writes[2].content)
    assert "changes/one.md" not in after
    assert not [path for path in after if ".relbot" in path]


def test_killed_at_every_event(tmp_path: Path, after: Snapshot, steps: int) -> None:
    finished = 0
    for at in range(1, steps + 1):
        root = plant(tmp_path / str(at))
        assert in_child(with_mishap(killing(at), root)).signal == signal.SIGKILL
        finished += read_unfinished(root, JOURNAL) is not None
        again(root)
        assert snapshot(root) == after, at
    assert steps > finished > 10


def test_killed_at_every_event_of_the_finishing_too(tmp_path: Path, after: Snapshot, steps: int) -> None:
    def killed_again(root: Path, at: int) -> Callable[[], None]:
        def work() -> None:
            watch(killing(at))
            again(root)

        return work

    for first in sample(range(1, steps + 1, 5), 3, 1):
        for second in sample(range(1, steps + 1, 3), 6, first):
            root = plant(tmp_path / f"{first}-{second}")
            in_child(with_mishap(killing(first), root))
            in_child(killed_again(root, second))
            again(root)
            assert snapshot(root) == after, (first, second)


@pytest.mark.parametrize("code", CODES)
def test_an_error_at_every_event(tmp_path: Path, steps: int, code: int) -> None:
    for at in sample(range(1, steps + 1), 20, CODES.index(code)):
        root = plant(tmp_path / str(at))
        before = snapshot(root)
        outcome = in_child(with_mishap(refusing(code, at), root))
        if outcome.error is None:
            assert at >= steps, "only the very last, the sync after all is done, may be passed over"
            continue
        assert isinstance(outcome.error, CannotWrite)
        assert "Nothing was changed." in outcome.error.what
        assert os.strerror(code) in outcome.error.what
        assert outcome.error.tip
        assert snapshot(root) == before, (at, outcome.error.what)


def test_an_error_that_stays(tmp_path: Path, after: Snapshot, steps: int) -> None:
    """The disk turns read-only for good: nothing can be put back, and the next run finishes it."""
    told = 0
    for at in range(1, steps):
        root = plant(tmp_path / str(at))
        outcome = in_child(with_mishap(refusing(errno.EROFS, at, steps * 10), root))
        assert isinstance(outcome.error, CannotWrite)
        if read_unfinished(root, JOURNAL) is not None:
            told += 1
            assert "The next `relbot build` finishes the change" in outcome.error.tip
        again(root)
        assert snapshot(root) == after, at
    assert told > 10


def test_an_error_and_then_a_kill_while_it_is_put_back(tmp_path: Path, after: Snapshot, steps: int) -> None:
    def strike(at: int, then: int) -> Callable[[int], None]:
        fail, kill = refusing(errno.ENOSPC, at), killing(at + then)

        def both(number: int) -> None:
            fail(number)
            kill(number)

        return both

    for at in sample(range(1, steps + 1, 2), 5, 2):
        for then in range(1, 30, 2):
            root = plant(tmp_path / f"{at}-{then}")
            before = snapshot(root)
            if in_child(with_mishap(strike(at, then), root)).signal == 0:
                assert snapshot(root) in (before, after)
                break
            again(root)
            assert snapshot(root) == after, (at, then)


def test_interrupted_by_the_keyboard_at_every_event(tmp_path: Path, steps: int, after: Snapshot) -> None:
    def interrupted(root: Path, at: int) -> Callable[[], bool]:
        def strike(number: int) -> None:
            if number == at:
                raise KeyboardInterrupt

        def work() -> bool:
            watch(strike)
            try:
                release(root)
            except KeyboardInterrupt:
                return True
            return False

        return work

    for at in range(1, steps + 1):
        root = plant(tmp_path / str(at))
        before = snapshot(root)
        assert in_child(interrupted(root, at)).value is True
        assert snapshot(root) == (before if at < steps else after), at


def test_killed_in_the_middle_of_a_write(tmp_path: Path) -> None:
    """The kernel kills a process that writes past its limit, after the part that fits is written."""
    large = Write("CHANGELOG.md", content_digest(FILES["CHANGELOG.md"][0]), b"x" * 300_000)
    operations = Operations("Large", RELEASE.moves, (large,))
    whole = plant(tmp_path / "whole")
    apply_operations(whole, operations, JOURNAL)
    for part in ("journal", "draft"):
        for limit in (1, 4_096, 100_000, 299_999):
            root = plant(tmp_path / f"{part}-{limit}")
            assert in_child(partial(torn, root, operations, part, limit)).signal == signal.SIGXFSZ
            assert (read_unfinished(root, JOURNAL) is None) == (part == "journal")
            assert list(root.rglob(".relbot-*.tmp"))
            again(root, operations)
            assert snapshot(root) == snapshot(whole), limit


def torn(root: Path, operations: Operations, part: str, limit: int) -> None:
    """Applies the operations, and is killed by the write of the journal, or of a draft, that goes past the limit."""
    begin = Journal.begin

    def limited(self: Journal, operations: Operations) -> None:
        if part == "draft":
            begin(self, operations)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        if part == "journal":
            begin(self, operations)

    Journal.begin = limited  # type: ignore[method-assign]  # in a child that ends with it
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    real = os.write
    os.write = lambda handle, content: real(handle, bytes(content)[:65_536])
    apply_operations(root, operations, JOURNAL)


def test_a_torn_draft_is_written_anew(tmp_path: Path, after: Snapshot) -> None:
    root = plant(tmp_path)
    in_child(with_mishap(killing(20), root))
    assert read_unfinished(root, JOURNAL) is not None
    for write in RELEASE.writes:
        draft = root / draft_of(write.path)
        if draft.parent.is_dir():
            draft.write_bytes(b"torn")
    assert finish_operations(root, JOURNAL) == RELEASE
    assert snapshot(root) == after


def test_a_change_taken_back_and_killed_at_every_event(tmp_path: Path) -> None:
    """Removals empty folders, which go too: the next run finds some of them gone already."""
    there = Removal("changes/released/1.0/release.json", content_digest(RELEASE.writes[1].content))
    moves = tuple(Move(move.target, move.source) for move in RELEASE.moves)
    back = Operations("Undo 1.0", moves, (), (there,))
    planted = plant(tmp_path / "planted")
    release(planted)
    whole = tmp_path / "whole"
    shutil.copytree(planted, whole)
    count = events(lambda: apply_operations(planted, back, JOURNAL))
    apply_operations(whole, back, JOURNAL)
    assert not (whole / "changes/released").exists()
    for at in range(1, count + 1):
        root = plant(tmp_path / str(at))
        release(root)

        def killed(root: Path = root, at: int = at) -> None:
            watch(killing(at))
            apply_operations(root, back, JOURNAL)

        assert in_child(killed).signal == signal.SIGKILL
        again(root, back)
        assert snapshot(root) == snapshot(whole), at
