"""What runs, as GitHub's deployments tell it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from relbot.github import retry
from tests.deployed.server import page

if TYPE_CHECKING:
    from tests.deployed.conftest import Ask
    from tests.deployed.server import Server

pytestmark = pytest.mark.loopback

BASE = "/repos/o/r/deployments"


@pytest.fixture(autouse=True)
def _api(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_API_URL", f"http://{server.address}/")
    monkeypatch.setenv("GITHUB_TOKEN", "ghs_secret")
    monkeypatch.setattr(retry, "wait", lambda seconds: None)


def deployments(server: Server, *states: tuple[str, list[str]], refs: tuple[str, ...] = ()) -> None:
    """Deployments, the oldest first: each its commit and its states, the oldest first. Listed as they come."""
    listed = [{"id": number, "sha": sha, "ref": "main"} for number, (sha, _) in enumerate(states, 1)]
    for one, ref in zip(listed, refs, strict=False):
        one["ref"] = ref
    server.pages[BASE] = page(json.dumps(listed))
    for number, (_, of) in enumerate(states, 1):
        statuses = [{"id": at, "state": state} for at, state in enumerate(of)]
        server.pages[f"{BASE}/{number}/statuses"] = page(json.dumps(statuses))


def test_the_last_that_succeeded(server: Server, ask: Ask, commit: str) -> None:
    deployments(server, ("a" * 40, ["success", "inactive"]), (commit, ["queued", "in_progress", "success"]))
    assert ask("github", repository="o/r") == commit
    assert server.seen[0] == (f"{BASE}?environment=production&per_page=100", "token ghs_secret")


def test_what_is_under_way_does_not_run_yet(server: Server, ask: Ask, commit: str) -> None:
    deployments(server, (commit, ["success"]), ("a" * 40, ["in_progress"]), ("b" * 40, []))
    assert ask("github", repository="o/r") == commit


@pytest.mark.parametrize("state", ["failure", "error", "inactive", "brand-new"])
def test_after_a_failure_nobody_can_tell(server: Server, refused: Ask, commit: str, state: str) -> None:
    deployments(server, (commit, ["success"]), ("a" * 40, ["success", state]))
    assert f"the last one that ended, of “aaaaaaaaaaaa”, is “{state}”" in refused("github", repository="o/r")


@pytest.mark.parametrize("ref", ["refs/pull/12/merge", "pull/12/head", "12/merge"])
def test_a_job_of_a_pull_request_deploys_nothing(server: Server, ask: Ask, commit: str, ref: str) -> None:
    """GitHub fact 105: every job with `environment:` makes a deployment, also one of a commit that is not on the branch."""
    deployments(server, (commit, ["success"]), ("a" * 40, ["success"]), refs=("main", ref))
    assert ask("github", repository="o/r") == commit


def test_of_two_deployments_of_a_commit_one_switches_the_other_off(server: Server, ask: Ask, refused: Ask, commit: str) -> None:
    """GitHub fact 102: `success` makes earlier deployments inactive, and the one that ends last need not be the newest."""
    deployments(server, (commit, ["success"]), (commit, ["success", "inactive"]))
    assert ask("github", repository="o/r") == commit
    deployments(server, (commit, ["success"]), ("a" * 40, ["success", "inactive"]))
    assert "of “aaaaaaaaaaaa”, is “inactive”" in refused("github", repository="o/r")


def test_only_deployments_that_are_meant_count(server: Server, ask: Ask, commit: str) -> None:
    """GitHub facts 102, 105: other tools record other tasks, and anybody with write access may make a deployment."""
    listed = [
        {"id": 1, "sha": commit, "ref": "main", "task": "deploy", "creator": {"login": "github-actions[bot]"}},
        {"id": 2, "sha": "a" * 40, "ref": "main", "task": "preview", "creator": {"login": "github-actions[bot]"}},
        {"id": 3, "sha": "b" * 40, "ref": "main", "task": "relbot", "creator": {"login": "mallory"}},
        {"id": 4, "sha": "c" * 40, "ref": "main", "task": "deploy", "creator": None},
    ]
    server.pages[BASE] = page(json.dumps(listed))
    for number in range(1, 5):
        server.pages[f"{BASE}/{number}/statuses"] = page(json.dumps([{"id": 1, "state": "success"}]))
    assert ask("github", repository="o/r", creators=("GitHub-Actions[bot]",)) == commit
    server.pages[BASE] = page(json.dumps(listed[:2]))
    assert ask("github", repository="o/r") == commit
    assert ask("github", repository="o/r", tasks=("deploy",)) == commit


ANSWERS = {
    "none": ("[]", 200, "show none that ended"),
    "404": ('{"message": "Not Found"}', 404, "GitHub answered 404 “Not Found”"),
    "rate": ('{"message": "API rate limit exceeded"}', 403, "API rate limit exceeded"),
    "nothing": ("", 200, "answer is not a list"),
    "HTML": ("<!DOCTYPE html><html>", 200, "GitHub's answer is not JSON"),
    "object": ('{"message": "x"}', 200, "answer is not a list"),
    "strings": ('["x"]', 200, "answer has an unexpected format"),
    "no commit": ('[{"id": 1, "sha": null}]', 200, "GitHub's answer has no usable `sha`"),
}


@pytest.mark.parametrize("case", ANSWERS)
def test_what_is_no_answer(server: Server, refused: Ask, commit: str, case: str) -> None:
    text, status, told = ANSWERS[case]
    server.pages[BASE] = page(text, status)
    said = refused("github", repository="o/r")
    assert told in said
    assert "ghs_secret" not in said


def test_the_token_stays_with_github(server: Server, refused: Ask, commit: str) -> None:
    server.pages[BASE] = page("", 302, Location=f"http://localhost:{server.server_address[1]}/elsewhere")
    server.pages["/elsewhere"] = page("[]")
    refused("github", repository="o/r")
    assert [credentials for _, credentials in server.seen] == ["token ghs_secret"]


def test_without_a_token(server: Server, refused: Ask, commit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_TOKEN")
    server.pages[BASE] = page("", 404)
    assert "Set GITHUB_TOKEN" in refused("github", repository="o/r")
