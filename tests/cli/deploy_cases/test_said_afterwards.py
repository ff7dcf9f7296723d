"""What is said of a step after its deploy has ended, or cannot be said to others: it is never lost, nor passed over."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.cli.stories import GATE_INSTALL, GATE_RESTART, LEDGER, Story


@pytest.fixture
def next_one(story: Story) -> Story:
    """A deploy that did 1-a has ended, and the next one, which brings 2-b, is under way."""
    story.deploy("adopt", "--at", "v1")
    first = story.change("1-a")
    assert story.deploy("tick", "1-a#1", "--to", first).code == 0
    assert story.deploy("done").code == 0
    assert story.deploy("tick", "2-b#1", "--to", story.change("2-b", "before-install")).code == 0
    assert story.deploy("gate", *GATE_RESTART).code == 0
    return story


def test_a_step_of_the_last_deploy_is_taken_back_while_the_next_one_is_under_way(next_one: Story) -> None:
    assert next_one.deploy("tick", "1-a#1", "--undone").code == 0
    closed = next_one.deploy("gate", *GATE_RESTART)
    assert closed.code == 1
    assert "Taken back: 1-a#1" in closed.out
    assert next_one.deploy("tick", "1-a#1", "--mistaken", "another host").code == 0
    assert next_one.deploy("gate", *GATE_RESTART).code == 0


def test_a_step_of_the_last_deploy_turns_out_to_have_failed_while_the_next_one_is_under_way(next_one: Story) -> None:
    assert next_one.deploy("tick", "1-a#1", "--failed", "half of the rows").code == 0
    assert "half of the rows" in next_one.deploy("gate", *GATE_RESTART).out
    assert next_one.deploy("done").code == 1
    assert next_one.deploy("tick", "1-a#1").code == 0
    assert next_one.deploy("done").code == 0


def test_a_slip_about_what_an_earlier_deploy_left_is_taken_back_in_a_later_one(story: Story) -> None:
    """The step was left by one deploy, said to be done by mistake after the next, and that is noticed in the third."""
    story.deploy("adopt", "--at", "v1")
    assert story.deploy("done", "--to", story.change("1-a", "later")).code == 0
    assert story.deploy("done", "--to", story.other("z")).code == 0
    for begin in ((), ("tick", "2-b#1", "--to", "origin/main")):
        assert story.deploy("tick", "1-a#1").code == 0
        assert "1-a#1" not in story.deploy("status").out
        if begin:
            story.change("2-b", "before-install")
            assert story.deploy(*begin).code == 0
        assert story.deploy("tick", "1-a#1", "--mistaken", "another environment").code == 0
        assert "Left for later: 1-a#1" in story.deploy("status").out


def test_a_slip_that_is_found_after_the_end_leaves_the_step_open(story: Story) -> None:
    """Ticked in the wrong terminal, and noticed when the deploy had ended: whoever ended it believed that."""
    story.deploy("adopt", "--at", "v1")
    assert story.deploy("begin", "--to", story.change("1-a", "before-install")).code == 0
    assert story.deploy("tick", "1-a#1", "--mistaken", "nothing was said yet").code == 1
    assert story.deploy("tick", "1-a#1").code == 0
    assert story.deploy("done").code == 0
    assert story.deploy("tick", "1-a#1", "--mistaken", "that was staging").code == 0
    status = story.deploy("status")
    assert status.code == 1
    assert "Left for later: 1-a#1" in status.out
    assert story.deploy("tick", "1-a#1").code == 0
    assert story.deploy("status").code == 0


@pytest.mark.parametrize(("flag", "said"), [("--undone", "Taken back: 1-a#1"), ("--failed=rows are missing", "rows are missing")])
def test_a_step_that_an_earlier_deploy_did_than_the_last_one_is_open_again(next_one: Story, flag: str, said: str) -> None:
    next_one.deploy("done")
    assert next_one.deploy("tick", "1-a#1", flag).code == 0
    assert next_one.deploy("tick", "1-a#9", "--undone").code == 2
    status = next_one.deploy("status")
    assert (status.code, said in status.out, "do-1-a" in status.out) == (1, True, True)
    closed = next_one.deploy("gate", "--look")
    assert (closed.code, "the target does not contain it" in closed.out) == (1, False)
    assert next_one.deploy("tick", "1-a#1").code == 0
    assert next_one.deploy("status").code == 0
    assert next_one.deploy("gate", "--look").code == 3, "open, and `--look` records nothing"


def test_a_step_of_a_revision_that_was_adopted_is_open_again(story: Story) -> None:
    """Its steps count as done, and somebody takes one back, or finds that it had failed."""
    adopted = story.change("1-a", "before-install", step="    on: [web1, web2]\n")
    assert story.deploy("adopt", "--at", adopted).code == 0
    done = story.deploy("tick", "1-a#1")
    assert (done.code, "its steps count as done" in done.err) == (2, True)
    for deed in ("--undone", "--failed=rows are missing"):
        assert story.deploy("tick", "1-a#1", deed, "--host", "web1").code == 0
        shown = story.deploy("status")
        assert (shown.code, "1-a#1 on web1" in shown.out, "do-1-a" in shown.out) == (1, True, True)
        assert story.deploy("done", "--to", story.other(deed)).code == 1
        again = story.deploy("adopt", "--at", adopted)
        assert "counts as done, except what was left open: 1-a#1." in again.out
        assert story.deploy("tick", "1-a#1").code == 0
        assert story.deploy("status").code == 0


def test_what_failed_and_was_skipped_is_looked_at_on_the_way_back(story: Story) -> None:
    """It may be half done: a rollback does not say that it was never done."""
    story.deploy("adopt", "--at", "v1")
    new = story.change("1-a", "before-install")
    story.change("2-b", "before-install")
    for step in ("1-a#1", "2-b#1"):
        assert story.deploy("tick", step, "--failed", "half of the rows", "--to", "origin/main").code == 0
    assert story.deploy("tick", "1-a#1", "--skip", "the rest is not needed").code == 0
    assert story.deploy("overrule", "step:2-b#1", "--reason", "the same").code == 0
    assert story.deploy("done").code == 0
    assert story.codes(("checklist", "production"), ("deploy", "status", "production")) == [0, 0]
    back = story("checklist", "production", "--to", "v1")
    assert back.code == 1
    assert "undo-1-a" in back.out
    assert "undo-2-b" in back.out
    assert story.deploy("done", "--to", "v1", "--rollback").code == 1
    assert story("checklist", "production", "--to", new).code == 1


def test_what_was_said_to_stay_before_its_deploy_was_aborted_is_not_asked_about(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    story.change("1-a", "before-install")
    assert story.deploy("tick", "1-a#1", "--to", "origin/main").code == 0
    assert story.deploy("overrule", "step:1-a#1", "--reason", "it does no harm").code == 0
    assert story.deploy("abort").code == 0
    for words in (("deploy", "status"), ("motd",), ("checklist",)):
        said = story(*words, "production")
        assert (said.code, "!!!" in said.out) == (0, False), words
    assert "it does no harm" in story.deploy("log").out


def test_what_this_clone_could_not_publish_is_no_ground_for_an_open_gate(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token that only reads: the tick is kept in a clone that is thrown away, and others see the step open."""
    story.deploy("adopt", "--at", "v1")
    new = story.change("1-a", "before-install")
    assert story.deploy("begin", "--to", new).code == 0
    story.second()
    monkeypatch.setattr("relbot.cli.deploy.options.time", SimpleNamespace(sleep=lambda _: None))
    refuse = story.bare / "hooks/pre-receive"
    refuse.parent.mkdir(exist_ok=True)
    refuse.write_text("#!/bin/sh\nexit 1\n")
    refuse.chmod(0o755)
    assert story.deploy("tick", "1-a#1").code == 3
    assert story.deploy("gate", *GATE_INSTALL, by=story.b).code == 1
    assert story.deploy("gate", *GATE_INSTALL).code == 3
    assert story.deploy("done").code == 3
    assert story.deploy("done").code == 3, "again: it is recorded here, and nobody else sees it"
    assert story.deploy("gate", "--to", new).code == 3
    refuse.unlink()
    assert story.deploy("done").code == 0
    assert story.deploy("gate", "--to", new, by=story.b).code == 0


def test_a_step_that_is_done_after_the_end_opens_its_restart_again(story: Story) -> None:
    """The deploy was ended in a hurry after the restart: what is done now needs another one, and so does what is undone."""
    story.deploy("adopt", "--at", "v1")
    assert story.deploy("tick", "restart:web", "--to", story.change("1-a", step="    restart: [web]\n")).code == 0
    assert story.deploy("done", "--anyway", "night").code == 0
    for kind, said in (((), "done"), (("--undone",), "undone"), ((), "done")):
        ticked = story.deploy("tick", "1-a#1", *kind)
        assert "Open again: restart:web" in ticked.out
        status = story.deploy("status", by=story.b)
        assert status.code == 1
        assert f"Restart again: restart:web, since 1-a#1 was {said}" in status.out
        assert story.deploy("tick", "restart:web", by=story.b).code == 0
        assert "restart:web" not in story.deploy("status").out
    assert story.deploy("status").code == 0


def test_a_shared_step_that_fails_after_both_deploys_is_open_where_it_was_never_done(story: Story) -> None:
    """One database: worker did the step, production relied on it, and then the step failed on worker after all."""
    worker = LEDGER.replace("production", "worker")
    story.configure(LEDGER.replace("target", 'shares = ["worker"]\ntarget') + worker)
    for name in ("production", "worker"):
        story("deploy", "adopt", name, "--at", "HEAD")
    new = story.change("1-a")
    assert story("deploy", "tick", "worker", "1-a#1", "--to", new).code == 0
    assert story("deploy", "done", "worker").code == 0
    assert story.deploy("done", "--to", new).code == 0
    assert story("deploy", "tick", "worker", "1-a#1", "--failed", "rows are broken").code == 0
    shows = (("deploy", "status", "production"), ("checklist", "production"), ("motd", "production"))
    assert story.codes(*shows) == [1, 1, 1]
    assert "recorded a failure of 1-a#1 on worker" in story.deploy("status").out
    assert story.deploy("tick", "1-a#1").code == 0
    assert story.codes(*shows) == [0, 0, 0], "it was done in production, by somebody who knew of the failure"


def test_a_restart_that_was_overruled_and_is_done_after_the_end_belongs_to_its_deploy(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    new = story.change("1-a", step="    restart: [web]\n")
    story.deploy("tick", "1-a#1", "--to", new)
    assert story.deploy("overrule", "step:restart:web", "--reason", "the host reboots tonight").code == 0
    assert story.codes(("deploy", "done", "production"), ("deploy", "tick", "production", "restart:web")) == [0, 0]
    assert "belongs to no deploy" not in story.deploy("status").out


def test_a_step_that_is_done_while_another_clone_ends_the_deploy_opens_its_restart_again(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The writer of the end left the step and did not see that it was done; nobody restarted after it."""
    story.deploy("adopt", "--at", "v1")
    assert story.deploy("tick", "restart:web", "--to", story.change("1-a", step="    restart: [web]\n")).code == 0
    story.second()
    monkeypatch.setattr("relbot.cli.deploy.options.time", SimpleNamespace(sleep=lambda _: None))
    refuse = story.bare / "hooks/pre-receive"
    refuse.parent.mkdir(exist_ok=True)
    refuse.write_text("#!/bin/sh\nexit 1\n")
    refuse.chmod(0o755)
    assert story.deploy("tick", "1-a#1", by=story.b).code == 3
    refuse.unlink()
    assert story.deploy("done", "--anyway", "night").code == 0
    told = story.deploy("status", by=story.b)
    assert told.code == 1
    assert "Restart again: restart:web, since 1-a#1 was done" in told.out
