"""How GitHub behaves where its OpenAPI document is silent: docs/github.md has the facts by these numbers.

Each test fails without relbot's handling, and fails where the fake does not know the fact: try FAKE_GITHUB_WITHOUT=43.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from relbot.cli.environment import read_environment
from relbot.config.model import Config, Environment
from relbot.errors import Unknown
from relbot.finding import Finding, Level, Place
from relbot.git.process import Git
from relbot.github.client import GitHubRepository, GitHubServers
from relbot.github.comment import upsert_comment
from relbot.github.errors import GitHubError, NotAllowed, NotThere, Rejected
from relbot.github.event import CommitRangeActivity, activity_of
from relbot.github.labels_and_statuses import set_label
from relbot.github.pull import compare_with_base, may_write, read_comments, read_pull_request
from relbot.github.release import WantedRelease, publish_release
from relbot.ledger.github.deployments import LedgerIssues, NewDeployment, create_deployment
from relbot.render.comment.comment_body import MARKER
from relbot.render.findings.workflow_commands import MOST_SHOWN, render
from relbot.sources.model import SourceContext
from relbot.sources.resolve import resolve_running_revision

if TYPE_CHECKING:
    from tests.github.conftest import FakeGitHub
    from tests.github.site import Site

pytestmark = pytest.mark.loopback
ASKED: dict[str, str | bytes | None] = {"docs/notes.txt": "1\n"}
REQUIRED: dict[str, str | bytes | None] = {"app/login.rb": "remember = true\n"}
ASK = '"docs/**" = "ask"\n'


def test_18_a_branch_that_never_had_relbot_is_left_alone(site: Site) -> None:
    """GitHub runs `pull_request_target` from the default branch, whatever the base is."""
    site.upstream.git("switch", "--quiet", "--orphan", "0.9.x")
    site.upstream.write("app/login.rb", "1\n")
    site.upstream.commit("Begin the old branch")
    old = site.pull_into("0.9.x", {"db/migrate/1_drop.sql": "DROP TABLE cars;\n"})
    ran = site.run(old)
    assert (ran.code, ran.out, site.comments(old), site.github.writes) == (0, "", [], [])
    assert ran.err == "relbot does not review this pull request: the branch “0.9.x” has no relbot.toml.\n"
    assert site.outputs == {"findings": "0", "verdict": "clean", "next-version": ""}
    site.upstream.git("branch", "1.0.x", "main")
    assert site.run(site.pull_into("1.0.x", REQUIRED, branch="fix/maintained")).code == 1


@pytest.mark.parametrize("has", ["changes/note.md", "relbot.toml"])
def test_a_branch_with_a_folder_of_fragments_or_a_faulty_configuration_has_relbot(site: Site, has: str) -> None:
    site.upstream.git("switch", "--quiet", "--orphan", "0.9.x")
    site.upstream.write(has, "[[\n")
    site.upstream.commit("Begin the old branch")
    pull = site.pull_into("0.9.x", {"db/migrate/1_drop.sql": "DROP TABLE cars;\n"})
    assert site.run(pull).code == (1 if has == "changes/note.md" else 2)


@pytest.mark.parametrize("head", ["pr-3-pr-4-{sha}", "pr-3-{sha}/pr-4-{sha}", "pr-x-{sha}", "3-{sha}"])
def test_34_a_merge_group_that_does_not_name_one_pull_request_is_unknown(head: str) -> None:
    sha = "a" * 40
    group = {"base_sha": sha, "head_sha": sha, "head_ref": f"refs/heads/gh-readonly-queue/main/{head.format(sha=sha)}"}
    payload = {"merge_group": group, "repository": {"full_name": "o/r"}}
    with pytest.raises(Unknown, match="does not name one pull request"):
        activity_of("merge_group", payload)
    group["head_ref"] = f"refs/heads/gh-readonly-queue/pr-1-line/pr-7-{sha}"
    assert activity_of("merge_group", payload) == CommitRangeActivity("o/r", sha, sha, 7)


def job(github: FakeGitHub, *permissions: str) -> GitHubRepository:
    """The client with the token of a job that has these permissions."""
    token = github.add_token("github-actions[bot]", *permissions)
    return GitHubRepository(github.state.repository, GitHubServers(github.url, "https://github.com"), token)


@pytest.mark.meets(43, 44)
def test_43_44_a_label_that_does_not_exist_is_told_with_its_page(github: FakeGitHub) -> None:
    """`pull-requests: write` sets a label that exists. It takes `issues: write` as well to make one; that alone sets none."""
    number = github.state.add_pull().number
    with pytest.raises(NotAllowed, match="create it on https://github"):
        set_label(hub := job(github, "pull_requests"), read_pull_request(hub, number), "needs a note", lambda: True, there=True)
    with pytest.raises(NotAllowed):
        set_label(hub := job(github, "issues"), read_pull_request(hub, number), "needs a note", lambda: True, there=True)
    github.state.labels["needs a note"] = ""
    set_label(hub := job(github, "pull_requests"), read_pull_request(hub, number), "needs a note", lambda: True, there=True)
    assert github.state.issues[number].labels == ["needs a note"]


@pytest.mark.meets(45)
def test_45_a_refusal_tells_the_permission_that_github_names(github: FakeGitHub) -> None:
    with pytest.raises(NotAllowed) as caught:
        job(github).write("comment", "POST", f"/issues/{github.state.add_pull().number}/comments", {"body": "a"})
    assert "It needs `issues: write or pull-requests: write`" in caught.value.tip
    with pytest.raises(NotAllowed) as caught:
        job(github).write("set the status", "POST", f"/statuses/{'a' * 40}", {"state": "success"})
    assert "It needs `statuses: write`" in caught.value.tip


@pytest.mark.meets(50)
def test_50_nobody_of_that_login_may_not_write(github: FakeGitHub, hub: GitHubRepository) -> None:
    assert not may_write(hub, "nobody-of-this-name")
    assert github.requests[-1].status == 404


@pytest.mark.meets(54)
def test_54_deleted_accounts_wrote_comments_and_pull_requests(site: Site) -> None:
    site.configure(ASK)
    pull = site.pull(REQUIRED, author="ghost")
    site.state.add_comment(pull.number, "/relbot waive The table is empty.", "ghost")
    site.state.add_comment(pull.number, "/relbot none The table is empty.", "ghost")
    site.state.label(pull.number, "relbot: waived", "maria")
    assert site.run(pull).code == 1
    assert "a reason is missing" in site.said(pull)


@pytest.mark.meets(58, 59)
def test_58_59_graphql_is_asked_whether_a_comment_was_edited(site: Site) -> None:
    """The two times of a comment that nobody edited differ by a second."""
    pull = site.pull(REQUIRED)
    site.state.add_comment(pull.number, "/relbot waive The table is empty.", "maria")
    site.state.label(pull.number, "relbot: waived", "maria")
    assert site.run(pull).code == 0
    assert len(site.github.asked("POST", "/graphql")) == 1


@pytest.mark.meets(64)
def test_64_a_text_of_an_issue_that_is_too_long_is_dropped(github: FakeGitHub, hub: GitHubRepository) -> None:
    """So relbot never sends one: GitHub answers as if all were well."""
    number = github.state.add_issue("Deploy", "the old text").number
    assert hub.write("draw the checklist", "PATCH", f"/issues/{number}", {"body": "x" * 65_537})["body"] == "the old text"


@pytest.mark.meets(68)
def test_68_a_list_that_lags_behind_a_comment_is_read_again(github: FakeGitHub, hub: GitHubRepository) -> None:
    pull = github.state.add_pull()
    github.state.lag = 2
    assert upsert_comment(hub, pull.number, [], f"{MARKER}\nSomething is missing.\n")
    assert len(github.state.comments_of(pull.number)) == 1
    assert github.naps == [1, 2]


def test_70_the_gravest_come_first_and_what_github_does_not_show_is_told() -> None:
    levels = [Level.NOTE, Level.WARNING, Level.ERROR]
    findings = [Finding("rule", Place(f"{n}.rb", 1), "Message", level=levels[n % 3]) for n in range(33)]
    lines = render(findings).splitlines()
    assert [line.split(" ")[0] for line in lines] == ["::error"] * 11 + ["::warning"] * 11 + ["::notice"] * 12
    assert lines[22].startswith("::notice title=relbot::GitHub shows 10 of 11 errors and 10 of 11 warnings and 10 of 11 notices ")
    few = [finding._replace(level=Level.ERROR) for finding in findings[:MOST_SHOWN]]
    assert "GitHub shows" not in render(few)


@pytest.mark.meets(86, 87)
def test_86_87_a_renamed_repository_is_read_and_written_whole(site: Site) -> None:
    """Reads are answered with 301 and writes with 307, to an address by number that holds the query."""
    site.state.former.add("acme/gadgets")
    pull = site.pull(REQUIRED)
    payload = site.payload(pull) | {"repository": {"full_name": "acme/gadgets"}}
    site.know_as("acme/gadgets")
    assert site.at_event(payload).code == 1
    assert "**Required**" in site.said(pull)
    moved = [each for each in site.github.requests if "/gadgets" in each.path]
    assert {(each.method, each.status) for each in moved} == {("GET", 301), ("POST", 307)}
    assert {each.query for each in site.github.asked("GET", "/comments")} == {"per_page=100"}


@pytest.mark.meets(88)
def test_88_without_a_common_ancestor_the_tip_is_to_rebase(site: Site) -> None:
    site.upstream.git("switch", "--quiet", "--orphan", "apart")
    head = site.upstream.commit("Begin anew")
    site.upstream.switch("main")
    hub = GitHubRepository("acme/widgets", GitHubServers(site.github.url, ""), site.github.token)
    with pytest.raises(NotThere) as caught:
        compare_with_base(hub, "main", head)
    assert "Rebase the branch" in caught.value.tip


def test_115_an_enterprise_server_has_no_limits(github: FakeGitHub, hub: GitHubRepository) -> None:
    github.state.enterprise = "3.19.2"
    pull = github.state.add_pull()
    assert read_comments(hub, pull.number) == []
    assert not may_write(hub, "rita")


@pytest.mark.meets(91)
def test_91_a_version_that_github_does_not_know_is_refused(
    github: FakeGitHub, hub: GitHubRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So relbot names the version for which it was written."""
    assert hub.read("read the repository", "")["full_name"] == "acme/widgets"
    monkeypatch.setattr("relbot.github.connection.API_VERSION", "2099-01-01")
    with pytest.raises(GitHubError, match="GitHub answered 400"):
        hub.read("read the repository", "")


@pytest.mark.meets(102)
def test_102_of_two_deployments_of_one_commit_the_later_switches_the_other_off(site: Site) -> None:
    """That of a job with `environment:`, and that of `relbot deploy` in it: the one that ends last need not be the newer one."""
    hub = GitHubRepository("acme/widgets", GitHubServers(site.github.url, ""), site.github.token)
    commit = site.upstream.head
    body = {"ref": commit, "environment": "staging", "auto_merge": False, "required_contexts": []}
    made = [hub.write("deploy", "POST", "/deployments", body)["id"] for _ in range(2)]
    for number in made:
        hub.write("end it", "POST", f"/deployments/{number}/statuses", {"state": "success"})
    [older, newer] = site.state.deployments.values()
    assert (older.statuses[-1][1], newer.statuses[-1][1]) == ("inactive", "success")
    newer.statuses.append((9000, "inactive", "", "x", site.state.now()))
    older.statuses.append((9001, "success", "", "x", site.state.now()))
    around = SourceContext(Git(site.upstream.path), Config(), read_environment().github)
    assert resolve_running_revision(Environment("staging", "github", repository="acme/widgets"), around) == commit


@pytest.mark.meets(101)
def test_101_a_deployment_is_made_of_a_commit_that_is_behind_and_red(site: Site) -> None:
    """Else GitHub would merge the default branch into it, or wait for its checks."""
    hub = GitHubRepository("acme/widgets", GitHubServers(site.github.url, ""), site.github.token)
    behind = site.upstream.head
    site.upstream.write("app/login.rb", "remember = 4\n")
    site.upstream.commit()
    hub.write("set the status", "POST", f"/statuses/{behind}", {"state": "failure", "context": "ci"})
    assert create_deployment(hub, NewDeployment("production", behind, LedgerIssues((1,)), "k", True, (), "x"))
    assert [each.sha for each in site.state.deployments.values()] == [behind]
    for body in ({"ref": behind}, {"ref": behind, "required_contexts": []}):
        with suppress(Rejected):
            assert "number" not in hub.write("deploy", "POST", "/deployments", body)
    assert len(site.state.deployments) == 1, "the fake makes none for a careless request"


@pytest.mark.meets(110)
def test_110_of_two_releases_of_one_tag_the_older_stays(github: FakeGitHub, hub: GitHubRepository) -> None:
    wanted = WantedRelease("v1.0.0", "1.0.0", "Notes", "a" * 40, latest=True)
    github.state.release_race = True
    publish_release(hub, wanted)
    assert [each.tag for each in github.state.releases.values()] == ["v1.0.0"]
    assert [each.method for each in github.writes] == ["POST", "DELETE", "PATCH"]


@pytest.mark.meets(111)
def test_111_of_two_drafts_of_one_tag_the_older_is_published(github: FakeGitHub, hub: GitHubRepository) -> None:
    for _ in range(2):
        hub.write("draft", "POST", "/releases", {"tag_name": "v1.0.0", "draft": True})
    [older, newer] = github.state.releases.values()
    publish_release(hub, WantedRelease("v1.0.0", "1.0.0", "Notes", "a" * 40, latest=True))
    assert [older.draft, newer.draft] == [False, True]


def test_archived_and_locked_are_told(site: Site) -> None:
    """Who may not write on what is locked is refused; nobody writes on what is archived."""
    pull = site.pull(REQUIRED)
    site.state.archived = True
    assert site.run(pull).code == 1
    assert "Repository was archived so is read-only." in site.summary.read_text().replace("`", "")
