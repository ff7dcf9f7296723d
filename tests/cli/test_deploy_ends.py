"""How a deploy ends, what it leaves for later, and what status and log tell afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.deploy_data import begun, data
from tests.cli.deployed import as_bob, small

if TYPE_CHECKING:
    from tests.cli.deployed import Deploy, Site
    from tests.commandline import Run

pytestmark = pytest.mark.usefixtures("anywhere")


def test_the_next_deploy_begins_afresh(deploy: Deploy) -> None:
    begun(deploy)
    for step in ("options#2", "restart:apache2"):
        deploy("tick", step)
    assert deploy("done").code == 0
    assert deploy("done", "--to", "old", "--anyway", "rolled back by hand", "--rollback").code == 0
    assert deploy("gate", "--to", "new", "--before", "install").code == 1


def test_done_refuses_while_steps_are_open(deploy: Deploy) -> None:
    begun(deploy)
    said = deploy("done")
    assert said.code == 1
    assert "options#2 is open" in said.err
    assert data(deploy("status", "--format", "json"))["deploy"] is not None
    assert deploy("done", "--anyway", "it runs").code == 0
    left = [each["step"] for each in data(deploy("status", "--format", "json"))["later"]]
    assert left == ["options#2", "restart:apache2", "options#3"]


def test_a_step_left_for_later_is_ticked_later_or_taken_back(deploy: Deploy) -> None:
    deploy("done", "--to", "new", "--anyway", "x")
    assert deploy("tick", "options#1").code == 0
    assert deploy("tick", "options#2", "--failed", "disk full").code == 0
    assert "Left for later: options#1" not in deploy("status").out
    assert "Left for later: options#2" in deploy("status").out
    deploy("done", "--to", "old", "--anyway", "back", "--rollback")
    assert "Left for later: options#" in deploy("status").out, "the undo steps of the rollback were left"
    assert "Left for later: options#2 " not in deploy("status").out


def test_a_step_that_does_not_exist_is_refused(deploy: Deploy) -> None:
    begun(deploy)
    said = deploy("tick", "option#2")
    assert said.code == 2
    assert "Did you mean `options#" in said.err


def test_a_step_of_a_fragment_with_faults_is_unknown(site: Site, deploy: Deploy) -> None:
    site.ada.write("changes/broken.md", "---\ntype: nope\ndeploy:\n  - run: rake broken\n---\n\nSomething.\n")
    site.ada.commit("Break")
    said = deploy("tick", "broken#1", "--to", "HEAD")
    assert said.code == 3
    assert "its fragment has errors" in said.err
    assert "relbot checklist production" in said.err


@pytest.mark.parametrize("options", [("--skip", " "), ("--failed", ""), ("--skip", "a", "--failed", "b")])
def test_a_reason_is_needed_and_one_only(deploy: Deploy, options: tuple[str, ...]) -> None:
    begun(deploy)
    assert deploy("tick", "options#2", *options).code == 2


def test_a_second_deploy_is_not_begun_from_a_script(
    site: Site, relbot: Run, deploy: Deploy, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(deploy)
    as_bob(monkeypatch)
    said = relbot("deploy", "tick", "production", "index#1", "--to", "newer", cwd=site.bob.path)
    assert said.code == 1
    assert "Cora Committer on" in said.err


def test_what_others_wrote_cannot_deceive_a_terminal(deploy: Deploy) -> None:
    begun(deploy)
    deploy("tick", "options#2", "--skip", "fine\x1b[2J\u202e\nproduction runs")
    for command in ("status", "log", "gate"):
        out = deploy(command).out
        assert "\x1b" not in out
        assert "\u202e" not in out
        assert not any(line.startswith("production runs\n") for line in out.splitlines())


def test_status_and_log_as_json(site: Site, deploy: Deploy) -> None:
    begun(deploy)
    said = data(deploy("status", "--format", "json"))
    assert said["version"] == 1
    assert said["running"]["target"] == site.id("old")
    assert (said["deploy"]["start"], said["deploy"]["target"]) == (site.id("old"), site.id("new"))
    marks = [(step["id"], step["mark"]) for step in said["deploy"]["steps"]]
    assert marks == [("options#1", "done"), ("options#2", "open"), ("restart:apache2", "open"), ("options#3", "open")]
    kinds = [entry["kind"] for entry in data(deploy("log", "--format", "json"))["entries"]]
    assert kinds == ["adopted", "begun", "done"]


@pytest.mark.parametrize("said", ["new", "nothing"])
def test_what_runs_is_asked_where_the_ledger_has_no_record(site: Site, relbot: Run, said: str) -> None:
    site.ada.write("runs", site.id(said) if said == "new" else "")
    site.environment('deployed = "file"\nfile = "runs"')
    result = relbot("deploy", "gate", "--to", "new", "--before", "install", "--format", "json", cwd=site.ada.path)
    if said == "new":
        assert (result.code, data(result)["start"]) == (0, site.id("new"))
    else:
        assert (result.code, result.out) == (3, "")


def test_the_target_may_be_configured(site: Site, deploy: Deploy) -> None:
    site.environment('deployed = "ledger"\ntarget = "newer"')
    assert data(deploy("gate", "--format", "json"))["target"] == site.id("newer")
    begun(deploy)
    assert data(deploy("gate", "--format", "json"))["target"] == site.id("new")


def test_a_typing_error_begins_no_ledger(site: Site, relbot: Run, deploy: Deploy) -> None:
    site.environment('deployed = "ledger"')
    said = relbot("deploy", "done", "porduction", "--to", "new", cwd=site.ada.path)
    assert said.code == 2
    assert "Did you mean `production`?" in said.err
    assert deploy("log").code == 0


def test_the_ledger_tells_the_checklist_what_runs(site: Site, relbot: Run, deploy: Deploy) -> None:
    site.environment('deployed = "ledger"')
    said = relbot("checklist", "production", "--to", "new", "--format", "json", cwd=site.ada.path)
    assert data(said)["start"]["commit"] == site.id("old")


def test_one_point_is_named_in_one_way(deploy: Deploy) -> None:
    said = deploy("gate", "--to", "new", "--before", "install", "--phase", "before-restart")
    assert (said.code, said.out) == (2, "")


@pytest.mark.parametrize("reason", [(), ("--anyway", ""), ("--anyway", " ")])
def test_done_refuses_what_is_held_and_a_reason_that_says_nothing(site: Site, deploy: Deploy, reason: tuple[str, ...]) -> None:
    for step in ("options#1", "options#2", "index#1", "wait#1", "restart:apache2", "options#3"):
        assert deploy("tick", step, "--to", "held").code == 0
    said = deploy("done", *reason)
    assert said.code == 1
    assert said.err.splitlines()[1:2] == [
        "  wait must not be deployed without 5644, which is not in " + site.id("held")[:12] + "."
    ]
    assert data(deploy("status", "--format", "json"))["deploy"] is not None


def test_done_refuses_what_has_to_be_taken_back(site: Site, deploy: Deploy) -> None:
    begun(deploy)
    site.ada.remove("changes/options.md")
    site.ada.commit("Take it out again\n\nRelbot-Reverted: options")
    site.ada.git("rm", "--quiet", "changes/index.md", "changes/wait.md")
    site.ada.commit("And the others\n\nRelbot-Reverted: index\nRelbot-Reverted: wait")
    deploy("begin", "--to", "HEAD", "--replaces", "new", "--reason", "taken out")
    said = deploy("done")
    assert said.code == 1
    assert "options#1:undo is open" in said.err


def test_a_step_that_was_left_for_later_and_never_done_is_not_taken_back(site: Site, relbot: Run, deploy: Deploy) -> None:
    dropping = small("rake drop", phase="later").replace(
        "run: rake drop", "run: rake drop\n    irreversible: true\n    reason: gone"
    )
    site.ada.switch("new")
    site.ada.write("changes/drop.md", dropping)
    site.ada.commit("Drop a column")
    site.ada.tag("dropping")
    deploy("done", "--to", site.id("dropping"), "--anyway", "it runs")
    back = ("gate", "--to", "new", "--rollback")
    closed = deploy(*back)
    assert closed.code == 1, "what was passed over could not wait"
    assert "Left for later: options#1" in closed.out
    assert "cannot be undone" not in closed.out
    assert deploy("done", "--to", "new", "--rollback").code == 1
    site.environment('deployed = "ledger"')
    shown = relbot("checklist", "production", "--to", "new", cwd=site.ada.path)
    assert shown.code == 1, "the other steps were passed over, and could not wait"
    assert "Deferred and never done, so there is nothing to undo: drop#1." in shown.out
    assert "Left for later: drop#1" not in shown.out, "nobody does what is taken back"
    deploy("tick", "drop#1", "--failed", "time-out")
    assert "step 1 cannot be undone" in deploy(*back).out, "who knows how far it came"
    deploy("tick", "drop#1")
    assert "step 1 cannot be undone" in deploy(*back).out


def test_what_was_skipped_need_not_be_taken_back(site: Site, deploy: Deploy) -> None:
    deploy("tick", "options#1", "--skip", "no file", "--to", "new")
    site.ada.remove("changes/options.md")
    site.ada.commit("Take it out again\n\nRelbot-Reverted: options")
    assert data(deploy("gate", "--to", "HEAD", "--format", "json"))["orphaned_ticks"] == []


def test_a_step_of_the_deploy_under_way_is_not_the_one_that_was_left(site: Site, deploy: Deploy) -> None:
    deploy("done", "--to", "new", "--anyway", "x")
    deploy("adopt", "--at", "old", "--reason", "reinstalled from scratch")
    assert deploy("tick", "options#2", "--to", "new").code == 0
    assert deploy("tick", "options#1").code == 0
    marks = {each["id"]: each["mark"] for each in data(deploy("status", "--format", "json"))["deploy"]["steps"]}
    assert marks["options#1"] == "done"


def test_the_exit_code_of_status_tells_whether_something_is_open(site: Site, deploy: Deploy) -> None:
    assert deploy("status").code == 0
    begun(deploy)
    assert deploy("status").code == 1, "a step is open"
    for step in ("options#2", "restart:apache2"):
        deploy("tick", step)
    assert deploy("status").code == 0, "what is left is for later"


def test_the_exit_code_of_status_tells_of_a_hold(site: Site, deploy: Deploy) -> None:
    for step in ("options#1", "options#2", "index#1", "wait#1", "restart:apache2"):
        deploy("tick", step, "--to", "held")
    held = next(
        line for line in deploy("status").out.splitlines() if line.startswith("!!! wait must not be deployed without 5644")
    )
    assert "Deploy a target that has 5644, or: relbot deploy overrule production hold:5644 --to " in held
    assert deploy("status").code == 1
