"""`relbot announce --post`, killed, refused, or with a git that fails: nothing is sent twice, and what is unknown is told."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest

from tests.cli.commands_under_fire import ADOPT, CODES, Case
from tests.cli.test_writes_under_fire import Copies
from tests.files.mishaps import in_child, killing, refusing
from tests.tiers import note_points, sample

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.commandline import Run
    from tests.repository import Repo

pytestmark = pytest.mark.slow
POST = Case(("announce", "production", "--to", "HEAD", "--post"), (ADOPT,))


@pytest.fixture
def sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], int]]:
    """How many messages were sent since it was asked last."""
    monkeypatch.setenv("RELBOT_ANNOUNCE_URL", "https://hooks.example/x")
    handle = os.open(tmp_path / "sent", os.O_RDWR | os.O_CREAT)  # shared with the children, and no event there
    monkeypatch.setattr("relbot.app.deploys.post_announcement.http_post_json", lambda *message: os.writev(handle, [b"."]))

    def count() -> int:
        number = os.fstat(handle).st_size
        os.ftruncate(handle, 0)
        os.lseek(handle, 0, os.SEEK_SET)
        return number

    yield count
    os.close(handle)


def test_a_message_is_sent_at_most_once_and_who_does_not_know_says_so(
    tmp_path: Path,
    relbot: Run,
    sent: Callable[[], int],
    capfd: pytest.CaptureFixture[str],
    record_property: Callable[[str, object], None],
) -> None:
    copies = Copies(tmp_path, POST)
    assert (copies.code, sent()) == (0, 3)  # twice to count, and once as it is
    mishaps = [
        *(("killed", at) for at in sample(range(1, copies.points + 1), 2)),
        *(("refused", at) for at in sample(range(1, copies.points + 1), 2, 1)),
        *(("failed", at) for at in sample(range(1, copies.programs + 1), 2, 2)),
    ]
    for what, at in mishaps:
        repo = copies.copy()
        first = in_child(_struck(copies, repo, what, at))
        assert first.signal == (signal.SIGKILL if what == "killed" else 0)
        assert first.signal or first.value in (0, 3), (what, at)
        once = sent()
        again = relbot(*POST.args, cwd=repo.path)
        twice = sent()
        assert once + twice <= 1, (what, at)
        assert again.code == 0 if once + twice and "osted" in again.out else again.code == 3, (what, at, again)
        assert again.code == 0 or "does not know whether it arrived" in again.err, (what, at)
    note_points(record_property, "announce --post", killed=copies.points, refused=copies.points, programs=copies.programs)


def _struck(copies: Copies, repo: Repo, what: str, at: int) -> Callable[[], int]:
    if what == "failed":
        return copies.with_failing_program(repo, at)
    return copies.struck(repo, killing(at) if what == "killed" else refusing(CODES[at % len(CODES)], at))
