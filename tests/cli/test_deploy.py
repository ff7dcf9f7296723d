"""`relbot deploy`, with a ledger in git and with one on GitHub: gates, targets, and steps that change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.deploy_data import begun, data
from tests.cli.deployed import small

if TYPE_CHECKING:
    from tests.cli.deployed import Deploy, Site
    from tests.commandline import Run

pytestmark = pytest.mark.usefixtures("anywhere")


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
    ("target", "why"),
    [("held", "wait must not be deployed without 5644"), ("faulty", "its fragment has errors"), ("split", "which it needs")],
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
