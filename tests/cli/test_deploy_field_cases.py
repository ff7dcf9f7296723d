"""Cases of the field in which relbot said something else than what was the case, in the words of the case."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tests.cli.stories import GATE_INSTALL, GATE_RESTART, LEDGER, Story
from tests.ledger.clones import Clock

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.commandline import Run

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

[services.clock]
check = "systemctl is-active clock"
dies-with = ["obsapidelayed"]
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
    assert "NO PHASE GIVEN" in shown
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
    story.deploy("overrule", "phase:p#1>later", "--reason", "it can wait")
    assert [story.deploy("done").code, story.deploy("done", "--to", story.other("next")).code] == [0, 0]
    assert story.deploy("status").code == 0, "left for later, as somebody said"


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
    assert "check:clock is open" in refused.err, "it stops with a service that stops with apache2"
    assert story.deploy("tick", "check:clock").code == 0
    assert story.deploy("tick", "check:obsapidelayed").code == 0
    assert story.deploy("tick", "restart:apache2").code == 0
    assert story.deploy("tick", "check:clock").code == 0
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
    order = (("live", "production"), ("production", "staging"), ("staging", "test"), ("test", "production"))
    circle = "".join(f'[environments.{name}]\ndeployed = "ledger"\nafter = "{first}"\n' for name, first in order)
    story.a.write("relbot.toml", circle)
    said = story("checklist", "production")
    waits = "`production` waits for `staging` waits for `test` waits for `production`, so no deploy could begin."
    assert (said.code, said.err.count("no deploy could begin"), waits in said.err) == (2, 1, True)
    story.a.write("relbot.toml", f'{LEDGER}[services.worker]\ndies-with = ["web"]\n')
    assert story("checklist", "production").code == 2


def test_the_message_of_the_day_fits_one_screen_and_says_where_to_read_more(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    for number in range(30):
        story.a.write(f"changes/{number}.md", PROSE)
    story.commit("much")
    story.deploy("note", "hot-patched x.rb")
    said = story("motd", "production")
    assert said.code == 1
    lines = said.out.splitlines()
    assert len(lines) <= 24
    assert all(len(line) <= 78 for line in lines)
    assert "Notice of Cora Committer: hot-patched x.rb" in lines
    assert ": 30 steps." in said.out
    assert lines[-1] == "More: relbot checklist production, relbot deploy status production"


def test_a_host_without_a_clone_shows_the_message_that_was_saved(
    story: Story, tmp_path: Path, relbot: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.deploy("adopt", "--at", "v1")
    story.change("1-a")
    (tmp_path / "motd.json").write_text("old")
    (tmp_path / "reader").hardlink_to(tmp_path / "motd.json")
    shown = story("motd", "production", "--save", "../motd.json")
    assert (tmp_path / "reader").read_text() == "old", "the file is replaced, never half written"
    assert not list(tmp_path.glob(".relbot*"))
    host = tmp_path / "host"
    host.mkdir()
    said = relbot("motd", "--from", "../motd.json", cwd=host)
    assert (said.code, shown.code) == (1, 1)
    assert said.out.startswith("As of 2018-08-15 ")
    assert shown.out in said.out
    monkeypatch.setattr("relbot.cli.deploy.options.utc_now", Clock(datetime(2018, 8, 16, tzinfo=UTC)))
    assert relbot("motd", "--from", "../motd.json", cwd=host).code == 3
    (host / "x").write_text("no")
    assert relbot("motd", "--from", "x", cwd=host).code == 2


def test_a_fragment_that_left_unknown_is_overruled_for_one_deploy(story: Story) -> None:
    story.change("1-a")
    story.deploy("adopt", "--at", "origin/main")
    story.a.remove("changes/1-a.md")
    story.a.write("code", "x\n")
    story.commit("Clean up")
    unknown = story.deploy("gate", "--to", "origin/main", *GATE_INSTALL)
    assert unknown.code == 3
    assert "relbot deploy overrule ENV vanished:1-a" in unknown.err
    assert story.deploy("overrule", "vanished:1-a", "--to", "origin/main", "--reason", "it stays").code == 0
    assert story.deploy("gate", "--to", "origin/main", *GATE_INSTALL).code == 0
    assert "STAYS DEPLOYED" in story("checklist", "production").out
    assert story.deploy("done").code == 0


def test_a_deploy_is_not_aborted_while_a_restart_of_the_way_back_is_open(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    story.change("1-a", step="    restart: [web]\n")
    story.deploy("tick", "1-a#1", "--to", "origin/main")
    story.deploy("tick", "restart:web")
    story.deploy("tick", "1-a#1", "--undone")
    refused = story.deploy("abort")
    assert refused.code == 1
    assert "restart:web" in refused.err
    assert story.deploy("tick", "restart:web").code == 0
    assert story.deploy("abort").code == 0


def test_json_says_what_the_text_says(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    story.change("1-a", "later")
    story.deploy("note", "careful")
    gate = json.loads(story.deploy("gate", "--to", "origin/main", "--look", "--format", "json").out)
    assert (gate["looked"], [each["id"] for each in gate["later"]], gate["remarks"]) == (True, ["1-a#1"], [])
    status = json.loads(story.deploy("status", "--format", "json").out)
    assert [each["reason"] for each in status["notices"]] == ["careful"]
    assert (status["held"], status["stray"], status["remarks"]) == ([], [], [])


def test_an_upgrade_over_several_releases_is_told_in_legs_by_tag(story: Story) -> None:
    for number, (name, phase, front) in enumerate(
        (
            ("1-expand", "before-restart", ""),
            ("2-backfill", "later", "needs: [1-expand]\n"),
            ("3-drop", "before-restart", "needs: [2-backfill]\n"),
        ),
        2,
    ):
        story.change(name, phase, front=front)
        story.a.tag(f"v{number}")
    story.a.git("push", "--quiet", "--tags", "origin")
    story.deploy("adopt", "--at", "v1")
    closed = story.deploy("gate", "--to", "v4", *GATE_INSTALL)
    assert closed.code == 1
    assert "First deploy v2." in closed.out
    for command in (("upgrade", "v1", "v4", "--format", "text"), ("checklist", "production")):
        said = story(*command).out
        order = ("LEG 1 OF 3 -- deploy v2", "do-1-expand", "LEG 2 OF 3 -- deploy v3", "before the next leg", "do-2-backfill")
        in_order(
            said, *order, "Go on with leg 3 once every step above is done and v3 runs.", "LEG 3 OF 3 -- deploy v4", "do-3-drop"
        )
    legs = json.loads(story("checklist", "production", "--format", "json").out)["legs"]
    assert [leg["target"]["name"] for leg in legs] == ["v2", "v3", "v4"]


def test_the_checklist_says_when_to_install(story: Story) -> None:
    story.change("1-a", "before-install")
    story.change("2-b")
    for form in ("text", "motd"):
        said = story("checklist", "--from", "v1", "--to", "HEAD", "--format", form).out
        in_order(said, "do-1-a", "INSTALL NOW", "Do not restart anything yet.", "do-2-b")


def in_order(text: str, *parts: str) -> None:
    at = [text.index(part) for part in parts]
    assert at == sorted(at)
