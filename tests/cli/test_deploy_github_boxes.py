"""The issue of a deploy on GitHub: its boxes, and what becomes of an issue that gets long."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from relbot.deploy.log.graph import record_hash
from relbot.ledger.github.event import from_body
from tests.cli.github_issues import drawn, issue, kinds, records, tick_on_github
from tests.github.fake import faults

if TYPE_CHECKING:
    from tests.cli.deployed import Deploy, Site
    from tests.commandline import Run
    from tests.github.conftest import FakeGitHub

pytestmark = [pytest.mark.loopback, pytest.mark.usefixtures("on_github")]


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
    assert (first.body or "").endswith(
        f"this issue changes nothing.\n\nIt goes on in https://github.com/acme/widgets/issues/{second.number}.\n"
    )
    opening = github.state.comments_of(second.number)[0]
    event = from_body(opening.number, opening.author, opening.body, "")
    assert event.record.carried is not None
    assert {record_hash(each.entry) for each in event.record.carried.items} < set(event.entry.knew)
    assert max(len(github.state.comments_of(number)) for number in github.state.issues) <= 11
    before = len(github.requests)
    deploy("status")
    assert len(github.requests) - before == 5
    assert deploy("unlock").code == 0
    assert deploy("tick", "options#3").code == 0
    assert "Left for later: options#3" not in deploy("status").out
    assert f"is complete: {len(kinds(deploy))} records" in deploy("verify").out
    del github.state.comments[github.state.comments_of(first.number)[2].number]
    assert [deploy(command).code for command in ("status", "verify", "log")] == [1, 3, 3], "status reads the last issue only"
    assert "is missing: it was removed or edited" in deploy("verify").out


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
    first = min(github.state.comments)
    adopted = github.state.comments.pop(first)
    assert deploy("status").code == 3, "the lock names it"
    github.state.comments[first] = adopted
    monkeypatch.setattr("relbot.ledger.github.rotation.LONG", 500)
    assert deploy("tick", "options#1", "--to", "new").code == 0
    assert kinds(deploy) == ["adopted", "locked", "begun", "done options#1"]
    assert "Locked until" in deploy("status").out
    assert [len(github.state.comments_of(number)) for number in github.state.issues] == [2, 2]
    newest = github.state.deployments[max(github.state.deployments)]
    assert "'locked']]" in str(newest.payload), "it knows what was recorded before the issue"
