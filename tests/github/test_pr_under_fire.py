"""A pull request's run while GitHub fails: the right comment once, or exit code 3 and a sentence."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from relbot.github.client import GitHubRepository, GitHubServers
from relbot.github.comment import own_comments, upsert_comment
from relbot.github.pull import read_comments
from relbot.render.comment.comment_body import MARKER
from tests.github.fake import faults
from tests.github.site import FIXED
from tests.tiers import note_points, sample

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.github.conftest import FakeGitHub
    from tests.github.fake.faults import Fault
    from tests.github.fake.objects import Pull
    from tests.github.site import Site

pytestmark = pytest.mark.loopback
ALL = (
    faults.HANG,
    faults.RESET,
    faults.LOST,
    faults.LATE,
    faults.SERVER_ERROR,
    faults.BAD_GATEWAY,
    faults.BAD_GATEWAY_DONE,
    faults.UNAVAILABLE,
    faults.PRIMARY_LIMIT,
    faults.secondary_limit(7),
    faults.NOT_FOUND,
    faults.BAD_TOKEN,
    faults.REFUSED,
    faults.NOT_JSON,
)
CONFIG = '[pr]\nstatus = "relbot"\nlabel = "needs a note"\n'
CODE: dict[str, str | bytes | None] = {"app/login.rb": "remember = true\n"}


def begin(site: Site) -> tuple[Pull, str]:
    """A pull request that lacks a note, and what its comment has to be."""
    site.configure(CONFIG)
    pull = site.pull(CODE)
    assert site.run(pull).code == 1
    return pull, site.said(pull)


def clear(site: Site, pull: Pull) -> None:
    """As if nobody had looked yet."""
    for comment in site.state.comments_of(pull.number):
        del site.state.comments[comment.number]
    site.state.statuses.clear()
    site.state.issues[pull.number].labels.clear()
    site.github.plans.clear()


@pytest.mark.parametrize("fault", ALL, ids=lambda fault: fault.name)
def test_each_request_of_a_first_run_fails_once(site: Site, fault: Fault, record_property: Callable[[str, object], None]) -> None:
    pull, right = begin(site)
    requests = len(site.github.requests)
    assert requests == 8
    for nth in sample(range(1, requests + 1), 1, ALL.index(fault)):
        clear(site, pull)
        site.github.fail(fault, nth=nth)
        ran = site.run(pull)
        check(site, pull, ran.code, ran.err, right)
        site.github.plans.clear()
        assert site.run(pull).code == 1
        assert site.said(pull) == right
        assert site.state.statuses[-1].state == "failure"
        assert site.state.issues[pull.number].labels == ["needs a note"]
    note_points(record_property, "pr", requests=requests)


@pytest.mark.parametrize("fault", ALL, ids=lambda fault: fault.name)
def test_each_request_of_the_run_that_finds_all_solved_fails_once(
    site: Site, fault: Fault, record_property: Callable[[str, object], None]
) -> None:
    pull, before = begin(site)
    [comment] = site.comments(pull)
    site.push(pull, {"changes/login.md": FIXED})
    assert site.run(pull).code == 0
    solved = site.said(pull)
    requests = len(site.github.requests)
    assert requests == 7
    for nth in sample(range(1, requests + 1), 1, ALL.index(fault)):
        comment.body = before
        site.state.label(pull.number, "needs a note", "maria")
        site.state.statuses.clear()
        site.github.plans.clear()
        site.github.fail(fault, nth=nth)
        ran = site.run(pull)
        assert ran.code in (0, 3)
        assert site.said(pull) in (before, solved)
        if ran.code == 0 and fault is not faults.REFUSED:
            assert site.said(pull) == solved
            assert [each.state for each in site.state.statuses] == ["success"]
        site.github.plans.clear()
        assert site.run(pull).code == 0
        assert site.said(pull) == solved
    note_points(record_property, "pr", requests=requests)


def check(site: Site, pull: Pull, code: int, err: str, right: str) -> None:
    """The right comment once, or 3 and a sentence. Where the token may not, the summary tells."""
    assert len(site.comments(pull)) <= 1
    assert all(each.state == "failure" for each in site.state.statuses)
    if code == 1:
        assert err == ""
        assert site.said(pull) == right or "relbot could not" in site.summary.read_text()
        assert "**Required**" in site.summary.read_text()
        assert site.outputs["verdict"] == "require"
    else:
        assert code == 3, err
        assert err.startswith("relbot: relbot could not")
        assert site.outputs["verdict"] == "unknown"
        assert site.github.token not in err


def test_a_comment_whose_answer_is_lost_again_and_again(site: Site) -> None:
    pull, right = begin(site)
    clear(site, pull)
    site.github.fail(faults.LOST, "POST", "/comments$", times=10)
    assert site.run(pull).code == 1
    assert site.said(pull) == right


def test_a_comment_that_never_arrives(site: Site) -> None:
    pull, _ = begin(site)
    clear(site, pull)
    site.github.fail(faults.BAD_GATEWAY, "POST", "/comments$", times=10)
    ran = site.run(pull)
    assert ran.code == 3
    assert "comment on pull request" in ran.err
    assert len(site.github.asked("POST", "/comments")) == 3


def test_comments_that_are_there_twice_become_one(site: Site) -> None:
    pull, right = begin(site)
    for _ in range(3):
        site.state.add_comment(pull.number, f"{MARKER}\nAn older run.", "github-actions[bot]")
    site.run(pull)
    assert site.said(pull) == right


def test_twenty_runs_at_once_leave_one_comment(github: FakeGitHub) -> None:
    pull = github.state.add_pull()
    together = threading.Barrier(20)
    failed: list[BaseException] = []

    def run() -> None:
        hub = GitHubRepository(github.state.repository, GitHubServers(github.url, "https://github.com"), github.token)
        try:
            present = own_comments(hub, read_comments(hub, pull.number))
            together.wait(30)
            upsert_comment(hub, pull.number, present, f"{MARKER}\nSomething is missing.\n")
        except BaseException as error:  # noqa: BLE001  # told by the test's own thread
            failed.append(error)

    threads = [threading.Thread(target=run) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    [comment] = github.state.comments_of(pull.number)
    assert comment.body == f"{MARKER}\nSomething is missing.\n"
    assert len(github.asked("POST", "/comments")) == 20
