"""Deeds decide: what was done, skipped, undone, left for later."""

from __future__ import annotations

from tests.cli.stories import GATE_INSTALL, GATE_RESTART, Story


def test_what_a_deploy_left_for_later_does_not_meet_needs(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    story.change("1-backfill", "later")
    assert story.deploy("done", "--to", "origin/main").code == 0
    story.change("2-drop", "after-restart", front="needs: [1-backfill]\n")
    assert story.deploy("gate", "--to", "origin/main", *GATE_RESTART).code == 1
    assert story.deploy("tick", "1-backfill#1").code == 0
    assert story.deploy("gate", "--to", "origin/main", *GATE_RESTART).code == 0


def test_a_restart_counts_only_after_its_step(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    story.change("1-a", step="    restart: [web]\n")
    assert story.deploy("tick", "restart:web", "--to", "origin/main").code == 0
    assert story.deploy("tick", "1-a#1").code == 0
    assert story.deploy("gate").code == 1
    assert story.deploy("done").code == 1
    assert story.deploy("tick", "restart:web").code == 0
    assert story.deploy("gate").code == 0


def test_what_was_taken_back_is_open_for_the_fix(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    broken = story.change("1-a")
    story.deploy("tick", "1-a#1", "--to", broken)
    refused = story.deploy("tick", "1-a#1", "--skip", "taken back")
    assert refused.code == 1
    assert "--undone" in refused.err
    assert story.deploy("tick", "1-a#1", "--undone").code == 0
    fixed = story.other("fix")
    again = ("--replaces", broken, "--reason", "the fix is in")
    assert story.deploy("gate", "--to", fixed, *GATE_INSTALL, *again).code == 0
    assert story.deploy("gate", "--to", fixed, *GATE_RESTART).code == 1


def test_a_hold_is_overruled_in_writing_before_the_install(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    story.change("wait", "later", front="hold: ['5644']\n")
    assert story.deploy("gate", "--to", "origin/main", *GATE_INSTALL).code == 1
    assert story.deploy("overrule", "hold:5644", "--to", "origin/main", "--reason", "it is in the package").code == 0
    assert story.deploy("gate", "--to", "origin/main", *GATE_INSTALL).code == 0
    for shown in (("deploy", "status", "production"), ("motd", "production"), ("deploy", "log", "production")):
        assert "hold:5644" in story(*shown).out, shown


def test_steps_that_wait_are_named_and_do_not_close_a_gate(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    story.change("1-clean", "later")
    gate = story.deploy("gate", "--to", "origin/main", *GATE_INSTALL)
    assert gate.code == 0
    assert "Can wait: 1-clean#1" in gate.out
    assert story.deploy("done").code == 0
    for command in (("checklist", "production"), ("motd", "production"), ("deploy", "status", "production")):
        shown = story(*command)
        assert shown.code == 0, command
        assert "1-clean#1" in shown.out, command


def test_a_step_that_a_deploy_passed_over_is_not_forgotten(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    story.change("1-a")
    story.deploy("gate", "--to", "origin/main", *GATE_INSTALL)
    assert story.deploy("done", "--anyway", "it runs").code == 0
    for command in (("checklist", "production"), ("motd", "production"), ("deploy", "status", "production")):
        shown = story(*command)
        assert shown.code == 1, command
        assert "1-a#1" in shown.out, command
        assert "Nothing to do" not in shown.out, command
    new = story.other("next")
    assert story.deploy("gate", "--to", new, *GATE_INSTALL).code == 0
    closed = story.deploy("gate", *GATE_RESTART)
    assert closed.code == 1, "the step of the deploy before comes before this restart, too"
    assert "relbot deploy tick production '1-a#1'" in closed.out
    refused = story.deploy("done")
    assert refused.code == 1
    assert "1-a#1 was left open by an earlier deploy." in refused.err
    assert story.deploy("tick", "1-a#1").code == 0
    assert story.codes(("deploy", "gate", "production", *GATE_RESTART), ("deploy", "done", "production")) == [0, 0]


def test_the_checklist_of_a_deploy_under_way_shows_what_is_done(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    story.change("1-a")
    story.change("2-b")
    story.deploy("tick", "1-a#1", "--to", "origin/main")
    shown = story("checklist", "production")
    assert shown.code == 1
    assert "This deploy of production is under way" in shown.out
    assert "1 of 2 steps" in shown.out
    assert "[x] 1-a#1 done" in shown.out
    assert "[x]  1. " in shown.out
    assert "[ ]  2. " in shown.out
    assert "- [x] **1.**" in story("checklist", "production", "--format", "markdown").out


def test_a_step_on_several_hosts_is_done_on_each(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    story.change("1-a", step="    on: [web1, web2]\n")
    assert story.deploy("tick", "1-a#1", "--to", "origin/main", "--host", "web1").code == 0
    closed = story.deploy("gate", *GATE_RESTART)
    assert closed.code == 1
    assert "web1: done; web2: open" in closed.out
    assert story.deploy("tick", "1-a#1", "--host", "web2").code == 0
    assert story.deploy("gate", *GATE_RESTART).code == 0


def test_what_was_skipped_is_never_undone(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    story.change("1-a")
    story.deploy("tick", "1-a#1", "--skip", "not on this host", "--to", "origin/main")
    assert story.deploy("done").code == 0
    back = story.deploy("gate", "--to", "v1", *GATE_INSTALL, "--rollback")
    assert back.code == 0
    assert "undo-1-a" not in back.out + story("checklist", "production", "--to", "v1").out


def test_a_slip_is_taken_back_and_the_step_is_open_again(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    story.change("1-a")
    story.deploy("tick", "1-a#1", "--to", "origin/main")
    assert story.deploy("tick", "1-a#1", "--mistaken", "wrong terminal").code == 0
    assert story.deploy("gate", *GATE_RESTART).code == 1
    assert story.deploy("abort").code == 0


def test_a_notice_is_shown_until_it_ends(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    assert story.deploy("note", "hot-patched x.rb", "--until", "2018-08-16").code == 0
    assert "hot-patched x.rb" in story("motd", "production").out
    assert "hot-patched x.rb" in story("checklist", "production").out
    refused = story.deploy("note", "old news", "--until", "2018-08-15T11:00")
    assert (refused.code, "2018-08-15 11:00 UTC is past" in refused.err) == (2, True)
    assert "old news" not in story("motd", "production").out


def test_what_is_taken_back_after_the_end_is_open_again(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    story.change("1-a")
    story.deploy("tick", "1-a#1", "--to", "origin/main")
    assert story.deploy("done").code == 0
    shown = (("checklist", "production"), ("motd", "production"))
    for how in (("tick", "1-a#1", "--undone"), ("tick", "1-a#1:undo", "--failed", "half of it")):
        assert story.deploy(*how).code == 0
        said = story(*shown[0])
        assert said.code == 1, how
        assert "1-a#1" in said.out
        assert "Nothing to do" not in said.out
        assert story.codes(*shown) == [1, 1]
        assert story.deploy("gate", "--to", "origin/main", *GATE_RESTART).code == 1
        assert story.deploy("tick", "1-a#1").code == 0
    story.other("main goes on")
    story.deploy("tick", "1-a#1", "--undone")
    assert story.codes(*shown) == [1, 1]
    assert story.deploy("tick", "1-a#1", "--mistaken", "wrong terminal").code == 0
    assert story.codes(*shown) == [0, 0]


def test_done_anyway_writes_down_which_hold_it_overrules(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    story.change("1-a", "later", front="hold: [5644]\n")
    assert story.deploy("done", "--to", "origin/main").code == 1
    assert story.deploy("done", "--to", "origin/main", "--anyway", "it is in the package").code == 0
    log = story.deploy("log").out
    assert "hold:5644" in log
    assert log.count("it is in the package") == 2


def test_a_step_that_nothing_takes_back_is_ticked_where_it_is_done(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    story.a.write("changes/1-a.md", DROP)
    story.commit("drop")
    story.deploy("tick", "1-a#1", "--to", "origin/main")
    shown = story("checklist", "production").out
    assert "[x] 1-a#1 done" in shown
    assert "Rollback: not possible after step 1" in shown
    assert "[x]  1. 1-a" in shown[shown.index("POINT OF NO RETURN") :]


DROP = """\
---
type: changed
migration: true
deploy:
  - phase: before-install
    run: drop
    irreversible: true
    reason: It drops the table.
---

Change 1-a.
"""


def test_what_a_deploy_left_or_skipped_is_recorded_when_it_is_done_after_all(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    story.change("1-a")
    story.change("3-l", "later")
    story.deploy("tick", "1-a#1", "--skip", "not on this host", "--to", "origin/main")
    assert story.deploy("done").code == 0
    story.change("2-b", front="needs: [1-a]\n")
    assert "1-a#1 was not done" in story.deploy("gate", "--to", "origin/main", *GATE_INSTALL).out
    assert story.deploy("tick", "1-a#1").code == 0
    assert story.deploy("gate", "--to", "origin/main", *GATE_INSTALL).code == 0
    assert story.deploy("tick", "3-l#1").code == 0, "also while another deploy is under way"
    assert "3-l#1" not in story.deploy("status").out
