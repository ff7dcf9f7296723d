"""Ways back: what a rollback leaves is held, what it asked for ends with the next deploy, and what others share is kept."""

from __future__ import annotations

import json

from tests.cli.stories import GATE_INSTALL, GATE_RESTART, LEDGER, Story

BACK = ("--rollback", "--reason", "it burns")
SHARES = LEDGER.replace("target", 'shares = ["worker"]\ntarget') + LEDGER.replace("production", "worker")


def test_who_turns_back_to_where_the_deploy_began_leaves_what_it_brought_held(story: Story) -> None:
    """In the middle of a deploy somebody goes back to what ran before: the new revision is held, not the old one."""
    story.deploy("adopt", "--at", "v1")
    new = story.change("1-a", step="    restart: [web]\n")
    story.deploy("tick", "1-a#1", "--to", new)
    story.deploy("tick", "restart:web")
    begun = story.deploy("begin", "--to", "v1", "--replaces", new, *BACK)
    assert (begun.code, "is under way" in begun.out) == (0, True)
    assert story.deploy("done").code == 1
    story.deploy("tick", "1-a#1:undo")
    assert story.deploy("done").code == 1, "web was restarted before it was taken back"
    story.deploy("tick", "restart:web")
    assert story.deploy("done").code == 0
    assert f"Held: {new[:12]} and what contains it" in story.deploy("status").out
    assert "Nothing to do" in story("checklist", "production", "--to", "v1").out
    assert story.deploy("gate", "--to", "v1", *GATE_RESTART).code == 0, "another host asks for the same deploy"
    assert story("checklist", "production").code == 1
    assert story.deploy("gate", "--to", "origin/main", *GATE_INSTALL).code == 1
    assert story.deploy("lift", new, "--reason", "it was the database").code == 0
    assert "Held" not in story.deploy("status").out


def test_what_one_of_two_hosts_skipped_is_taken_back_on_the_other_alone(story: Story) -> None:
    """In the middle of its deploy, after its end, and after a further one."""
    story.deploy("adopt", "--at", "v1")
    first = story.change("1-a", step="    on: [web1, web2]\n")
    story.deploy("tick", "1-a#1", "--host", "web1", "--to", first)
    story.deploy("tick", "1-a#1", "--host", "web2", "--skip", "it is new")

    def back() -> list[str]:
        shown = json.loads(story("checklist", "production", "--to", "v1", "--format", "json").out)
        return next(each["on"] for each in shown["steps"] if each["id"] == "1-a#1:undo")

    assert back() == ["web1"]
    for further in (first, story.other("further")):
        assert story.deploy("done", "--to", further).code == 0
        assert back() == ["web1"]


def test_who_goes_back_a_part_of_the_way_leaves_the_rest_held(story: Story) -> None:
    """A deploy of two commits is replaced by one of the first alone: the second is held, and the first, which runs, is not."""
    story.deploy("adopt", "--at", "v1")
    first, second = story.other("first"), story.other("second")
    assert story.deploy("begin", "--to", second).code == 0
    assert story.deploy("begin", "--to", first, "--replaces", second, *BACK).code == 0
    assert story.deploy("done").code == 0
    held = story.deploy("status").out
    assert f"Held: {second[:12]}" in held
    assert first[:12] not in held.partition("Held")[2]
    assert story.codes(("deploy", "gate", "production", "--to", first), ("deploy", "gate", "production", "--to", second)) == [
        0,
        1,
    ]


def test_what_a_way_back_left_is_held_although_another_deploy_took_its_place(story: Story) -> None:
    """A bad release is rolled back in the middle, and a hotfix of the one before is deployed: main still has the bad one."""
    story.deploy("adopt", "--at", "v1")
    good, bad = story.other("good"), story.other("bad")
    assert story.deploy("begin", "--to", bad).code == 0
    assert story.deploy("begin", "--to", good, "--replaces", bad, *BACK).code == 0
    story.a.git("switch", "--quiet", "--create", "hotfix", good)
    story.a.write("hotfix", "x\n")
    hotfix = story.a.commit("hotfix")
    story.a.git("push", "--quiet", "origin", "hotfix")
    assert story.deploy("begin", "--to", hotfix, "--replaces", good, "--reason", "a fix").code == 0
    assert story.deploy("done").code == 0
    closed = story.deploy("gate", "--to", bad, "--diverged", *GATE_INSTALL)
    assert closed.code == 1
    assert f"{bad[:12]} was rolled back by" in closed.out
    assert story.deploy("lift", bad, "--reason", "it was the network").code == 0
    assert story.deploy("gate", "--to", bad, "--diverged", *GATE_INSTALL).code == 0


def test_a_deploy_that_brings_a_change_again_ends_what_its_rollback_left_open(story: Story) -> None:
    """The old configuration was never put back; after the change was deployed again nothing may order to do that."""
    new = story.change("c", step="    restart: [web]\n")
    story.deploy("adopt", "--at", new)
    assert story.deploy("done", "--to", "v1", "--rollback", "--anyway", "it runs").code == 0
    left = story("motd", "production")
    assert left.code == 1
    assert "c#1:undo" in left.out
    story.deploy("lift", new, "--reason", "it was the network")
    assert story.deploy("gate", "--to", new, *GATE_RESTART).code == 1
    story.deploy("tick", "c#1", "--to", new)
    story.deploy("tick", "restart:web")
    assert story.deploy("done").code == 0
    for shown in (("motd", "production"), ("deploy", "status", "production"), ("checklist", "production")):
        said = story(*shown)
        assert (said.code, "undo" in said.out) == (0, False), shown


def test_what_an_aborted_deploy_left_half_done_is_open_before_the_next_one_begins(story: Story) -> None:
    """A step failed, the deploy was given up, and the change was reverted: a gate must not begin before it is taken back."""
    story.deploy("adopt", "--at", "v1")
    new = story.change("1-a")
    story.deploy("tick", "1-a#1", "--failed", "half of it", "--to", new)
    assert story.deploy("abort").code == 0
    story.a.remove("changes/1-a.md")
    fixed = story.commit(f"This reverts commit {new}.")
    closed = story.deploy("gate", "--to", fixed, *GATE_INSTALL)
    assert closed.code == 1
    assert "1-a#1:undo" in closed.out
    assert "No deploy is under way." in story.deploy("status").out
    assert story("checklist", "production").code == 1
    assert story.deploy("tick", "1-a#1:undo", "--to", fixed).code == 0
    assert story.codes(("deploy", "gate", "production", *GATE_INSTALL), ("deploy", "done", "production")) == [0, 0]


def test_a_way_back_over_the_point_of_no_return_is_overruled_before_it_begins(story: Story) -> None:
    """The data is gone, a backup is there, and the old revision has to run: that is written down, and the step is skipped."""
    story.change("1-a", step="    irreversible: true\n    reason: the data is gone\n")
    story.a.write("changes/1-a.md", (story.a.path / "changes/1-a.md").read_text().replace("    undo: undo-1-a\n", ""))
    new = story.commit("irreversible")
    story.deploy("adopt", "--at", new)
    back = ("gate", "--to", "v1", "--rollback", *GATE_INSTALL)
    assert "point of no return" in story.deploy(*back).out
    overruled = story.deploy("overrule", "no-return", "--to", "v1", "--reason", "the backup of noon is restored")
    assert overruled.code == 0
    closed = story.deploy(*back)
    assert closed.code == 1
    assert "point of no return" not in closed.out
    assert story.deploy("tick", "1-a#1:undo", "--skip", "restored", "--to", "v1", "--rollback").code == 0
    assert story.codes(("deploy", "gate", "production", *GATE_INSTALL), ("deploy", "done", "production")) == [0, 0]


def test_a_shared_step_that_fails_later_in_the_other_environment_is_open_here_too(story: Story) -> None:
    """Two environments have one database: one of them undoes the step, cannot do it again, and the other has it as done."""
    story.configure(SHARES)
    for name in ("production", "worker"):
        story("deploy", "adopt", name, "--at", "origin/main")
    new = story.change("1-a")
    assert story("deploy", "tick", "worker", "1-a#1", "--to", new).code == 0
    assert story.deploy("gate", "--to", new, *GATE_RESTART).code == 0
    assert story.deploy("tick", "1-a#1", "--undone").code == 0
    assert story.deploy("tick", "1-a#1", "--failed", "disk full").code == 0
    closed = story("deploy", "gate", "worker", *GATE_RESTART)
    assert closed.code == 1
    assert "recorded a failure of 1-a#1 on production" in closed.out
    assert story("deploy", "status", "worker").code == 1
    assert story("deploy", "tick", "worker", "1-a#1").code == 0
    assert story("deploy", "gate", "worker", *GATE_RESTART).code == 0


def test_a_shared_step_is_kept_with_the_command_that_the_refusal_names(story: Story) -> None:
    """A rollback here must not undo what the other environment runs: the command that says so begins the rollback."""
    story.configure(SHARES)
    before = story.a.head
    new = story.change("1-a")
    for name in ("production", "worker"):
        story("deploy", "adopt", name, "--at", new)
    refused = story.deploy("begin", "--to", before, "--rollback")
    assert refused.code == 1
    assert f"'1-a#1:undo' --skip \"worker runs it\" --to {before[:12]} --rollback" in refused.err
    assert story.deploy("tick", "1-a#1:undo", "--skip", "worker runs it", "--to", before[:12], "--rollback").code == 0
    assert story.deploy("done").code == 0
    assert story.deploy("status").code == 0


def test_what_is_undone_in_one_of_three_environments_with_one_database_is_open_in_all(story: Story) -> None:
    """The API names the worker, the worker names the reports: the API and the reports have one database all the same."""
    shares = {"dev": "", "api": 'shares = ["worker"]\n', "worker": 'shares = ["reports"]\n', "reports": ""}
    story.configure("".join(LEDGER.replace("production", name) + more for name, more in shares.items()))
    before = story.a.head
    new = story.change("1-a")
    for name, at in (("dev", new), ("api", new), ("worker", new), ("reports", before)):
        assert story("deploy", "adopt", name, "--at", at).code == 0
    refused = story("deploy", "begin", "worker", "--to", before, "--rollback")
    assert [f"{name} runs 1-a" in refused.err for name in ("api", "reports", "dev")] == [True, False, False]
    assert story("deploy", "tick", "reports", "1-a#1", "--to", new).code == 0
    assert story("deploy", "done", "reports").code == 0
    assert story("checklist", "api").code == 0
    refused = story("deploy", "begin", "reports", "--to", before, "--rollback")
    assert "api runs 1-a, too, and shares its steps: do not undo 1-a#1." in refused.err
    assert story("deploy", "tick", "reports", "1-a#1", "--undone").code == 0
    for name in ("api", "worker"):
        shown = story("checklist", name)
        status = story("deploy", "status", name)
        for said in (shown, status):
            assert (said.code, "undid 1-a#1 on reports" in " ".join(said.out.split())) == (1, True), name
    assert story("deploy", "tick", "reports", "1-a#1").code == 0
    assert story.codes(("checklist", "api"), ("deploy", "status", "api")) == [0, 0]


def test_what_undoes_a_step_of_a_deploy_that_was_replaced_is_shown_until_it_is_done(story: Story) -> None:
    """A migration ran, then a hotfix without it took the place of the deploy, and ended with the migration still there."""
    story.deploy("adopt", "--at", "v1")
    bad = story.change("1-a")
    story.a.git("switch", "--quiet", "--create", "hotfix", "v1")
    story.a.write("hotfix", "x\n")
    hotfix = story.a.commit("hotfix")
    story.a.git("push", "--quiet", "origin", "hotfix")
    assert story.deploy("tick", "1-a#1", "--to", bad).code == 0
    assert story.deploy("begin", "--to", hotfix, "--replaces", bad, "--reason", "it burns").code == 0
    assert story.deploy("done", "--anyway", "no time").code == 0
    for command in (("deploy", "status", "production"), ("motd", "production")):
        left = story(*command)
        assert left.code == 1
        assert "undo-1-a" in left.out, command


def test_a_shared_step_is_the_same_under_the_name_that_its_change_has_elsewhere(story: Story) -> None:
    """The worker still runs the change under its former name, and undoes it: the API runs it renamed, with one database."""
    story.configure(SHARES)
    before = story.a.head
    for name in ("production", "worker"):
        story("deploy", "adopt", name, "--at", before)
    old = story.change("1-a")
    story("deploy", "tick", "worker", "1-a#1", "--to", old)
    story("deploy", "done", "worker")
    story.a.git("mv", "changes/1-a.md", "changes/9-a.md")
    new = story.commit("rename")
    story.deploy("tick", "9-a#1", "--to", new)
    assert story.deploy("done").code == 0
    back = story("deploy", "begin", "worker", "--to", before, "--rollback")
    assert (back.code, "production runs 1-a, too, and shares its steps: do not undo 1-a#1." in back.err) == (1, True)
    story("deploy", "tick", "worker", "1-a#1", "--undone")
    for said in (story("checklist", "production"), story.deploy("status"), story.deploy("gate", "--look")):
        assert (said.code, "undid 1-a#1 on worker" in said.out) == (1, True)
    story("deploy", "tick", "worker", "1-a#1")
    assert story.deploy("status").code == 0


def test_what_another_component_needs_is_not_taken_back_under_its_new_name(story: Story) -> None:
    names = ("api", "worker")
    tables = "".join(f"[components.{name}]\n" + LEDGER.replace("production", name) + f'component = "{name}"\n' for name in names)
    before = story.configure(tables)
    for name in names:
        story("deploy", "adopt", name, "--at", before)
    story.change("1-a", "later", front="component: api\n")
    both = story.change("2-w", "later", front="component: worker\nneeds: [1-a]\n")
    story("deploy", "tick", "api", "1-a#1", "--to", both)
    assert [story("deploy", "done", name, "--to", both).code for name in names] == [0, 0]
    story.a.git("mv", "changes/1-a.md", "changes/9-a.md")
    assert story("deploy", "done", "api", "--to", story.commit("rename")).code == 0
    back = story("deploy", "gate", "api", "--to", before, "--rollback", *GATE_INSTALL)
    assert (back.code, "2-w, which worker runs, needs 1-a. Take it back there first." in back.out) == (1, True)
