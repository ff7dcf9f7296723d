"""Many write to one ledger on GitHub at once: every tick is found, and of claims at once one counts."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from relbot.deploy.log.record import Deed, DeedKind, Who
from relbot.deploy.log.replay import replay_records
from relbot.errors import Refused, Unknown
from relbot.github.client import GitHubRepository, GitHubServers
from relbot.github.errors import Rejected
from relbot.ledger.github.store import GitHubLedger
from tests.ledger.clones import A, B, C, around, tick
from tests.tiers import examples

if TYPE_CHECKING:
    from collections.abc import Callable

    from relbot.deploy.log.progress import Progress
    from relbot.deploy.log.record import Record
    from relbot.deploy.log.state import Deploy, EnvironmentState
    from tests.github.conftest import FakeGitHub

pytestmark = pytest.mark.loopback


def ledger(github: FakeGitHub, name: str) -> GitHubLedger:
    hub = GitHubRepository(github.state.repository, GitHubServers(github.url, "https://github.com"), github.token)
    return GitHubLedger(hub, "production", around(Who(name, f"{name}@example.org", "")), no_boxes)


def no_boxes(now: EnvironmentState, deploy: Deploy) -> Progress:
    raise Unknown("there is no clone")


def at_once(github: FakeGitHub, writers: int, do: Callable[[GitHubLedger, str], None]) -> list[BaseException]:
    """What all writers do at the same time raises."""
    together = threading.Barrier(writers)
    failed: list[BaseException] = []

    def run(name: str) -> None:
        mine = ledger(github, name)
        together.wait(30)
        try:
            do(mine, name)
        except BaseException as error:  # noqa: BLE001  # told by the test's own thread
            failed.append(error)

    threads = [threading.Thread(target=run, args=(f"w{number}",)) for number in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failed


def test_every_tick_of_two_writers_is_found(github: FakeGitHub) -> None:
    ledger(github, "ada").record(Deed(DeedKind.ENDED, target=A))
    ledger(github, "ada").claim(lambda known: Deed(DeedKind.BEGUN, A, B))

    each = examples(15, 60)

    def ticks(mine: GitHubLedger, name: str) -> None:
        for number in range(each):
            mine.record(tick(f"{name}#{number}"))

    assert at_once(github, 2, ticks) == []
    entries = ledger(github, "ada").synced()
    assert len(entries) == 2 * each + 2
    deploy = replay_records(entries).deploy
    assert deploy is not None
    assert set(deploy.ticks) == {f"w{writer}#{number}" for writer in range(2) for number in range(each)}


def test_of_many_locks_at_once_one_counts(github: FakeGitHub) -> None:
    ledger(github, "ada").record(Deed(DeedKind.ENDED, target=A))

    def lock(mine: GitHubLedger, name: str) -> None:
        def decide(entries: tuple[Record, ...]) -> Deed:
            if held := replay_records(entries).lock:
                raise Refused(f"{held.who} holds it")
            return Deed(DeedKind.LOCKED, reason=name)

        mine.claim(decide)

    failed = at_once(github, 8, lock)
    held = replay_records(ledger(github, "ada").synced()).lock
    assert held is not None
    assert [str(error) for error in failed] == [f"{held.who} holds it"] * 7
    assert [entry.deed.kind for entry in ledger(github, "ada").synced()].count(DeedKind.LOCKED) == 1


@pytest.mark.meets(109)
def test_of_many_begins_at_once_one_counts_and_leaves_one_deployment(github: FakeGitHub, hub: GitHubRepository) -> None:
    """Those that lost are made inactive, then deleted: GitHub keeps an active one."""
    ledger(github, "ada").record(Deed(DeedKind.ENDED, target=A))
    begun: list[str] = []

    def begin(mine: GitHubLedger, name: str) -> None:
        def decide(entries: tuple[Record, ...]) -> Deed:
            if replay_records(entries).deploy:
                raise Refused("under way")
            return Deed(DeedKind.BEGUN, A, B if name < "w4" else C)

        mine.claim(decide)
        begun.append(name)

    failed = at_once(github, 8, begin)
    assert [str(error) for error in failed] == ["under way"] * 7
    deploy = replay_records(ledger(github, "ada").synced()).deploy
    assert deploy is not None
    assert [deploy.begun.who.name] == begun
    assert [[status[1] for status in one.statuses] for one in github.state.deployments.values()] == [["success"], ["in_progress"]]
    with pytest.raises(Rejected, match="cannot delete an active deployment"):
        hub.write("delete it", "DELETE", f"/deployments/{max(github.state.deployments)}")


def test_ledgers_that_many_begin_at_once_become_one(github: FakeGitHub) -> None:
    def done(mine: GitHubLedger, name: str) -> None:
        mine.record(Deed(DeedKind.ENDED, target=A, reason=name))

    assert at_once(github, 8, done) == []
    entries = ledger(github, "ada").synced()
    assert sorted(entry.deed.reason for entry in entries) == [f"w{number}" for number in range(8)]
    assert [one.state for one in github.state.issues.values()].count("open") == 1
    ledger(github, "ada").record(Deed(DeedKind.ENDED, target=B))
    assert len(ledger(github, "ada").synced()) == 9


def test_issues_that_many_begin_at_once_lose_nothing(github: FakeGitHub, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger(github, "ada").record(Deed(DeedKind.ENDED, target=A))
    monkeypatch.setattr("relbot.ledger.github.rotation.LONG", 1)

    def done(mine: GitHubLedger, name: str) -> None:
        mine.record(Deed(DeedKind.ENDED, target=B, reason=name))

    assert at_once(github, 8, done) == []
    entries = ledger(github, "ada").history()
    assert sorted(entry.deed.reason for entry in entries) == ["", *(f"w{number}" for number in range(8))]
    running = replay_records(ledger(github, "ada").synced()).running
    assert running == min((entry for entry in entries if entry.deed.reason), key=lambda entry: entry.order), (
        "the others knew less"
    )
    assert len(github.state.issues) > 1
