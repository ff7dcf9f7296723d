from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.deployed import as_bob, small

if TYPE_CHECKING:
    from tests.cli.deployed import Deploy, Site
    from tests.commandline import Result, Run


@pytest.fixture(autouse=True)
def _anywhere(anywhere: None) -> None: ...


def begun(deploy: Deploy) -> None:
    assert deploy("tick", "options#1", "--to", "new").code == 0


def data(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.out)
    return found


def test_what_runs_must_be_known(site: Site, relbot: Run) -> None:
    said = relbot("deploy", "gate", "production", "--to", "new", cwd=site.ada.path)
    assert said.code == 3
    assert "relbot does not know what runs on production" in said.err
    assert relbot("deploy", "adopt", "production", "--at", "new", cwd=site.ada.path).code == 0
    assert relbot("deploy", "gate", "production", "--to", "new", cwd=site.ada.path).code == 0


def test_the_gate_opens_step_by_step(deploy: Deploy) -> None:
    assert deploy("gate", "--to", "new", "--before", "install").code == 1
    begun(deploy)
    assert deploy("gate", "--before", "install").code == 0
    assert deploy("gate", "--phase", "before-restart").code == 0
    said = deploy("gate", "--before", "restart")
    assert said.code == 1
    assert "rake migrate_options_yml" in said.out
    assert deploy("tick", "options#2", "--failed", "disk full").code == 0
    assert "failed" in deploy("gate", "--before", "restart").out
    assert deploy("gate", "--before", "restart").code == 1
    assert deploy("tick", "options#2", "--skip", "no file here").code == 0
    assert deploy("gate", "--before", "restart").code == 0, "what comes before the restarts is done"
    assert "restart apache2" in deploy("gate", "--phase", "after-restart").out
    assert deploy("gate").code == 1
    assert deploy("tick", "restart:apache2").code == 0
    assert deploy("gate", "--phase", "after-restart").code == 0
    assert deploy("gate").code == 0


def test_the_page_to_deploy_by_has_the_deeds_of_the_ledger(site: Site, deploy: Deploy, relbot: Run) -> None:
    begun(deploy)
    page = relbot("checklist", "production", "--format", "html", cwd=site.ada.path)
    assert page.code == 1
    done, _, left = page.out.partition("rake migrate_options_yml")
    assert "Done: Cora Committer" in done
    assert "Done: Cora Committer" not in left


def test_the_gate_says_when_it_looked_at_no_step(deploy: Deploy) -> None:
    assert "no step comes before before-install" in deploy("gate", "--to", "new", "--phase", "before-install").out


@pytest.mark.parametrize(
    ("target", "why"), [("held", "wait waits for 5644"), ("faulty", "its fragment has errors"), ("split", "which it needs")]
)
def test_the_gate_refuses_what_must_not_be_deployed(site: Site, deploy: Deploy, target: str, why: str) -> None:
    if target == "faulty":
        site.ada.write("changes/bad.md", "---\ntype: chnaged\n---\n\nBad.\n")
    else:
        site.ada.write("changes/contract.md", small("rake drop", "needs: [index]\n"))
    if target != "held":
        site.ada.commit()
        site.ada.tag(target)
    said = deploy("gate", "--to", site.id(target), "--phase", "before-install", "--format", "json")
    assert said.code == 1
    assert data(said)["may_go_on"] is False
    assert any(why in each for each in data(said)["obstacles"])


def test_the_gate_refuses_to_go_back_over_the_point_of_no_return(site: Site, deploy: Deploy) -> None:
    drop = small("rake drop").replace("rake drop\n", "rake drop\n    irreversible: true\n    reason: The data is gone.\n")
    site.ada.write("changes/drop.md", drop)
    site.ada.commit()
    assert deploy("adopt", "--at", "HEAD").code == 0
    said = deploy("gate", "--to", "held", "--phase", "before-install", "--rollback")
    assert said.code == 1
    assert "crosses the point of no return" in said.out


def test_a_change_that_was_amended_after_its_deploy_has_to_be_compared(site: Site, deploy: Deploy) -> None:
    site.ada.write("changes/index.md", small("rake index:all"))
    site.ada.commit()
    assert deploy("adopt", "--at", "newer").code == 0
    said = deploy("gate", "--to", "HEAD~0", "--before", "install", "--diverged")
    assert said.code == 1
    assert "index:amended" in said.out
    assert deploy("tick", "index:amended", "--to", "HEAD").code == 0
    assert "index:amended" not in deploy("gate", "--before", "install").out


def test_a_revision_that_is_not_here_is_unknown(deploy: Deploy) -> None:
    assert deploy("gate", "--to", "nowhere").code == 3


def test_an_empty_revision_is_not_another_one(deploy: Deploy) -> None:
    refused = deploy("gate", "--to", "")
    assert (refused.code, refused.out) == (2, "")
    assert "`--to` is empty" in refused.err


def test_without_a_target_the_gate_stays_shut(site: Site, deploy: Deploy) -> None:
    said = deploy("gate")
    if site.store == "ref":
        assert said.code == 2
        assert "No deploy of production is under way" in said.err
    else:  # the environment is configured: its target is the remote's default branch
        assert said.code == 1


def test_a_step_that_was_changed_since_is_open_again(site: Site, deploy: Deploy) -> None:
    begun(deploy)
    path = site.ada.path / "changes/options.md"
    path.write_text(
        path.read_text().replace("cp options.yml options.yml.bkp\n  - phase", "cp -a options.yml options.yml.bkp\n  - phase", 1)
    )
    site.ada.commit("Keep the owner")
    site.ada.tag("changed")
    said = deploy("gate", "--to", site.id("changed"), "--before", "install")
    assert said.code == 1
    assert "its text has changed since it was done" in said.out
    assert deploy("gate", "--to", "new", "--before", "install").code == 0


def test_what_was_done_stays_done_when_its_author_explains_it_better(site: Site, relbot: Run, deploy: Deploy) -> None:
    begun(deploy)
    site.ada.branch("explained", "new")
    path = site.ada.path / "changes/options.md"
    path.write_text(path.read_text().replace("Convert the file.", "Convert the file, which takes a minute."))
    site.ada.commit("Explain")
    assert "which takes a minute" in relbot("checklist", "--from", "old", "--to", "explained", cwd=site.ada.path).out
    again = ("--replaces", "new", "--reason", "explained")
    assert deploy("gate", "--to", site.id("explained"), "--before", "install", *again).code == 0


def test_a_restart_belongs_to_one_target(site: Site, deploy: Deploy) -> None:
    begun(deploy)
    for step in ("options#2", "restart:apache2"):
        deploy("tick", step)
    assert deploy("gate").code == 0
    marks = {each["id"]: each["mark"] for each in data(deploy("gate", "--to", "newer", "--format", "json"))["steps"]}
    assert marks == {"restart:apache2": "changed", "index#1": "open"}


def test_what_was_done_and_is_not_in_the_target_any_more_has_to_be_taken_back(site: Site, deploy: Deploy) -> None:
    begun(deploy)
    site.ada.remove("changes/options.md")
    site.ada.commit("Take it out again\n\nRelbot-Reverted: options")
    assert deploy("gate", "--to", "HEAD~3", "--before", "install").code == 0
    said = deploy("gate", "--to", "HEAD", "--format", "json")
    assert said.code == 1
    assert ("options#1:undo", "open") in [(each["id"], each["mark"]) for each in data(said)["steps"]]


def test_whoever_turns_back_in_the_middle_takes_back_what_was_done(site: Site, relbot: Run, deploy: Deploy) -> None:
    begun(deploy)
    deploy("tick", "options#2", "--failed", "disk full")
    site.environment('deployed = "ledger"')
    shown = relbot("checklist", "production", "--to", "old", cwd=site.ada.path)
    assert shown.code == 1
    assert "Another deploy of production is under way, begun by Cora Committer" in shown.out
    assert "IN THE MIDDLE OF ANOTHER DEPLOY" in shown.out
    assert "  cp options.yml.bkp options.yml\n" in shown.out
    assert "recorded that it failed (disk full)" in shown.out
    steps = [each["id"] for each in data(deploy("gate", "--to", "old", "--format", "json"))["steps"]]
    assert steps == ["options#2:undo", "restart:apache2", "options#1:undo"], "and not that which nobody had begun"
    refused = deploy("done", "--to", "old")
    assert refused.code == 1
    assert "began another deploy of production" in refused.err
    assert deploy("begin", "--to", "old", "--replaces", "new", "--rollback", "--reason", "disk full").code == 0
    refused = deploy("done")
    assert refused.code == 1
    assert "options#2:undo is open" in refused.err


def test_what_was_done_for_a_target_that_is_not_here_is_not_nothing(site: Site, relbot: Run, deploy: Deploy) -> None:
    site.environment('deployed = "ledger"')
    site.ada.branch("secret", "old")
    site.ada.write("changes/mine.md", small("rake mine"))
    site.ada.commit("Nobody else has this")
    assert deploy("tick", "mine#1", "--to", site.id("secret")).code == 0
    back = ("checklist", "production", "--to", "old")
    assert "Take back mine" in relbot(*back, cwd=site.ada.path).out
    unknown = relbot(*back, cwd=site.bob.path)
    assert unknown.code == 3
    assert site.id("secret") in unknown.err
    assert "mine#1" in unknown.err


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
    assert said.err.splitlines()[1:2] == ["  wait waits for 5644, which is not in " + site.id("held")[:12] + "."]
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
    assert "cannot be undone" not in deploy(*back).out
    assert deploy(*back).code == 0
    site.environment('deployed = "ledger"')
    shown = relbot("checklist", "production", "--to", "new", cwd=site.ada.path)
    assert shown.code == 1, "the other steps were passed over, and could not wait"
    assert "Deferred and never done, so there is nothing to undo: drop#1." in shown.out
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
    assert "!!! wait waits for 5644" in deploy("status").out
    assert deploy("status").code == 1
