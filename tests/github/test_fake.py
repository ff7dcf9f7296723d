"""The fake is worth something only if it is as strict as GitHub."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import requests

from tests.github.fake import faults
from tests.github.fake.contract import answer_faults, document, operation, request_faults
from tests.github.fake.objects import File
from tests.github.fake.routing import HANDLERS
from tests.github.fake.server import GitHub, running

if TYPE_CHECKING:
    from relbot.github.client import GitHubRepository
    from tests.github.conftest import FakeGitHub

pytestmark = pytest.mark.loopback


def test_a_typo_in_a_body_is_a_breach() -> None:
    found = operation("POST", "/repos/a/b/issues/1/comments")
    assert found
    assert request_faults(found[0], "", b'{"body": "a"}') == []
    assert request_faults(found[0], "", b'{"body": "a", "bdoy": ""}')
    assert request_faults(found[0], "", b"{}")
    assert request_faults(found[0], "", b"body=a")


def test_a_typo_in_a_query_is_a_breach() -> None:
    found = operation("GET", "/repos/a/b/pulls")
    assert found
    assert request_faults(found[0], "state=all&per_page=100", b"") == []
    assert "there is no parameter 'stat'" in request_faults(found[0], "stat=all", b"")[0]
    assert request_faults(found[0], "state=any", b"")


def test_an_answer_that_github_would_not_give_is_a_breach() -> None:
    found = operation("GET", "/repos/a/b/git/ref/heads/release/next")
    assert found
    assert found[1]["ref"] == "heads/release/next"
    assert answer_faults(found[0], 200, b"{}")
    assert answer_faults(found[0], 418, b"{}")


def test_a_breach_fails_the_test() -> None:
    with pytest.raises(AssertionError, match=r"tests/github/contract/used\.txt"), running(GitHub) as server:
        assert requests.get(f"{server.url}/repos/acme/widgets/stargazers", timeout=10).status_code == 404


def test_every_operation_of_the_contract_is_served() -> None:
    known = {(method.upper(), path) for path, methods in document()["paths"].items() for method in methods}
    assert known == set(HANDLERS)


def test_what_is_shown_keeps_to_the_contract(github: FakeGitHub) -> None:
    """Every GET, of everything there is; the fixture fails on any breach."""
    state = github.state
    state.permissions["github-actions[bot]"] = "admin"  # alone sees the settings
    state.required, state.ruled = [("ci", None), ("relbot", 1)], [("ci", None), ("relbot", 1)]
    state.set_ref("refs/heads/main", "a" * 40)
    pull = state.add_pull(files=(File("a.rb"), File("c.rb", "renamed", previous_filename="b.rb")), fork="ada/widgets")
    state.add_pull(head="gone").head_repo = None
    state.label(pull.number, "needs/notes", "maria")
    state.add_comment(pull.number, "Hello")
    write = {
        "/releases": {"tag_name": "v1", "body": "Notes", "make_latest": "true"},
        "/deployments": {"ref": "main", "environment": "production", "auto_merge": False, "payload": {"a": 1}},
        f"/statuses/{'b' * 40}": {"state": "success", "context": "relbot"},
        "/issues": {"title": "Checklist", "labels": ["deploy"]},
    }
    made = {path: _ask(github, "POST", path, body) for path, body in write.items()}
    deployment = made["/deployments"]["id"]
    _ask(github, "POST", f"/deployments/{deployment}/statuses", {"state": "success", "description": "done"})
    values = {
        "issue_number": pull.number,
        "pull_number": pull.number,
        "comment_id": next(iter(state.comments)),
        "deployment_id": deployment,
        "release_id": made["/releases"]["id"],
        "tag": "v1",
        "username": "maria",
        "name": "needs%2Fnotes",
        "branch": "main",
        "commit_sha": "b" * 40,
    }
    asked = 0
    for method, path in HANDLERS:
        below = path.removeprefix("/repos/{owner}/{repo}")
        if method == "GET" and path != "/user" and not re.search("/(git|contents|compare)/", path):
            of = {"ref": "b" * 40, **values}
            _ask(github, "GET", below.format(**of) if below != path else path.format(**of), root=below == path)
            asked += 1
    assert asked > 25


def _ask(github: FakeGitHub, method: str, path: str, body: Any = None, *, root: bool = False) -> Any:
    address = f"{github.url}{path}" if root else f"{github.url}/repos/acme/widgets{path}"
    answer = requests.request(method, address, json=body, headers={"Authorization": f"Bearer {github.token}"}, timeout=10)
    answer.raise_for_status()
    return answer.json()


def test_a_list_has_pages(github: FakeGitHub, hub: GitHubRepository) -> None:
    issue = github.state.add_issue("Long")
    for number in range(250):
        github.state.add_comment(issue.number, str(number))
    found = [each["body"] for each in hub.pages("read", f"/issues/{issue.number}/comments")]
    assert found == [str(number) for number in range(250)]
    assert [sorted(one.query.split("&")) for one in github.requests] == [
        ["per_page=100"],
        ["page=2", "per_page=100"],
        ["page=3", "per_page=100"],
    ]


def test_each_fault_happens_as_often_as_planned(github: FakeGitHub) -> None:
    github.fail(faults.UNAVAILABLE, "GET", "/labels$", nth=2)
    statuses = [requests.get(f"{github.url}/repos/acme/widgets/labels", timeout=10).status_code for _ in range(3)]
    assert statuses == [200, 503, 200]
