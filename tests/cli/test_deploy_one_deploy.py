"""One deploy, seen by all: from its beginning to its end every command speaks of it."""

from __future__ import annotations

import pytest

from tests.cli.deployed import as_bob
from tests.cli.stories import GATE_INSTALL, GATE_RESTART, LEDGER, Story


@pytest.mark.parametrize("adopted", [True, False])
def test_the_founding_incident_does_not_pass_the_gate(story: Story, adopted: bool) -> None:
    revision = story.folder / "REV"
    old = story.configure(LEDGER.replace('"ledger"', '"file"\nfile = "../REV"'))
    revision.write_text(old)
    if adopted:
        assert story.deploy("adopt", "--at", old).code == 0
    new = story.change("5622", step="    restart: [apache2]\n")
    assert story.deploy("gate", "--to", new, *GATE_INSTALL).code == 0
    revision.write_text(new)
    closed = story.deploy("gate", "--to", new, *GATE_RESTART)
    assert closed.code == 1
    assert "do-5622" in closed.out
    assert story.codes(("checklist", "production"), ("motd", "production"), ("deploy", "done", "production")) == [1, 1, 1]
    assert story.deploy("tick", "5622#1", "--to", new).code == 0
    assert story.deploy("gate", "--to", new, *GATE_RESTART).code == 0
    assert story.deploy("done").code == 1
    assert story.deploy("tick", "restart:apache2").code == 0
    assert story.deploy("done").code == 0
    assert story.codes(("checklist", "production"), ("motd", "production")) == [0, 0]


def test_a_running_deploy_whose_source_tells_the_target_already(story: Story) -> None:
    revision = story.folder / "REV"
    old = story.configure(LEDGER.replace('"ledger"', '"file"\nfile = "../REV"\ntells = "running"'))
    revision.write_text(old)
    story.deploy("adopt", "--at", old)
    new = story.change("5622", "after-restart")
    assert story.deploy("gate", "--to", new, *GATE_RESTART).code == 0
    revision.write_text(new)
    assert story.codes(("checklist", "production"), ("motd", "production"), ("deploy", "done", "production")) == [1, 1, 1]


def test_no_command_begins_a_deploy_while_what_runs_is_not_what_the_ledger_says(story: Story) -> None:
    revision = story.folder / "REV"
    old = story.configure(LEDGER.replace('"ledger"', '"file"\nfile = "../REV"\ntells = "running"'))
    story.deploy("adopt", "--at", old)
    passed_by, new = story.other("passed by"), story.change("1-a")
    revision.write_text(passed_by)
    to = ("--to", new)
    for command in (("begin", *to), ("gate", *to, *GATE_INSTALL), ("tick", "1-a#1", *to), ("done", *to)):
        said = story.deploy(*command)
        assert said.code == 3, command
        assert f"relbot deploy adopt production --at {passed_by}" in said.err, command
    assert len(story.deploy("log").out.splitlines()) == 1
    revision.write_text(old)
    assert story.deploy("begin", *to).code == 0


def test_without_a_beginning_only_a_source_is_no_ground_to_go_on(story: Story) -> None:
    revision = story.folder / "REV"
    story.configure(LEDGER.replace('"ledger"', '"file"\nfile = "../REV"'))
    new = story.change("5622")
    revision.write_text(new)
    assert story.deploy("gate", "--to", new, *GATE_RESTART).code == 3
    assert story.deploy("done", "--to", new).code == 3
    assert "No deploy of production is recorded" in story("checklist", "production").out


def test_another_deploy_under_way_closes_every_gate(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    story.deploy("adopt", "--at", "v1")
    first = story.change("1-a", "before-install")
    second = story.other("z")
    story.second()
    assert story.deploy("tick", "1-a#1", "--to", first).code == 0
    assert story.deploy("gate", *GATE_INSTALL).code == 0
    with monkeypatch.context() as bob:
        as_bob(bob)
        closed = story.deploy("gate", "--to", second, *GATE_INSTALL, by=story.b)
        assert closed.code == 1
        assert (
            f"began another deploy of production at 2018-08-15 12:00 UTC: {story.a.git('rev-parse', 'v1^{commit}')[:12]}"
            in closed.out
        )
        assert story.deploy("done", "--to", second, by=story.b).code == 1
        assert story.deploy("tick", "1-a#1", "--to", second, by=story.b).code == 1
        assert story.deploy("begin", "--to", second, by=story.b).code == 1
    assert story.deploy("gate", *GATE_RESTART).code == 0
    assert story.deploy("done").code == 0


def test_somebody_elses_lock_refuses_whatever_records(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    story.deploy("adopt", "--at", "v1")
    story.change("1-a")
    assert story.deploy("lock", "--for", "1h", "--reason", "m").code == 0
    as_bob(monkeypatch)
    for command in (
        ("done", "--to", "origin/main"),
        ("tick", "1-a#1", "--to", "origin/main"),
        ("begin", "--to", "origin/main"),
        ("adopt", "--at", "origin/main"),
        ("gate", "--to", "origin/main", *GATE_INSTALL),
    ):
        refused = story.deploy(*command)
        assert refused.code == 1, command
        assert "has locked production since 2018-08-15" in refused.out + refused.err


def test_an_abandoned_deploy_is_aborted_or_replaced_from_a_script(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    broken = story.change("1-a")
    assert story.deploy("tick", "1-a#1", "--failed", "boom", "--to", broken).code == 0
    fixed = story.other("fix")
    refused = story.deploy("tick", "1-a#1", "--to", fixed)
    assert refused.code == 1
    assert "relbot deploy abort production" in refused.err
    assert story.deploy("abort", "--reason", "boom").code == 0
    assert story.deploy("gate", "--to", fixed, *GATE_INSTALL).code == 0, "it starts alike, and takes over what failed"
    assert story.deploy("tick", "1-a#1", "--to", fixed).code == 0


def test_a_deploy_from_elsewhere_does_not_take_over_what_failed(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    broken = story.change("1-a")
    story.deploy("tick", "1-a#1", "--failed", "boom", "--to", broken)
    assert story.deploy("abort", "--reason", "boom").code == 0
    assert story.deploy("adopt", "--at", broken).code == 0
    refused = story.deploy("gate", "--to", story.other("fix"), *GATE_INSTALL)
    assert (refused.code, "1-a#1" in refused.out) == (1, True)


def test_a_deploy_with_a_done_step_is_not_aborted(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    story.deploy("tick", "1-a#1", "--to", story.change("1-a"))
    refused = story.deploy("abort")
    assert refused.code == 1
    assert "1-a#1 was done by" in refused.err
    assert "relbot deploy overrule production 'step:1-a#1' --reason WHY" in refused.err
    assert story.deploy("tick", "1-a#1", "--undone").code == 0
    assert story.deploy("abort").code == 0
    assert story.deploy("abort").code == 1


def test_a_gate_records_only_what_it_lets_pass(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    story.change("1-a", "before-install")
    assert story.deploy("gate", "--to", "origin/main", *GATE_INSTALL).code == 1
    assert "begun" not in story.deploy("log").out
    assert story.deploy("gate", "--to", "origin/main", "--phase", "before-install", "--look").code == 3
    assert "begun" not in story.deploy("log").out
    assert story.deploy("gate", "--to", "origin/main", "--phase", "before-install").code == 0
    assert story.deploy("gate", "--to", "origin/main", "--phase", "before-install").code == 0
    assert story.deploy("log").out.count("begun") == 1


def test_after_the_end_the_gate_says_so_and_records_nothing(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    new = story.change("1-a")
    story.deploy("gate", "--to", new, *GATE_INSTALL)
    story.deploy("tick", "1-a#1")
    assert story.deploy("done").code == 0
    before = story.deploy("log").out
    for more in (GATE_INSTALL, GATE_RESTART, ()):
        again = story.deploy("gate", "--to", new, *more)
        assert again.code == 0
        assert "runs" in again.out
        assert "already" in again.out
    assert story.deploy("done", "--to", new).code == 0
    assert story.deploy("log").out == before


def test_a_source_that_tells_what_runs_ends_a_deploy_of_which_nothing_is_open(story: Story) -> None:
    revision = story.folder / "REV"
    old = story.configure(LEDGER.replace('"ledger"', '"file"\nfile = "../REV"\ntells = "running"'))
    revision.write_text(old)
    story.deploy("adopt", "--at", old)
    first = story.change("1-a")
    second = story.other("more")
    assert story.deploy("gate", "--to", first, *GATE_INSTALL).code == 0
    revision.write_text(first)
    assert story.deploy("gate", "--to", second, *GATE_INSTALL).code == 1, "a step is open"
    assert story.deploy("tick", "1-a#1").code == 0
    assert story.deploy("gate", "--to", second, *GATE_INSTALL).code == 0
    assert "its target runs, says the source" in story.deploy("log").out


def test_a_source_that_tells_what_is_installed_ends_nothing(story: Story) -> None:
    revision = story.folder / "REV"
    old = story.configure(LEDGER.replace('"ledger"', '"file"\nfile = "../REV"'))
    story.deploy("adopt", "--at", old)
    first = story.other("first")
    second = story.other("second")
    assert story.deploy("gate", "--to", first, *GATE_INSTALL).code == 0
    revision.write_text(first)
    assert story.deploy("gate", "--to", second, *GATE_INSTALL).code == 1


def test_where_there_is_one_environment_no_command_asks_for_its_name(story: Story) -> None:
    assert story("deploy", "adopt", "--at", "v1").code == 0
    story.change("1-a")
    assert story("deploy", "gate", "--before", "install").code == 0
    assert story("deploy", "tick", "1-a#1").code == 0
    assert story("deploy", "status").code == 0
    assert story("deploy", "done").code == 0


@pytest.mark.parametrize("gone", [("--from", "v1"), ("--local",)])
def test_an_option_that_is_gone_names_what_took_its_place(story: Story, gone: tuple[str, ...]) -> None:
    refused = story.deploy("status", *gone)
    assert refused.code == 2
    assert ("relbot deploy adopt --at v1" in refused.err) or ("--offline" in refused.err)


def test_an_open_gate_says_what_to_do_now(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    new = story.change("1-a", "after-restart")
    assert "Restart now" not in story.deploy("gate", "--to", new, *GATE_RESTART, "--look").out
    assert f"Install {new[:12]} now. Do not restart anything yet." in story.deploy("gate", "--to", new, *GATE_INSTALL).out
    assert "Restart now, and record each restart." in story.deploy("gate", "--to", new, *GATE_RESTART).out


def test_a_gate_before_the_restart_says_that_the_source_still_reports_the_old_revision(story: Story) -> None:
    revision = story.folder / "REV"
    before = story.configure('[environments.production]\ndeployed = "file"\nfile = "../REV"\ntarget = "origin/main"\n')
    revision.write_text(before)
    story.deploy("adopt", "--at", before)
    target = story.change("1-a", "before-install")
    assert story.deploy("tick", "1-a#1", "--to", target).code == 0
    said = f"{before[:12]} is installed, not {target[:12]}."
    assert said not in story.deploy("gate", *GATE_INSTALL).out
    assert said in story.deploy("gate", *GATE_RESTART).out
    revision.write_text(target)
    assert said not in story.deploy("gate", *GATE_RESTART).out


def test_a_gate_after_a_deploy_that_turned_back_shows_what_that_left_to_undo(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    new = story.change("1-a")
    story.deploy("tick", "1-a#1", "--to", new)
    story.deploy("begin", "--to", "v1", "--rollback", "--replaces", new, "--reason", "x")
    assert story.deploy("done", "--anyway", "x").code == 0
    asked = story.deploy("gate", "--to", "v1", *GATE_RESTART)
    assert (asked.code, "[ ] before-install 1-a#1:undo  open" in asked.out) == (1, True)
