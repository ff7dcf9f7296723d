"""`relbot pr` on a GitHub that remembers: what it says and sets, and what it leaves alone."""

from __future__ import annotations

import copy
import os
from typing import TYPE_CHECKING

import pytest

from relbot.github.client import GitHubRepository, GitHubServers
from relbot.github.pull import read_pull_request
from relbot.render.comment.comment_body import MARKER
from tests.github.markdown import shown
from tests.github.payloads import payloads
from tests.github.site import CODE, FAULTY, FIXED, NOTED, annotated

if TYPE_CHECKING:
    from tests.github.site import Site

pytestmark = pytest.mark.loopback


def test_without_a_note_it_asks_for_one(site: Site) -> None:
    pull = site.pull(CODE)
    ran = site.run(pull)
    assert (ran.code, ran.err) == (1, "")
    assert annotated(ran.out) == [("error", "app/login.rb")]
    body = site.said(pull)
    assert body.startswith(MARKER)
    assert "**Required**" in body
    [link] = shown(body).links
    assert link.startswith(
        "https://github.com/acme/widgets/new/fix/login?filename=changes%2Ffix-login.md&value=---%0Atype%3A%20changed"
    )
    assert site.outputs == {"findings": "1", "verdict": "require", "next-version": ""}
    assert "**Required**" in site.summary.read_text()
    assert len(site.github.requests) <= 8


def test_with_a_note_it_says_nothing(site: Site) -> None:
    pull = site.pull(NOTED)
    ran = site.run(pull)
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert site.comments(pull) == []
    assert site.github.writes == []
    assert site.outputs == {"findings": "0", "verdict": "clean", "next-version": "1.0.1"}
    assert "The login page remembers you." in site.summary.read_text()
    assert len(site.github.requests) <= 6


def test_the_comment_is_changed_in_place_and_goes_down_to_one_line(site: Site) -> None:
    pull = site.pull(CODE)
    site.run(pull)
    [first] = site.comments(pull)
    before = first.body
    site.push(pull, {"changes/login.md": FAULTY})
    assert site.run(pull).code == 1
    [second] = site.comments(pull)
    assert second.number == first.number
    assert second.body != before
    assert "changes/login.md" in second.body
    site.push(pull, {"changes/login.md": FIXED})
    assert site.run(pull).code == 0
    assert site.said(pull) == f"{MARKER}\nrelbot: nothing is missing any more.\n"
    assert len(site.github.requests) <= 8


@pytest.mark.parametrize("solved", [False, True])
def test_nothing_is_written_when_nothing_changed(site: Site, solved: bool) -> None:
    site.configure('[pr]\nstatus = "relbot"\nlabel = "needs a note"\n')
    pull = site.pull(CODE)
    site.run(pull)
    if solved:
        site.push(pull, NOTED)
        site.run(pull)
    site.run(pull)
    assert site.github.writes == []
    assert len(site.github.requests) <= 6


def test_the_budget_of_requests(site: Site) -> None:
    site.configure('[pr]\nstatus = "relbot"\nlabel = "needs a note"\n')
    pull = site.pull(CODE)
    site.run(pull)
    assert len(site.github.requests) <= 8, [f"{each.method} {each.path}" for each in site.github.requests]
    site.push(pull, NOTED)
    site.run(pull)
    assert len(site.github.requests) <= 8


def test_status_and_label_follow(site: Site) -> None:
    site.configure('[pr]\nstatus = "relbot"\nlabel = "needs a note"\n')
    pull = site.pull(CODE)
    site.run(pull)
    labels = site.state.issues[pull.number].labels
    assert labels == ["needs a note"]
    assert [(each.sha, each.state, each.description) for each in site.state.statuses] == [
        (pull.head_sha, "failure", "1 thing required.")
    ]
    site.push(pull, NOTED)
    site.run(pull)
    assert labels == []
    assert (site.state.statuses[-1].sha, site.state.statuses[-1].state) == (pull.head_sha, "success")


def test_a_fork_gets_the_fragment_to_copy(site: Site) -> None:
    pull = site.pull(CODE, fork="ada/widgets")
    site.run(pull)
    assert shown(site.said(pull)).links == ()
    assert "changes/fix-login.md" in site.said(pull)


def test_a_fork_that_was_deleted() -> None:
    payload = copy.deepcopy(payloads("pull_request")[0]["pull_request"])
    payload["head"]["repo"] = None
    payload["user"] = None
    hub = GitHubRepository("Codertocat/Hello-World", GitHubServers("https://api.github.com", "https://github.com"), "")
    hub.read = lambda *_, **__: payload  # type: ignore[method-assign]  # one answer for every question
    pull = read_pull_request(hub, 2)
    assert (pull.branch, pull.name, pull.author) == ("", "changes", "")


def test_a_refused_permission_is_no_fault(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.configure('[pr]\nstatus = "relbot"\nlabel = "needs a note"\n')
    monkeypatch.setenv("GITHUB_TOKEN", site.github.add_token("github-actions[bot]"))
    pull = site.pull(CODE)
    ran = site.run(pull)
    assert (ran.code, ran.err) == (1, "")
    assert site.comments(pull) == []
    summary = site.summary.read_text()
    assert "**Required**" in summary
    assert summary.count("relbot could not") == 3
    assert "create it on" in summary
    assert len(site.github.requests) <= 8
    site.push(pull, NOTED)
    assert site.run(pull).code == 0


def test_a_run_that_shall_not_write_does_not(site: Site) -> None:
    pull = site.pull(CODE)
    assert site.run(pull, "--no-comment").code == 1
    assert site.github.writes == []
    assert [each.path for each in site.github.requests if "comments" in each.path] == []


def test_a_pasted_marker_is_not_relbots(site: Site) -> None:
    pull = site.pull(CODE)
    theirs = site.state.add_comment(pull.number, f"{MARKER}\nrelbot: nothing is missing.", "mallory")
    site.run(pull)
    assert theirs.body == f"{MARKER}\nrelbot: nothing is missing."
    assert "**Required**" in site.said(pull)


@pytest.mark.meets(89)
def test_its_comment_is_found_on_any_page(site: Site) -> None:
    pull = site.pull(CODE)
    for number in range(101):
        site.state.add_comment(pull.number, f"Comment {number}")
    site.run(pull)
    for number in range(5):
        site.state.add_comment(pull.number, f"Later {number}")
    site.push(pull, NOTED)
    site.run(pull)
    assert len(site.comments(pull)) == 1
    assert "any more" in site.said(pull)


def test_with_a_token_of_a_person_the_comment_is_theirs(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", site.github.add_token("maria", "pull_requests"))
    pull = site.pull(CODE)
    site.run(pull)
    site.push(pull, NOTED)
    site.run(pull)
    [comment] = site.state.comments_of(pull.number)
    assert (comment.author, "any more" in comment.body) == ("maria", True)


@pytest.mark.meets(51)
def test_an_app_of_the_projects_own_keeps_one_comment(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """GitHub does not tell an app's token its name."""
    site.state.bots.add("notes-of-acme[bot]")
    monkeypatch.setenv("GITHUB_TOKEN", site.github.add_token("notes-of-acme[bot]", "pull_requests"))
    pull = site.pull(CODE)
    pasted = site.state.add_comment(pull.number, f"{MARKER}\nrelbot: nothing is missing.", "mallory")
    site.run(pull)
    site.push(pull, {"app/other.rb": "1\n"})
    site.run(pull)
    [comment] = [each for each in site.state.comments_of(pull.number) if each is not pasted]
    assert (comment.author, "app/other.rb" in comment.body) == ("notes-of-acme[bot]", True)
    assert [each.method for each in site.github.writes] == ["PATCH"]
    site.push(pull, NOTED)
    assert site.run(pull).code == 0
    assert "nothing is missing any more" in comment.body
    assert "nothing is missing." in pasted.body
    assert site.github.asked("GET", "/user") == []
    refused, _ = site.github.take("GET", "/user", b"", f"Bearer {os.environ['GITHUB_TOKEN']}")
    assert refused.status == 403


def test_a_draft_is_left_in_peace(site: Site) -> None:
    site.configure('[pr]\nstatus = "relbot"\nlabel = "needs a note"\n')
    pull = site.pull(CODE, draft=True)
    ran = site.run(pull)
    assert (ran.code, annotated(ran.out)) == (0, [("notice", "app/login.rb")])
    assert site.comments(pull) == []
    assert site.state.issues[pull.number].labels == []
    assert [each.state for each in site.state.statuses] == ["pending"]
    pull.draft = False
    assert site.run(pull).code == 1
    assert "**Required**" in site.said(pull)


@pytest.mark.parametrize(("author", "code"), [("dependabot[bot]", 0), ("dependabot-fan", 1)])
def test_bots_are_asked_for_nothing(site: Site, author: str, code: int) -> None:
    pull = site.pull(CODE, author=author)
    assert site.run(pull).code == code
    assert bool(site.comments(pull)) is bool(code)


def test_what_commits_say_of_their_author_exempts_nobody(site: Site) -> None:
    site.upstream.branch("fix/login")
    site.upstream.write("app/login.rb", "remember = true\n")
    head = site.upstream.commit("Change", author="dependabot[bot] <support@github.com>")
    site.upstream.switch("main")
    pull = site.state.add_pull(head="fix/login", head_sha=head, base_sha=site.upstream.head)
    assert site.run(pull).code == 1
