"""Cases of the field in which relbot said something else than what was the case, in the words of the case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cli.test_deploy_cases import GATE_INSTALL, GATE_RESTART, LEDGER, Story, story

if TYPE_CHECKING:
    import pytest

__all__ = ["story"]
PROSE = "---\ntype: changed\nmigration: true\n---\n\nA thing.\n\n## Migration\n\nAfter the restart, run: rake x\n"
SERVICES = f"""{LEDGER}
[services.apache2]
restart = "systemctl restart apache2"
check = "curl --fail http://localhost/about"
on = ["web1"]

[services.obsapidelayed]
restart = "systemctl restart obsapidelayed"
check = "systemctl is-active obsapidelayed"
dies-with = ["apache2"]
"""


def test_a_commit_titled_prepare_for_99_lifts_no_hold_on_99(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    story.deploy("adopt", "--at", "v1")
    story.change("wait", "later", front="hold: ['99']\n")
    story.other("Prepare for (#99)")
    assert story.deploy("gate", "--to", "origin/main", *GATE_INSTALL).code == 1
    monkeypatch.setenv("GIT_COMMITTER_EMAIL", "noreply@github.com")
    story.other("A fix (#99)")
    assert story.deploy("gate", "--to", "origin/main", *GATE_INSTALL).code == 0


def test_prose_without_a_phase_is_not_said_and_closes_every_gate(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    story.a.write("changes/p.md", PROSE)
    story.commit("prose")
    shown = story("checklist", "production").out
    assert "PHASE NOT SAID" in shown
    assert "BEFORE RESTART" not in shown
    for more in (GATE_INSTALL, GATE_RESTART, ()):
        closed = story.deploy("gate", "--to", "origin/main", *more)
        assert closed.code == 1, more
        assert "rake x" in closed.out
        assert "'phase:p#1>after-restart'" in closed.out
    said = ("--to", "origin/main", "--reason", "its note says so")
    assert story.deploy("overrule", "phase:p#1>noon", *said).code == 2
    assert story.deploy("overrule", "phase:p#1>after-restart", *said).code == 0
    assert story.deploy("gate", "--to", "origin/main", *GATE_INSTALL).code == 0
    assert story.deploy("gate", *GATE_RESTART).code == 0
    assert "AFTER RESTART" in story("checklist", "production").out
    assert story.codes(("deploy", "gate", "production"), ("deploy", "done", "production")) == [1, 1]
    assert story.deploy("tick", "p#1").code == 0
    assert story.deploy("done").code == 0


def test_expand_and_contract_in_one_pull_request_are_told_before_the_merge(story: Story) -> None:
    def drafted(name: str, front: str = "") -> None:
        story.a.write(f"changes/{name}.md", f"---\ntype: changed\n{front}---\n\nChange {name}.\n")

    drafted("expand")
    drafted("contract", "needs: [expand]\n")
    found = story("check", "--base", "origin/main")
    assert found.code == 1
    assert "needs-together" in found.out
    story.a.remove("changes/contract.md")
    assert story("check", "--base", "origin/main").code == 0
    story.commit("expand")
    drafted("contract", "needs: [expand]\n")
    assert story("check", "--base", "HEAD").code == 0


def test_a_restart_says_how_where_and_how_one_sees_that_it_works(story: Story) -> None:
    story.configure(SERVICES)
    story.deploy("adopt", "--at", "origin/main")
    story.change("5622", step="    restart: [apache2]\n")
    shown = story("checklist", "production").out
    assert "systemctl restart apache2" in shown
    assert "curl --fail http://localhost/about" in shown
    assert "on: web1" in shown
    assert "Check obsapidelayed" in shown
    story.deploy("tick", "5622#1", "--to", "origin/main")
    story.deploy("tick", "restart:apache2")
    refused = story.deploy("done")
    assert refused.code == 1
    assert "check:obsapidelayed is open" in refused.err
    assert "systemctl is-active obsapidelayed" in story("motd", "production").out
    assert story.deploy("tick", "check:obsapidelayed").code == 0
    assert story.deploy("tick", "restart:apache2").code == 0
    assert story.deploy("done").code == 1, "the workers died again"
    assert story.deploy("tick", "check:obsapidelayed").code == 0
    assert story.deploy("done").code == 0


def test_a_service_that_nobody_declared_is_a_finding_where_others_are_declared(story: Story) -> None:
    story.configure(SERVICES)
    story.change("5622", step="    restart: [apahce2]\n")
    found = story("check")
    assert found.code == 1
    assert "unknown-service" in found.out
    assert "Did you mean `apache2`?" in found.out


def test_names_in_after_shares_and_dies_with_are_checked(story: Story) -> None:
    for key, allowed in (('after = "stagign"', "staging"), ('shares = ["production"]', "staging")):
        story.a.write("relbot.toml", f'{LEDGER}{key}\n[environments.staging]\ndeployed = "ledger"\n')
        said = story("checklist", "production")
        assert said.code == 2
        assert f"Allowed: {allowed}." in said.err
    story.a.write("relbot.toml", f'{LEDGER}[services.worker]\ndies-with = ["web"]\n')
    assert story("checklist", "production").code == 2
