"""What holds of a ledger on GitHub alone: what people see there, whom it believes, what it does when GitHub fails."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from relbot.deploy.log.record import Deed, DeedKind, Who
from relbot.deploy.log.record import Record as Entry
from relbot.ledger.github.event import LedgerItem, LedgerRecord, to_body
from tests.cli.deployed import as_bob
from tests.commandline import ROOT
from tests.github.fake import faults
from tests.github.fake.faults import Fault
from tests.github.fake.state import BOT
from tests.terminal import Terminal

if TYPE_CHECKING:
    from tests.cli.deployed import Deploy, Site
    from tests.commandline import Run
    from tests.github.conftest import FakeGitHub
    from tests.github.fake.state import Comment, Issue

pytestmark = pytest.mark.loopback


@pytest.fixture(autouse=True)
def _on_github(site: Site, github: FakeGitHub) -> None:
    github.state.git = site.bare
    site.store = "github"
    site.environment('deployed = "ledger"')


def shown(github: FakeGitHub) -> list[tuple[str, list[str]]]:
    """The Deployments as GitHub shows them: the commit, and the states one after the other."""
    return [(one.sha, [status[1] for status in one.statuses]) for one in github.state.deployments.values()]


def issue(github: FakeGitHub) -> Issue:
    [found] = github.state.issues.values()
    return found


BOX = re.compile(r"(?m)^- \[([ x])\] `([^`]+)`")


def drawn(github: FakeGitHub) -> dict[str, str]:
    """The boxes of the last issue: the id of the step, and what is in the box."""
    last = max(github.state.issues)
    return {step: mark for mark, step in BOX.findall(github.state.issues[last].body or "")}


def tick_on_github(github: FakeGitHub, step: str, mark: str = "x") -> None:
    """Somebody ticks the box of a step in the browser, or empties it."""
    one = issue(github)
    now = drawn(github)[step]
    assert now != mark
    one.body = (one.body or "").replace(f"- [{now}] `{step}`", f"- [{mark}] `{step}`").replace("\n", "\r\n")
    one.updated = github.state.now()


def records(github: FakeGitHub) -> list[Comment]:
    return github.state.comments_of(issue(github).number)


def kinds(deploy: Deploy) -> list[str]:
    said = deploy("log", "--format", "json")
    assert said.code == 0, said.err
    entries = (each for each in json.loads(said.out)["entries"] if each["kind"] != "started")
    return [" ".join(filter(None, (each["kind"], each["step"]))) for each in entries]


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
    github.state.add_comment(issue(github).number, "Looks good to me!", "mallory")
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


def test_the_issue_shows_the_checklist(site: Site, github: FakeGitHub, deploy: Deploy) -> None:
    assert f"**Runs:** `{site.id('old')[:12]}`" in (issue(github).body or "")
    assert drawn(github) == {}
    deploy("tick", "options#1", "--to", "new")
    assert drawn(github) == {"options#1": "x", "options#2": " ", "restart:apache2": " ", "options#3": " "}
    deploy("tick", "options#2", "--failed", "disk full")
    deploy("tick", "restart:apache2", "--skip", "not here")
    body = issue(github).body or ""
    assert drawn(github) == {"options#1": "x", "options#2": " ", "restart:apache2": "x", "options#3": " "}, "skipped is settled"
    for told in ("rake migrate_options_yml", "grep -q '^production:' options.yml", "cp options.yml.bkp options.yml", "disk full"):
        assert told in body
    deploy("done", "--anyway", "it runs")
    assert drawn(github) == {}
    assert "**Left for later:** `options#2`, `options#3`" in (issue(github).body or "")


def test_a_box_that_somebody_ticks_counts_at_once(github: FakeGitHub, deploy: Deploy) -> None:
    deploy("tick", "options#1", "--to", "new")
    tick_on_github(github, "options#2")
    writes = len(github.writes)
    assert deploy("gate", "--before", "restart").code == 0
    assert "options#2        done, 2018-08-15 08:00 UTC (a person on GitHub): its box was ticked" in deploy("status").out
    assert len(github.writes) == writes, "who only reads records nothing"
    assert kinds(deploy)[-1] == "done options#2"


def test_ticked_boxes_are_recorded_with_the_next_record(github: FakeGitHub, deploy: Deploy) -> None:
    deploy("tick", "options#1", "--to", "new")
    tick_on_github(github, "options#2")
    deploy("note", "x")
    tick_on_github(github, "restart:apache2")
    assert deploy("done").code == 0
    assert kinds(deploy)[-4:] == ["done options#2", "noted", "done restart:apache2", "ended"]
    assert "its box was ticked" in records(github)[-2].body
    assert "a person on GitHub" in records(github)[-2].body


def test_a_box_that_somebody_empties_is_open_again(github: FakeGitHub, deploy: Deploy) -> None:
    deploy("tick", "options#1", "--to", "new")
    deploy("tick", "options#2")
    assert deploy("gate", "--before", "restart").code == 0
    tick_on_github(github, "options#2", " ")
    assert deploy("gate", "--before", "restart").code == 1
    deploy("tick", "restart:apache2")
    assert kinds(deploy)[-2:] == ["done restart:apache2", "failed options#2"]
    assert [status[1] for status in list(github.state.deployments.values())[-1].statuses] == ["in_progress", "failure"]
    assert drawn(github)["options#2"] == " "
    tick_on_github(github, "options#2")
    assert deploy("gate", "--before", "restart").code == 0


def test_a_box_is_about_what_its_step_said(site: Site, github: FakeGitHub, deploy: Deploy) -> None:
    deploy("tick", "options#1", "--to", "new")
    tick_on_github(github, "options#2")
    path = site.ada.path / "changes/options.md"
    path.write_text(path.read_text().replace("rake migrate_options_yml", "rake migrate_options_yml:all"))
    site.ada.commit("Convert all")
    marks = json.loads(deploy("gate", "--to", "HEAD", "--format", "json").out)["steps"]
    assert [each["mark"] for each in marks if each["id"] == "options#2"] == ["changed"]


def test_boxes_of_another_deploy_do_not_count(github: FakeGitHub, deploy: Deploy) -> None:
    deploy("tick", "options#1", "--to", "new")
    tick_on_github(github, "options#2")
    outdated = issue(github).body
    deploy("done", "--anyway", "it runs")
    deploy("adopt", "--at", "old", "--reason", "taken back by hand")
    deploy("tick", "options#1", "--to", "new")
    issue(github).body = outdated
    marks = {each["id"]: each["mark"] for each in json.loads(deploy("status", "--format", "json").out)["deploy"]["steps"]}
    assert marks["options#2"] == "open"


def test_a_body_that_somebody_wrote_over_is_drawn_again(github: FakeGitHub, deploy: Deploy) -> None:
    deploy("tick", "options#1", "--to", "new")
    issue(github).body = "- [x] `options#2` <!-- relbot-step {} -->\n<!-- relbot-under-way [] -->\n"
    assert "options#2        open" in deploy("status").out
    deploy("tick", "options#2")
    assert drawn(github) == {"options#1": "x", "options#2": "x", "restart:apache2": " ", "options#3": " "}


def test_a_step_cannot_forge_boxes(site: Site, github: FakeGitHub, deploy: Deploy) -> None:
    deploy("tick", "options#1", "--to", "new")
    line = next(line for line in (issue(github).body or "").split("\n") if "`options#2`" in line)
    forged = line.replace("[ ]", "[x]")
    text = f"Something changes.\n\n## Migration\n\n{forged}\n\n```\n{forged}\n"
    site.ada.write("changes/forged.md", f"---\ntype: changed\nmigration: true\n---\n\n{forged[2:]}\n\n{text}")
    site.ada.commit()
    site.ada.git("push", "--quiet", "origin", "HEAD:refs/heads/forged")
    assert deploy("done", "--anyway", "x").code == 0
    assert deploy("adopt", "--at", "old").code == 0
    assert deploy("tick", "forged#1", "--to", "HEAD", "--failed", "no").code == 0
    marks = {each["id"]: each["mark"] for each in json.loads(deploy("status", "--format", "json").out)["deploy"]["steps"]}
    assert marks["options#2"] == "open"
    assert marks["forged#1"] == "failed"


def test_who_logs_in_is_told(site: Site, relbot: Run, deploy: Deploy) -> None:
    deploy("tick", "options#1", "--to", "new")
    said = relbot("motd", "production", "--to", "new", cwd=site.ada.path)
    assert said.code == 1, said.err
    assert site.id("old")[:12] in said.out
    assert "rake migrate_options_yml" in said.out


def test_a_long_issue_is_followed_by_another(
    site: Site, github: FakeGitHub, deploy: Deploy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("relbot.ledger.github.rotation.LONG", 6)
    assert deploy("tick", "options#1", "--to", "new").code == 0
    assert deploy("tick", "options#2").code == 0
    assert deploy("lock", "--reason", "incident", "--for", "9h").code == 0
    assert deploy("done", "--anyway", "it runs").code == 0
    assert len(github.state.issues) == 1
    right = ["adopted", "begun", "done options#1", "done options#2", "locked", "ended"]
    for target, step in (("newer", "index#1"), ("held", "wait#1"), ("new", "wait#1:undo"), ("newer", "index#1")):
        back = ("--rollback",) if target == "new" else ()
        assert deploy("tick", step, "--to", target, "--skip", "x", *back).code == 0
        assert deploy("tick", step, "--failed", "x").code == 0
        assert deploy("tick", step).code == 0
        assert deploy("done", "--anyway", "x").code == 0
        right += [
            "begun",
            f"skipped {step}",
            f"failed {step}",
            f"done {step}",
            *(["overruled"] if target == "held" else []),
            "ended",
        ]
        assert kinds(deploy) == right
        said = deploy("status").out
        assert f"production runs {site.id(target)[:12]}" in said
        assert "Locked until" in said
        assert "Left for later: options#3 (by the deploy to " in said
    assert [one.state for one in github.state.issues.values()] == ["closed", "closed", "open"]
    first, second, _ = github.state.issues.values()
    assert f"It goes on in https://github.com/acme/widgets/issues/{second.number}." in (first.body or "")
    assert max(len(github.state.comments_of(number)) for number in github.state.issues) <= 11
    before = len(github.requests)
    deploy("status")
    assert len(github.requests) - before == 5
    assert deploy("unlock").code == 0
    assert deploy("tick", "options#3").code == 0
    assert "Left for later: options#3" not in deploy("status").out


def test_a_record_that_comes_late_to_the_issue_before_counts(
    github: FakeGitHub, deploy: Deploy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("relbot.ledger.github.rotation.LONG", 1)
    deploy("tick", "options#1", "--to", "new")
    assert [len(github.state.comments_of(number)) for number in github.state.issues] == [1, 2]
    deploy("tick", "options#2")
    late = list(github.state.comments.values())[-1]
    late.issue = 1
    assert kinds(deploy) == ["adopted", "begun", "done options#1", "done options#2"]
    assert "options#2        done" in deploy("status").out
    late.body = late.body[:90]
    assert deploy("status").code == 3


def test_an_issue_whose_beginning_was_cut_off_is_taken_up(
    site: Site, github: FakeGitHub, deploy: Deploy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("relbot.ledger.github.rotation.LONG", 1)
    deploy("lock", "--reason", "incident", "--for", "9h")
    github.fail(faults.REFUSED, "POST", "/issues/2/comments")
    assert deploy("tick", "options#1", "--to", "new").code == 3
    assert len(github.state.issues) == 2
    assert "Locked until" in deploy("status").out
    assert kinds(deploy) == ["adopted", "locked"]
    monkeypatch.setattr("relbot.ledger.github.rotation.LONG", 500)
    assert deploy("tick", "options#1", "--to", "new").code == 0
    assert kinds(deploy) == ["adopted", "locked", "begun", "done options#1"]
    assert "Locked until" in deploy("status").out
    assert [len(github.state.comments_of(number)) for number in github.state.issues] == [2, 2]


def test_run_walks_through_it_on_a_terminal(site: Site, github: FakeGitHub, deploy: Deploy) -> None:
    asked = "[d]one, [s]kip, [f]ailed, [q]uit?"
    at = Terminal(("deploy", "run", "production", "--to", "new"), site.ada.path)
    assert "step 1/4: options#1" in at.until(asked)
    tick_on_github(github, "options#2")
    at.type("d\n")
    assert "step 3/4: restart:apache2" in at.until(asked), "somebody has ticked the second on GitHub"
    at.type("f\n")
    at.until("What went wrong:")
    at.type("it does not come up\n")
    assert at.end() == 1
    right = ["adopted", "begun", "done options#2", "done options#1", "failed restart:apache2"]
    assert sorted(kinds(deploy)) == sorted(right)
    at = Terminal(("deploy", "run", "production"), site.bob.path)
    assert "step 3/4: restart:apache2" in at.until(asked)
    at.type("d\n")
    at.until("[Y/n]:")
    at.type("\n")
    assert at.end() == 0
    assert shown(github)[-1] == (site.id("new"), ["in_progress", "failure", "in_progress", "success"])


def test_run_ends_where_github_does_not_answer(site: Site, github: FakeGitHub, deploy: Deploy) -> None:
    at = Terminal(("deploy", "run", "production", "--to", "new"), site.ada.path)
    at.until("[q]uit?")
    github.fail(faults.REFUSED, "POST", "/comments$")
    at.type("d\n")
    assert at.end() == 3
    assert "relbot could not record it in issue 1: GitHub answered 403" in at.screen.replace("\n", "")
    assert kinds(deploy) == ["adopted", "begun"]


def test_a_box_that_was_drawn_before_the_last_record_is_not_believed(github: FakeGitHub, deploy: Deploy) -> None:
    deploy("tick", "options#1", "--to", "new")
    outdated = issue(github).body
    deploy("tick", "options#2", "--failed", "disk full")
    issue(github).body = outdated
    tick_on_github(github, "options#2")
    assert "failed" in deploy("gate", "--before", "restart").out
    assert deploy("tick", "restart:apache2").code == 0
    assert drawn(github)["options#2"] == " "
    tick_on_github(github, "options#2")
    assert deploy("gate", "--before", "restart").code == 0


def test_a_box_that_is_ticked_while_somebody_records_the_step_is_older(github: FakeGitHub, deploy: Deploy) -> None:
    deploy("tick", "options#1", "--to", "new")
    tick_on_github(github, "options#2")
    assert deploy("tick", "options#2", "--failed", "disk full").code == 0
    assert kinds(deploy)[-1] == "failed options#2"
    assert drawn(github)["options#2"] == " "


def test_links_lead_to_the_server_that_the_environment_names(
    site: Site, github: FakeGitHub, deploy: Deploy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_SERVER_URL", "https://github.example.org")
    assert deploy("tick", "options#1", "--to", "new").code == 0
    assert github.asked("POST", "/statuses")[-1].json["log_url"] == "https://github.example.org/acme/widgets/issues/1"


def test_a_repository_without_issues_is_told(site: Site, github: FakeGitHub, relbot: Run) -> None:
    github.fail(faults.status(410, "Issues are disabled for this repo"), "POST", "/issues$")
    said = relbot("deploy", "adopt", "production", "--at", "old", cwd=site.ada.path)
    assert said.code == 3
    assert "issues have to be switched on" in said.err


def test_a_record_of_another_environment_is_unknown(github: FakeGitHub, deploy: Deploy) -> None:
    deed = Deed(DeedKind.ENDED, target="a" * 40)
    entry = Entry(1, datetime(2018, 8, 15, 12, tzinfo=UTC), Who("Ada"), "staging", deed)
    github.state.add_comment(issue(github).number, to_body(LedgerRecord("0" * 32, 0, LedgerItem(entry))), BOT)
    said = deploy("status")
    assert (said.code, said.out) == (3, "")
    assert "belongs to staging" in said.err


def test_a_claim_that_github_does_not_show_is_unknown(github: FakeGitHub, deploy: Deploy) -> None:
    outdated = Fault("an outdated answer", 200, content=b"[]")
    github.fail(outdated, "GET", "/comments$", nth=2, times=9)
    said = deploy("lock", "--reason", "x", "--for", "1h")
    assert (said.code, said.out) == (3, "")
    assert "is missing" in said.err, "the records of adopt are not shown either"
    assert github.naps == [1.0, 1.0], "one for adopt, one for the lock"


@pytest.mark.parametrize(("steps", "length", "whole"), [(20, 100, True), (100, 700, False), (600, 100, False)])
def test_a_checklist_that_is_too_long_for_an_issue_is_shortened(
    site: Site, github: FakeGitHub, deploy: Deploy, steps: int, length: int, whole: bool
) -> None:
    for fragment in range(steps // 20):
        listed = "".join(f"  - phase: before-restart\n    run: echo {number} {'x' * length}\n" for number in range(20))
        site.ada.write(f"changes/many{fragment}.md", f"---\ntype: changed\ndeploy:\n{listed}---\n\nMany steps.\n")
    site.ada.commit()
    site.ada.git("push", "--quiet", "origin", "HEAD:refs/heads/many")
    assert deploy("adopt", "--at", "held").code == 0
    said = deploy("tick", "many0#1", "--to", "HEAD")
    assert said.code == 0, said.err
    body = issue(github).body or ""
    assert len(body) <= 65_536
    assert ("echo 1 xxx" in body) == whole
    assert drawn(github)["many0#1"] == "x"
    assert (len(drawn(github)) == steps) == (steps < 600)
    assert ("This list is not complete" in body) == (steps == 600)
    tick_on_github(github, "many0#2")
    assert "many0#2 " not in deploy("gate").out


def test_what_github_did_not_show_is_mended_by_the_next_deploy(site: Site, github: FakeGitHub, deploy: Deploy) -> None:
    deploy("tick", "options#1", "--to", "new")
    github.fail(faults.REFUSED, "POST", "/statuses$")
    said = deploy("done", "--anyway", "it runs")
    assert (said.code, said.out) == (3, "")
    assert "relbot recorded it." in said.err
    assert f"production runs {site.id('new')[:12]}" in deploy("status").out
    assert shown(github)[-1] == (site.id("new"), ["in_progress"])
    deploy("tick", "index#1", "--to", "newer")
    assert shown(github)[1:] == [(site.id("new"), ["in_progress", "success"]), (site.id("newer"), ["in_progress"])]


@pytest.mark.slow
def test_two_processes_at_once_lose_nothing(site: Site, github: FakeGitHub, deploy: Deploy) -> None:
    listed = "".join(f"  - phase: before-restart\n    run: echo {number}\n" for number in range(6))
    site.ada.write("changes/many.md", f"---\ntype: changed\ndeploy:\n{listed}---\n\nMany steps.\n")
    site.ada.commit()
    site.ada.git("push", "--quiet", "origin", "HEAD:refs/heads/many")
    site.bob.git("fetch", "--quiet", "origin", "many")
    assert deploy("adopt", "--at", "held").code == 0
    assert deploy("gate", "--to", "HEAD").code == 1
    assert deploy("tick", "many#6", "--to", "HEAD").code == 0
    script = 'for step in "$@"; do "$PYTHON" -m relbot deploy tick production "many#$step" || exit; done'
    env = os.environ | {"PYTHON": sys.executable, "PYTHONPATH": str(ROOT)}
    words = ["sh", "-c", script, "sh"]
    writers = [
        subprocess.Popen([*words, *map(str, range(first, 6, 2))], cwd=clone.path, env=env, stdout=subprocess.PIPE)
        for first, clone in ((1, site.ada), (2, site.bob))
    ]
    said = [writer.communicate()[0].decode() for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0], said
    assert sorted(kinds(deploy)) == sorted(["adopted", "adopted", "begun", *(f"done many#{step}" for step in range(1, 7))])
    assert deploy("gate").code == 0
    assert deploy("done").code == 0


def test_another_tool_that_deployed_since_is_left_alone(site: Site, github: FakeGitHub, deploy: Deploy) -> None:
    [one] = github.state.deployments.values()
    one.statuses.append((1, "inactive", "", "octocat", github.state.now()))
    assert deploy("tick", "options#1", "--to", "new").code == 0
    assert shown(github)[0] == (site.id("old"), ["success", "inactive"])


@pytest.mark.parametrize("command", ["done --to new --anyway x", "tick options#1 --to new"])
def test_a_deployment_of_what_was_not_recorded_is_taken_away(github: FakeGitHub, deploy: Deploy, command: str) -> None:
    before = shown(github)
    github.fail(faults.REFUSED, "POST", "/comments$")
    assert deploy(*command.split()).code == 3
    assert len(github.asked("POST", "/deployments")) > 2
    assert shown(github) == before


def test_an_app_of_the_projects_own_opens_one_issue(
    site: Site, github: FakeGitHub, relbot: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    github.state.bots.add("shipit[bot]")
    monkeypatch.setenv("GITHUB_TOKEN", github.add_token("shipit[bot]", "issues", "deployments"))
    github.fail(faults.LOST, "POST", "/issues$")
    assert relbot("deploy", "adopt", "production", "--at", "old", cwd=site.ada.path).code == 0
    assert relbot("deploy", "status", "production", cwd=site.ada.path).code == 0
    assert [one.author for one in github.state.issues.values()] == ["shipit[bot]"]
