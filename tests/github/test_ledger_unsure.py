"""What a ledger on GitHub does where nobody knows whether something arrived: it looks, and tries again a few times."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from relbot.github.client import Answer, GitHubRepository, GitHubServers
from relbot.github.errors import Unsure
from relbot.ledger.github.deployments import (
    TRIES,
    LedgerIssues,
    NewDeployment,
    create_deployment,
    list_deployments,
    set_deployment_state,
)
from relbot.ledger.github.event import is_record
from relbot.ledger.github.issue_api import RecordComment, open_issue, post_record
from relbot.ledger.github.permissions import KnownWriters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Found = list[dict[str, Any]]

MARK = "<!-- relbot-record "
NEW = NewDeployment("production", "a" * 40, LedgerIssues((1,)), "mine", False, (), "")


class Silent(GitHubRepository):
    """A GitHub that takes what it is told and never says so: it `shows` something from the second look on."""

    def __init__(self, shows: Found) -> None:
        super().__init__("acme/widgets", GitHubServers("https://api.github.com", "https://github.com"), "")
        self.shows = shows
        self.writes = 0

    def pages(self, what: str, path: str, **query: str | int) -> Iterator[Answer]:
        return (Answer(each, what) for each in (self.shows if self.writes else ()))

    def read(self, what: str, path: str, **query: str | int) -> Answer:
        return Answer({"login": "ada"}, what)

    def write(self, what: str, method: str, path: str, body: Any = None) -> Any:
        self.writes += 1
        raise Unsure(f"relbot could not {what}.")


def deployment(number: int, key: str) -> dict[str, Any]:
    payload = {"relbot": 1, "key": key, "issues": [1], "opens": False}
    return {"id": number, "sha": "a" * 40, "environment": "production", "creator": {"login": "ada"}, "payload": payload}


def comment(number: int, body: str) -> dict[str, Any]:
    return {"id": number, "user": {"login": "ada", "type": "User"}, "body": body, "html_url": "there"}


def opened(number: int, author: str, comments: int = 0) -> dict[str, Any]:
    return {"number": number, "body": "mark", "comments": comments, "user": {"login": author}}


CALLS: dict[str, tuple[Callable[[GitHubRepository], object], Found, Found, object]] = {
    "a deployment": (
        lambda github: create_deployment(github, NEW),
        [deployment(1, "another")],
        [deployment(3, "another"), deployment(5, "mine"), deployment(4, "mine")],
        4,
    ),
    "its state": (
        lambda github: set_deployment_state(github, 7, "success", "", ""),
        [{"id": 2, "state": "failure"}, {"id": 1, "state": "success"}],
        [{"id": 1, "state": "failure"}, {"id": 2, "state": "success"}],
        None,
    ),
    "a record": (
        lambda github: post_record(github, 1, "", "key").number,
        [comment(1, f"{MARK}other"), comment(2, "key")],
        [comment(1, f"{MARK}other"), comment(3, f"{MARK}key"), comment(2, f"{MARK}key")],
        2,
    ),
    "an issue": (
        lambda github: open_issue(github, "", "", "mark"),
        [opened(1, "mallory"), opened(2, "ada", 1)],
        [opened(1, "mallory"), opened(2, "ada", 1), opened(4, "ada"), opened(3, "ada")],
        3,
    ),
}


@pytest.mark.parametrize("call", CALLS)
def test_what_may_have_arrived_is_looked_for_and_written_again_a_few_times(call: str) -> None:
    assert is_record(MARK)
    do, never, there, found = CALLS[call]
    lost, taken = Silent(never), Silent(there)
    with pytest.raises(Unsure):
        do(lost)
    assert lost.writes == TRIES
    assert do(taken) == found
    assert taken.writes == 1


def test_an_app_that_made_a_deployment_may_record_and_github_is_not_asked() -> None:
    made = [deployment(1, "mine") | {"creator": {"login": "shipit[bot]"}}]
    github = Silent(made)
    github.writes = 1
    writers = KnownWriters(github)
    writers.prove(list_deployments(github, "production"))
    assert writers.may(RecordComment(2, "shipit[bot]", False, "", ""))
    assert writers.may(RecordComment(3, "github-actions[bot]", False, "", ""))
    assert not writers.may(RecordComment(4, "", False, "", ""))
