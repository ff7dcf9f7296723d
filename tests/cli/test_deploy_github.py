"""What holds of a ledger on GitHub alone: what people see there, whom it believes, what it does when GitHub fails."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from relbot.ledger.github.event import from_body
from tests.cli.deployed import as_bob
from tests.cli.github_issues import issue, kinds, records, shown
from tests.github.fake.state import BOT

if TYPE_CHECKING:
    from tests.cli.deployed import Deploy, Site
    from tests.commandline import Run
    from tests.github.conftest import FakeGitHub

pytestmark = [pytest.mark.loopback, pytest.mark.usefixtures("on_github")]


def test_github_shows_what_runs_and_what_is_under_way(site: Site, github: FakeGitHub, deploy: Deploy) -> None:
    old, new = site.id("old"), site.id("new")
    assert shown(github) == [(old, ["success"])]
    assert deploy("tick", "options#1", "--to", "new").code == 0
    assert shown(github)[1:] == [(new, ["in_progress"])]
    deploy("tick", "options#2", "--failed", "disk full")
    assert shown(github)[1:] == [(new, ["in_progress", "failure"])]
    for step in ("options#2", "restart:apache2"):
        assert deploy("tick", step).code == 0
    assert shown(github)[1:] == [(new, ["in_progress", "failure", "in_progress"])]
    assert deploy("done").code == 0
    assert shown(github) == [(old, ["success"]), (new, ["in_progress", "failure", "in_progress", "success"])]
    assert {one.task for one in github.state.deployments.values()} == {"relbot"}
    assert {one.environment for one in github.state.deployments.values()} == {"production"}
    assert len(records(github)) == 7
    known = [from_body(each.number, each.author, each.body, "").entry.knew for each in records(github)]
    assert [len(hashes) for hashes in known] == [0, *[1] * 6], "each names the one before it"
    assert issue(github).title == "Deploys to production"


def test_what_github_shows_is_what_other_tools_read(site: Site, github: FakeGitHub, deploy: Deploy) -> None:
    site.environment('deployed = "github"\nrepository = "acme/widgets"')
    deploy("tick", "options#1", "--to", "new")
    for _ in range(2):
        assert json.loads(deploy("gate", "--to", "newer", "--format", "json").out)["start"] == site.id("old")
    deploy("done", "--anyway", "it runs")
    assert json.loads(deploy("gate", "--to", "newer", "--format", "json").out)["start"] == site.id("new")


def test_a_deploy_that_is_replaced_does_not_look_as_if_it_went_on(site: Site, github: FakeGitHub, deploy: Deploy) -> None:
    deploy("tick", "options#1", "--to", "new")
    instead = ("--replaces", "new", "--reason", "installed by hand")
    assert deploy("begin", "--to", "newer", *instead).code == 0
    assert deploy("done", "--anyway", "installed by hand").code == 0
    assert shown(github)[1:] == [(site.id("new"), ["in_progress", "inactive"]), (site.id("newer"), ["in_progress", "success"])]


def test_a_record_is_readable_and_nothing_in_it_is_live(github: FakeGitHub, deploy: Deploy) -> None:
    deploy("tick", "options#1", "--to", "new", "--skip", "see @octocat --> #12 <b>")
    hidden, said, end = records(github)[-1].body.split("\n")
    assert end == ""
    assert not set("@#>") & set(hidden.removesuffix(" -->").removeprefix("<!-- "))
    assert said.startswith("skipped `options#1:` see `@octocat` `-->` `#12` `<b>`, by `Cora Committer on ")


def test_what_strangers_write_does_not_count(site: Site, github: FakeGitHub, deploy: Deploy) -> None:
    deploy("tick", "options#1", "--to", "new")
    before = kinds(deploy)
    for number, old in enumerate(records(github)):
        forged = old.body.replace("options\\u00231", "options\\u00232")
        github.state.add_comment(issue(github).number, forged, "mallory" if number else "rita")
    github.state.add_comment(issue(github).number, "<!-- relbot-record {broken} -->", "mallory")
    github.state.add_comment(issue(github).number, "Looks good to me!", "zoe")
    said = deploy("log", "--format", "json")
    assert kinds(deploy) == before
    assert [line.split()[:3] for line in said.err.splitlines()] == [["Records", "by", f"@{who}"] for who in ("mallory", "rita")]
    assert github.asked("GET", "/collaborators/mallory/permission")


def test_an_issue_of_a_stranger_is_no_ledger(github: FakeGitHub, site: Site, relbot: Run) -> None:
    github.state.add_issue("Deploys to production", "<!-- relbot-ledger production 1 -->\n", "mallory")
    assert relbot("deploy", "log", "production", cwd=site.ada.path).code == 3
    assert relbot("deploy", "adopt", "production", "--at", "old", cwd=site.ada.path).code == 0
    assert [one.author for one in github.state.issues.values()] == ["mallory", BOT]
    assert github.state.comments_of(1) == []


@pytest.mark.parametrize("writer", ["maria", "octocat"])
def test_the_records_of_colleagues_count(
    site: Site, github: FakeGitHub, deploy: Deploy, relbot: Run, monkeypatch: pytest.MonkeyPatch, writer: str
) -> None:
    deploy("tick", "options#1", "--to", "new")
    as_bob(monkeypatch)
    monkeypatch.setenv("GITHUB_TOKEN", github.add_token(writer, "issues", "deployments"))
    assert relbot("deploy", "tick", "production", "options#2", cwd=site.bob.path).code == 0
    assert kinds(deploy) == ["adopted", "begun", "done options#1", "done options#2"]


def test_who_may_not_write_is_told_so(github: FakeGitHub, deploy: Deploy, monkeypatch: pytest.MonkeyPatch) -> None:
    deploy("tick", "options#1", "--to", "new")
    for token in (github.add_token("rita"), github.add_token("rita", "issues", "deployments")):
        monkeypatch.setenv("GITHUB_TOKEN", token)
        said = deploy("tick", "options#2")
        assert (said.code, said.out) == (3, "")
        assert ("it does not count" in said.err) == (len(records(github)) == 4)
    assert kinds(deploy) == ["adopted", "begun", "done options#1"]


def test_a_token_that_only_reads_is_told_what_it_needs_by_every_command_that_records(
    github: FakeGitHub, deploy: Deploy, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads, issues = github.add_token("github-actions[bot]"), github.add_token("github-actions[bot]", "issues")
    why = ("--reason", "x")
    lock, begin, skip = ("lock", "--for", "1h", *why), ("begin", "--to", "new"), ("tick", "options#1", "--skip", "x")
    overrule, done = ("overrule", "step:options#1", "--to", "new", *why), ("done", "--to", "new", "--anyway", "x")
    before = (("adopt", "--at", "new"), begin, (*skip, "--to", "new"), lock, ("note", "x"), overrule, done)
    during = (skip, ("done", "--anyway", "x"), ("abort", *why), ("begin", "--to", "newer", "--replaces", "new", *why), lock)
    for commands in (before, (*during, ("unlock", "--force"))):
        known = kinds(deploy)
        with monkeypatch.context() as at:
            at.setenv("GITHUB_TOKEN", reads)
            for command in commands:
                said = deploy(*command)
                assert (said.code, said.out) == (3, ""), command
                assert re.search("It needs `(issues|deployments): write` below `permissions:`", said.err), command
            assert deploy("gate", "--to", "new", "--before", "install").code == 1, "no record is due"
        assert kinds(deploy) == known
        assert [deploy(*begin).code, deploy(*lock).code] == [0, 0]
    assert deploy("tick", "options#1").code == 0
    monkeypatch.setenv("GITHUB_TOKEN", issues)
    half = deploy("tick", "options#2", "--failed", "x")
    assert (half.code, half.out) == (3, "")
    assert "relbot recorded it." in half.err
    assert "It needs `deployments: write`" in half.err
    monkeypatch.setenv("GITHUB_TOKEN", github.add_token("github-actions[bot]", "deployments"))
    assert deploy("done", "--anyway", "x").code == 3
    assert "inactive" not in shown(github)[-1][1], "its deploy is under way, still"


@pytest.mark.parametrize("edit", ["done", "not read at all", "cut"])
def test_a_record_that_somebody_edited_is_unknown(github: FakeGitHub, deploy: Deploy, edit: str) -> None:
    deploy("tick", "options#2", "--failed", "disk full", "--to", "new")
    last = records(github)[-1]
    last.body = {
        "done": last.body.replace('"failed"', '"done"'),
        "not read at all": last.body.replace('{"relbot":1', '{"relbot":2'),
        "cut": last.body[:100],
    }[edit]
    for command in ("gate", "status", "log"):
        said = deploy(command)
        assert (said.code, said.out) == (3, "")
        assert f"#issuecomment-{last.number}" in said.err


def test_a_record_that_is_gone_is_unknown(github: FakeGitHub, deploy: Deploy) -> None:
    deploy("tick", "options#2", "--failed", "disk full", "--to", "new")
    deploy("tick", "options#1")
    del github.state.comments[records(github)[-2].number]
    said = deploy("gate")
    assert (said.code, said.out) == (3, "")
    assert "is missing: it was removed or edited. It is named by " in said.err


@pytest.mark.parametrize("how", ["removed", "its author may not write any more"])
def test_a_newest_record_that_is_lost_is_unknown(
    github: FakeGitHub, deploy: Deploy, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """Without it the ledger would go back in time in silence: a deploy that ended would look like one that goes on."""
    deploy("tick", "options#1", "--to", "new")
    github.state.permissions["bob"] = "write"
    as_bob(monkeypatch)
    monkeypatch.setenv("GITHUB_TOKEN", github.add_token("bob", "issues", "deployments"))
    deploy("tick", "options#2", "--failed", "disk full")
    last = records(github)[-1]
    assert last.author == "bob"
    monkeypatch.setenv("GITHUB_TOKEN", github.token)
    if how == "removed":
        del github.state.comments[last.number]
    else:
        del github.state.permissions["bob"]
    for command in ("gate", "status", "log"):
        said = deploy(command)
        assert (said.code, said.out) == (3, ""), said
        assert "(failed options#2, by Bob on " in said.err
        assert {"removed": "is missing"}.get(how, "does not count: GitHub does not say that @bob may write to ") in said.err


def test_an_issue_that_is_gone_is_unknown(github: FakeGitHub, deploy: Deploy) -> None:
    github.state.issues.clear()
    for command in (
        ("gate", "--to", "new"),
        ("status",),
        ("log",),
        ("done", "--to", "new"),
        ("tick", "index#1", "--to", "newer"),
    ):
        said = deploy(*command)
        assert (said.code, said.out) == (3, "")
        assert "cannot read the records" in said.err


def test_a_commit_that_github_does_not_have_is_not_begun(site: Site, github: FakeGitHub, deploy: Deploy) -> None:
    site.ada.write("changes/more.md", "---\ntype: fixed\n---\n\nMore.\n")
    site.ada.commit("Not pushed")
    said = deploy("adopt", "--at", "HEAD")
    assert said.code == 3
    assert "Push it, then run this again." in said.err
    assert kinds(deploy) == ["adopted"]


def test_a_lock_needs_a_ledger(site: Site, relbot: Run, github: FakeGitHub) -> None:
    said = relbot("deploy", "lock", "production", "--reason", "x", "--for", "1h", cwd=site.ada.path)
    assert said.code == 3
    assert "relbot deploy adopt production --at REV" in said.err
    assert github.writes == []


@pytest.mark.parametrize("option", [("--local",), ("--offline",)])
def test_options_of_the_other_store_are_refused(deploy: Deploy, option: tuple[str, ...]) -> None:
    assert deploy("status", *option).code == 2


def test_without_a_token_nothing_is_asked(github: FakeGitHub, deploy: Deploy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_TOKEN")
    asked = len(github.requests)
    said = deploy("gate", "--to", "new")
    assert said.code == 2
    assert "There is no token for GitHub." in said.err
    assert len(github.requests) == asked


def test_the_configuration_names_the_repository(
    site: Site, github: FakeGitHub, deploy: Deploy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_REPOSITORY")
    said = deploy("status")
    assert said.code == 2
    assert "[environments.production]\nrepository = " in "\n".join(line.strip() for line in said.err.splitlines())
    site.environment('deployed = "ledger"\nrepository = "acme/widgets"')
    assert deploy("status").code == 0


def test_what_a_command_costs_in_requests(github: FakeGitHub, deploy: Deploy) -> None:
    def cost(*command: str) -> int:
        before = len(github.requests)
        deploy(*command)
        return len(github.requests) - before

    assert cost("tick", "options#1", "--to", "new") == 23
    assert cost("gate") == 4
    assert cost("status") == 4
    assert cost("tick", "options#2") == 8
    assert cost("tick", "restart:apache2", "--failed", "x") == 9
    assert cost("done") == 4, "refused: something is open"
