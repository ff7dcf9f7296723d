"""A source beside the ledger: what it says, or does not say, is never passed over with "nothing to do"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cli.stories import GATE_INSTALL, GATE_RESTART, LEDGER, Story

if TYPE_CHECKING:
    from pathlib import Path

RUNNING = LEDGER.replace('"ledger"', '"file"\nfile = "../REV"\ntells = "running"')
INSTALLED = LEDGER.replace('"ledger"', '"file"\nfile = "../REV"')
SHOWN = (("checklist", "production"), ("motd", "production"), ("deploy", "status", "production"))


def deployed(story: Story, source: str) -> tuple[str, str, Path]:
    """A deploy that is done, with its two ends and the file that the source reads."""
    revision = story.folder / "REV"
    old = story.configure(source)
    revision.write_text(old)
    story.deploy("adopt", "--at", old)
    new = story.change("1-a")
    assert story.deploy("tick", "1-a#1", "--to", new).code == 0
    revision.write_text(new)
    assert story.deploy("done").code == 0
    return old, new, revision


def test_a_package_that_was_rolled_back_past_relbot_is_no_nothing_to_do(story: Story) -> None:
    """Its step is still done: the way back is named, and begins the rollback that nobody began."""
    old, _, revision = deployed(story, INSTALLED)
    assert story.codes(*SHOWN) == [0, 0, 0]
    revision.write_text(old)
    assert story.codes(*SHOWN) == [3, 3, 3]
    shown = story("checklist", "production").out
    assert "Nothing to do" not in shown
    begin = f"relbot deploy begin production --to {old} --rollback"
    assert begin in shown
    assert story(*begin.split()[1:]).code == 0
    assert "undo-1-a" in story.deploy("gate", *GATE_RESTART).out
    assert story.deploy("run").code == 2, "it asks, and here is no terminal"


def test_what_is_installed_already_is_told_beside_what_ran_before(story: Story) -> None:
    """In the middle of a deploy, once the package is on disk; and a source that does not answer is no riddle about what runs."""
    _, _, revision = deployed(story, INSTALLED)
    further = story.change("2-b")
    assert story.deploy("gate", "--to", further, *GATE_INSTALL).code == 0
    told = f"The source of production reports that {further[:12]} is installed."
    assert told not in story.deploy("status").out
    revision.write_text(further)
    for command in SHOWN:
        assert told in " ".join(story(*command).out.split())
    revision.unlink()
    assert "relbot does not know what is installed in `production`" in story.deploy("status").out


def test_an_upgrade_past_relbot_shows_its_steps(story: Story) -> None:
    """The package manager installed by itself what is on main: the checklist of that has its open step."""
    revision = story.folder / "REV"
    old = story.configure(INSTALLED)
    revision.write_text(old)
    story.deploy("adopt", "--at", old)
    revision.write_text(story.change("1-a"))
    assert story.codes(*SHOWN) == [1, 1, 3]
    assert "relbot was not asked" in story.deploy("status").out
    assert story.deploy("gate", *GATE_RESTART).code == 1


def test_what_runs_is_not_known_while_its_source_does_not_answer(story: Story) -> None:
    """The application does not boot: no answer says that all is well, and `done` wants to know why it is done."""
    _, _, revision = deployed(story, RUNNING)
    other = story.change("2-b", "before-install")
    assert story.deploy("tick", "2-b#1", "--to", other).code == 0
    revision.unlink()
    gate = story.deploy("gate", *GATE_RESTART)
    assert (gate.code, "relbot does not know" in gate.out) == (0, True), gate.out
    assert story.codes(*SHOWN) == [3, 3, 3]
    assert story.codes(("deploy", "gate", "production"), ("deploy", "done", "production")) == [3, 3]
    assert story.deploy("done", "--anyway", "seen in the browser").code == 0


def test_done_again_is_no_answer_while_something_else_runs(story: Story) -> None:
    old, _, revision = deployed(story, RUNNING)
    assert story.deploy("done").code == 0
    revision.write_text(old)
    again = story.deploy("done")
    assert again.code == 3
    assert f"relbot deploy begin production --to {old} --rollback" in again.err


def test_the_next_gate_ends_a_deploy_whose_target_runs_and_a_look_does_not(story: Story) -> None:
    _, _, revision = deployed(story, RUNNING)
    further, next_one = story.other("further"), story.other("next")
    assert story.deploy("gate", "--to", further, *GATE_INSTALL).code == 0
    gate = ("gate", "--to", next_one, *GATE_INSTALL)
    assert story.deploy(*gate).code == 1, "it does not run yet"
    revision.write_text(further)
    assert story.deploy(*gate, "--look").code == 1
    assert "ended" not in story.deploy("log").out.splitlines()[-1]
    assert story.deploy(*gate).code == 0
    assert "its target runs, says the source of the environment" in story.deploy("log").out


def test_the_way_to_what_runs_past_relbot_can_be_shown_and_begun(story: Story) -> None:
    """Somebody went back by hand: what that leaves to undo is a checklist, and the rollback can be begun afterwards."""
    old, _, revision = deployed(story, RUNNING)
    revision.write_text(old)
    shown = story("checklist", "production", "--to", old)
    assert shown.code == 1
    assert "undo-1-a" in shown.out
    assert story.deploy("begin", "--to", old, "--rollback").code == 0
    assert story.deploy("done").code == 1
    assert story.deploy("tick", "1-a#1:undo").code == 0
    assert story.deploy("done").code == 0


def test_another_package_than_that_of_the_deploy_closes_the_gate_before_the_restart(story: Story) -> None:
    """The package manager installed a newer one in the middle of a deploy: a restart would start what nobody looked at."""
    revision = story.folder / "REV"
    old = story.configure(INSTALLED)
    revision.write_text(old)
    story.deploy("adopt", "--at", old)
    first, second = story.other("first"), story.change("1-a", "after-restart")
    assert story.deploy("gate", "--to", first, *GATE_INSTALL).code == 0
    revision.write_text(second)
    assert story.codes(("deploy", "gate", "production", *GATE_RESTART), ("deploy", "done", "production")) == [3, 3]
    begin = f"relbot deploy begin production --to {second} --replaces {first} --reason WHY"
    assert begin in story.deploy("gate", *GATE_RESTART).err
    revision.write_text("f" * 40)
    elsewhere = story.deploy("gate", *GATE_RESTART)
    assert (elsewhere.code, "there is no such commit in this clone" in elsewhere.err) == (3, True), "it is none of the two"
    revision.write_text(second)
    assert story(*begin.split()[1:]).code == 0
    assert story.codes(("deploy", "gate", "production", *GATE_RESTART), ("deploy", "done", "production")) == [0, 1]
    story.a.write("relbot.toml", INSTALLED.replace("file =", 'tells = "running"\nfile ='))
    assert story.deploy("gate", *GATE_RESTART).code == 0
    revision.write_text("f" * 40)
    assert story.codes(("deploy", "gate", "production", *GATE_RESTART), ("checklist", "production")) == [3, 3]
