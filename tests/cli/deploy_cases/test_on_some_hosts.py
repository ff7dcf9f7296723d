"""A step of several hosts that a deploy left, or that was done or taken back after its end, on some of them."""

from __future__ import annotations

import json

from tests.cli.stories import GATE_INSTALL, GATE_RESTART, LEDGER, Story

ON = "    on: [web1, web2]\n"
WEB1, WEB2 = ("--host", "web1"), ("--host", "web2")


def done_on_both(story: Story) -> str:
    story.deploy("adopt", "--at", "v1")
    first = story.change("1-a", step=ON)
    for host in (WEB1, WEB2):
        assert story.deploy("tick", "1-a#1", *host, "--to", first).code == 0
    assert story.deploy("done").code == 0
    return first


def hosts_to_undo(story: Story) -> list[str]:
    shown = json.loads(story("checklist", "production", "--to", "v1", "--format", "json").out)
    return next((each["on"] for each in shown["steps"] if each["id"].endswith("#1:undo")), [])


def test_what_is_taken_back_on_one_host_is_still_there_on_the_other(story: Story) -> None:
    """After the end of its deploy, and of a further one."""
    done_on_both(story)
    story.deploy("done", "--to", story.other("further"))
    assert story.deploy("tick", "1-a#1", "--undone", *WEB1).code == 0
    assert "Taken back: 1-a#1 on web1," in story.deploy("status").out
    back = ("gate", "--to", "v1", "--rollback", "--look", *GATE_RESTART)
    assert story.deploy(*back).code == 1
    assert hosts_to_undo(story) == ["web2"]
    story.deploy("tick", "1-a#1", "--undone", *WEB2)
    assert story.deploy(*back).code == 3, "open, and `--look` records nothing"
    story.deploy("tick", "1-a#1", *WEB2)
    assert "1-a#1 on web1," in story.deploy("status").out
    story.deploy("tick", "1-a#1", *WEB1)
    assert story.deploy("status").code == 0
    assert hosts_to_undo(story) == ["web1", "web2"]


def test_what_failed_on_one_host_is_not_mended_by_the_other(story: Story) -> None:
    done_on_both(story)
    story.deploy("tick", "1-a#1", "--failed", "boom", *WEB1)
    story.deploy("tick", "1-a#1", *WEB2)
    said = story.deploy("status")
    assert said.code == 1
    assert "1-a#1 on web1 " in said.out
    assert "It failed on web1 at" in said.out
    left = json.loads(story.deploy("status", "--format", "json").out)["later"][0]
    assert (left["hosts"], left["failed"]["reason"]) == (["web1"], "boom")
    story.deploy("tick", "1-a#1", *WEB1)
    assert story.deploy("status").code == 0


def test_what_failed_on_one_host_and_is_done_there_again_is_done_on_both(story: Story) -> None:
    """So it is taken back on both, and whoever takes it back without naming a host means both."""
    done_on_both(story)
    story.deploy("tick", "1-a#1", "--failed", "boom", *WEB1)
    story.deploy("tick", "1-a#1", *WEB1)
    assert hosts_to_undo(story) == ["web1", "web2"]
    story.deploy("tick", "1-a#1", "--undone")
    assert "Taken back: 1-a#1 on web1, web2," in story.deploy("status").out
    story.deploy("tick", "1-a#1", *WEB1)
    assert "Taken back: 1-a#1 on web2," in story.deploy("status").out


def test_what_was_left_is_done_once_it_is_done_on_each_host(story: Story) -> None:
    """A later change needs it, and a way back takes it back where it was done: also under the name that it has then."""
    story.deploy("adopt", "--at", "v1")
    story.deploy("done", "--to", story.change("1-a", "later", step=ON))
    story.deploy("tick", "1-a#1", *WEB1)
    assert "1-a#1 was left for later on web2" in " ".join(story("motd", "production").out.split())
    assert hosts_to_undo(story) == ["web1"]
    story.a.git("mv", "changes/1-a.md", "changes/9-a.md")
    assert story.deploy("done", "--to", story.commit("rename")).code == 0
    story.change("2-b", front="needs: [9-a]\n")
    gate = ("gate", "--to", "origin/main", "--look", *GATE_INSTALL)
    waits = story.deploy(*gate)
    assert (waits.code, "2-b needs 9-a, of which 9-a#1 was not done" in waits.out) == (1, True)
    story.deploy("tick", "9-a#1", *WEB2)
    assert story.deploy(*gate).code == 3
    assert hosts_to_undo(story) == ["web1", "web2"]


def test_what_is_skipped_on_one_host_after_the_end_is_not_taken_back_there(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    story.deploy("done", "--to", story.change("1-a", "later", step=ON))
    story.deploy("tick", "1-a#1", "--skip", "it is gone", *WEB2)
    assert "1-a#1 on web1 " in story.deploy("status").out
    story.deploy("tick", "1-a#1", *WEB1)
    assert "1-a#1" not in story.deploy("status").out
    assert hosts_to_undo(story) == ["web1"]
    story.deploy("tick", "1-a#1", *WEB2)
    assert hosts_to_undo(story) == ["web1", "web2"]


def test_a_shared_step_is_done_here_once_it_is_done_on_each_host_there(story: Story) -> None:
    sharing = LEDGER.replace("target", 'shares = ["worker"]\ntarget')
    story.configure(LEDGER.replace("production", "dev") + sharing + LEDGER.replace("production", "worker"))
    for name in ("production", "worker"):
        story("deploy", "adopt", name, "--at", "origin/main")
    new = story.change("1-a", step=ON)
    gate = ("gate", "--to", new, "--look", *GATE_RESTART)
    story("deploy", "tick", "worker", "1-a#1", *WEB1, "--to", new)
    assert story.deploy(*gate).code == 1
    story("deploy", "tick", "worker", "1-a#1", *WEB2)
    assert story.deploy(*gate).code == 3
