"""A ledger on GitHub where GitHub is late or silent, and where others have acted since."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

import pytest

from relbot.deploy.log.record import Deed, DeedKind, Who
from relbot.deploy.log.record import Record as Entry
from relbot.ledger.github.event import LedgerItem, LedgerRecord, to_body
from tests.cli.github_issues import drawn, issue, kinds, shown, tick_on_github
from tests.commandline import ROOT
from tests.github.fake import faults
from tests.github.fake.faults import Fault
from tests.github.fake.objects import Deployment
from tests.github.fake.state import BOT
from tests.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.deployed import Deploy, Site
    from tests.commandline import Run
    from tests.github.conftest import FakeGitHub

pytestmark = [pytest.mark.loopback, pytest.mark.usefixtures("on_github")]


def test_run_walks_through_it_on_a_terminal(site: Site, github: FakeGitHub, deploy: Deploy) -> None:
    asked = "[d]one, [s]kip, [f]ailed, [q]uit?"
    at = Terminal(("deploy", "run", "production", "--to", "new"), site.ada.path)
    assert "step 1/3: options#1" in at.until(asked)
    tick_on_github(github, "options#2")
    at.type("d\n")
    assert "step 3/3: restart:apache2" in at.until(asked), "somebody has ticked the second on GitHub"
    at.type("f\n")
    at.until("What went wrong:")
    at.type("it does not come up\n")
    assert at.end() == 1
    right = ["adopted", "begun", "done options#2", "done options#1", "failed restart:apache2"]
    assert sorted(kinds(deploy)) == sorted(right)
    at = Terminal(("deploy", "run", "production"), site.bob.path)
    assert "step 3/3: restart:apache2" in at.until(asked)
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


@pytest.mark.parametrize("payload", ['{"relbot": "x"}', {"relbot": "1", "issues": [7]}])
def test_what_another_tool_deployed_is_no_record_and_seen_by_the_source(
    site: Site, github: FakeGitHub, deploy: Deploy, relbot: Run, payload: object
) -> None:
    """A job with `environment: production` ran without a gate: its deployment is the newest, and relbot did not make it."""
    site.environment('deployed = "github"\nrepository = "acme/widgets"\ntarget = "newer"')
    before, number = kinds(deploy), github.state.id()
    other = Deployment(number, site.id("new"), "main", "deploy", "production", "", payload, BOT, github.state.now())
    github.state.deployments[number] = other
    other.statuses.append((github.state.id(), "in_progress", "", BOT, github.state.now()))
    assert deploy("status").code == 0, "it does not run yet"
    other.statuses.append((github.state.id(), "success", "", BOT, github.state.now()))
    assert kinds(deploy) == before
    told = deploy("status")
    assert (told.code, "relbot was not asked" in told.out) == (3, True)
    assert f"relbot deploy begin production --to {site.id('new')}" in told.out
    assert relbot("checklist", "production", "--to", "new", cwd=site.ada.path).code == 1
    other.statuses.append((github.state.id(), "failure", "", BOT, github.state.now()))
    assert "is “failure”" in deploy("status").out


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
    monkeypatch.setenv("GITHUB_TOKEN", github.token)
    said = relbot("deploy", "status", "production", cwd=site.ada.path)
    assert (said.code, "does not count" in said.out + said.err) == (0, False), "it made the Deployment, so it may write"


@pytest.mark.parametrize("issues", [[], ["7"]])
def test_a_deployment_that_does_not_tell_its_issues_is_unreadable(deploy: Deploy, github: FakeGitHub, issues: object) -> None:
    [made] = github.state.deployments.values()
    made.payload = {**cast("dict[str, object]", made.payload), "issues": issues}
    said = deploy("status")
    assert (said.code, said.out) == (3, "")
    assert "its payload has no `issues`" in said.err


def test_a_state_that_got_lost_is_given_by_who_begins_again(deploy: Deploy, github: FakeGitHub) -> None:
    deploy("tick", "options#1", "--to", "new")
    assert deploy("tick", "options#2", "--failed", "disk").code == 0
    assert [states for _, states in shown(github)] == [["success"], ["in_progress", "failure"]]
    [*_, last] = github.state.deployments.values()
    del last.statuses[-1]
    assert deploy("begin", "--to", "new").code == 0
    assert [states for _, states in shown(github)] == [["success"], ["in_progress", "failure"]]


def test_a_deploy_without_a_state_gets_one_with_the_next_record(deploy: Deploy, github: FakeGitHub) -> None:
    github.fail(faults.REFUSED, "POST", "/statuses$")
    assert deploy("begin", "--to", "new").code == 3
    assert [states for _, states in shown(github)] == [["success"], []]
    for _ in range(2):
        assert deploy("overrule", "hold:x", "--reason", "It came.").code == 0
        assert [states for _, states in shown(github)] == [["success"], ["in_progress"]]


def test_a_ledger_that_moves_to_github_in_the_middle_of_a_deploy_is_not_nothing_to_do(
    site: Site, relbot: Run, tmp_path: Path
) -> None:
    (tmp_path / "REV").write_text(site.id("old"))
    about = 'deployed = "file"\nfile = "../REV"\ntarget = "new"'
    site.store = "ref"
    site.environment(about)
    assert relbot("deploy", "tick", "production", "options#1", "--to", "new", cwd=site.ada.path).code == 0
    (tmp_path / "REV").write_text(site.id("new"))
    site.store = "github"
    site.environment(about)
    for clone in (site.ada, site.bob):
        for command in (("checklist", "production"), ("motd", "production"), ("deploy", "gate", "production")):
            said = relbot(*command, cwd=clone.path)
            assert said.code == 3, command
            assert "production has a ledger in git, and none on GitHub" in " ".join((said.out + said.err).split())
    assert relbot("deploy", "adopt", "production", "--at", "old", cwd=site.ada.path).code == 0
    assert relbot("checklist", "production", cwd=site.bob.path).code == 1
