"""What somebody wrote down or did where others did not see it, and what every command says of that."""

from __future__ import annotations

import json

import pytest

from relbot.deploy.log.record import Deed, DeedKind
from relbot.git.process import Git
from relbot.ledger.git_ref.store import GitRefLedger
from tests.cli.stories import GATE_INSTALL, GATE_RESTART, LEDGER, Story
from tests.ledger.clones import BOB, NOON, around
from tests.terminal import Terminal

RESTART = "    restart: [web]\n"


def under_way(story: Story, *, step: str = "") -> None:
    """A deploy with one step is under way, and both clones know it."""
    story.deploy("adopt", "--at", "v1")
    story.change("1-a", step=step)
    story.second()
    assert story.deploy("gate", "--to", "origin/main", *GATE_INSTALL).code == 0
    assert story.deploy("status", by=story.b).code == 1


def test_a_restart_that_failed_without_the_knowledge_of_the_other_clone_is_not_lost(story: Story) -> None:
    under_way(story, step=RESTART)
    story.deploy("tick", "1-a#1")
    assert story.deploy("status", by=story.b).code == 1
    story.deploy("tick", "restart:web", "--failed", "port in use", "--offline", by=story.b)
    assert story.deploy("tick", "restart:web").code == 0
    story.deploy("note", "published", by=story.b)
    closed = story.deploy("gate")
    assert closed.code == 1
    assert "restart:web  failed" in closed.out
    assert story.deploy("tick", "restart:web").code == 0
    assert story.deploy("gate").code == 0


def test_a_failure_that_nobody_knew_who_ended_the_deploy_is_open_again(story: Story) -> None:
    under_way(story)
    story.deploy("tick", "1-a#1", "--failed", "disk full", "--offline", by=story.b)
    story.deploy("tick", "1-a#1")
    assert story.deploy("done").code == 0
    story.deploy("note", "published", by=story.b)
    for command in (("deploy", "status", "production"), ("motd", "production"), ("checklist", "production")):
        told = story(*command)
        assert told.code == 1, command
        assert "1-a#1" in told.out
    assert story.deploy("tick", "1-a#1").code == 0
    assert story.deploy("status").code == 0


def test_a_gate_that_was_passed_unverified_for_another_target_closes_the_next_one(story: Story) -> None:
    under_way(story)
    other = story.other("other")
    url = story.b.git("remote", "get-url", "origin").strip()
    story.b.git("fetch", "--quiet", "origin")
    story.b.git("remote", "set-url", "origin", "nowhere")
    unverified = ("--unverified", "--reason", "the git server is down")
    assert story.deploy("gate", "--to", other, *GATE_INSTALL, *unverified, by=story.b).code == 0
    story.b.git("remote", "set-url", "origin", url)
    story.deploy("note", "published", by=story.b)
    story.deploy("tick", "1-a#1")
    closed = story.deploy("gate")
    assert closed.code == 1
    assert "this belongs to no deploy" in closed.out
    assert [story.deploy(each).code for each in ("done", "status")] == [1, 1]
    assert story("motd", "production").code == 1
    digits = closed.out.partition("stray:")[2].split()[0]
    assert story.deploy("lift", f"stray:{digits}x", "--reason", "looked").code == 1
    assert story.deploy("lift", f"stray:{digits}", "--reason", "it was not installed").code == 0
    assert [story.deploy(each).code for each in ("gate", "done", "status")] == [0, 0, 0]


@pytest.mark.parametrize(("unseen", "known"), [(DeedKind.ENDED, ("abort",)), (DeedKind.ABORTED, ("done",))])
def test_who_ended_a_deploy_that_somebody_else_ended_otherwise_meanwhile_is_told_everywhere(
    story: Story, unseen: DeedKind, known: tuple[str, ...]
) -> None:
    story.deploy("adopt", "--at", "v1")
    start, target = story.a.git("rev-parse", "v1^{commit}"), story.other("code")
    story.second()
    assert story.deploy("begin", "--to", target).code == 0
    assert story.deploy("status", by=story.b).code == 0
    for refused, code in ((("done",), 3), (("abort",), 2), (("adopt", "--at", "v1"), 2)):
        assert story.deploy(*refused, "--offline", by=story.b).code == code, "what runs is said where others see it"
    GitRefLedger(Git(story.b.path), "production", None, around(BOB, NOON)).record(Deed(unseen, start, target))
    assert story.deploy(*known).code == 0
    story.deploy("note", "published", by=story.b)
    told = f"recorded that the deploy to {target[:12]} was "
    for shown in (("deploy", "status", "production"), ("motd", "production"), ("checklist", "production")):
        said = story(*shown)
        assert said.code == 1, shown
        assert told in " ".join(said.out.split()), shown
        assert "but it had been ended, aborted or replaced before" in " ".join(said.out.split()), shown
    later = story.other("later")
    assert story.deploy("gate", "--to", later, *GATE_INSTALL).code == 1
    assert story.deploy("adopt", "--at", target, "--reason", "looked at the host").code == 0
    assert [story.deploy("status").code, story.deploy("gate", "--to", later, *GATE_INSTALL).code] == [0, 0]


def test_what_was_overruled_or_noted_is_seen_wherever_the_deploy_is(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    story.change("1-a", front="hold: ['5644']\n")
    story.deploy("overrule", "hold:5644", "--to", "origin/main", "--reason", "it is in the package")
    story.deploy("note", "hot-patched x.rb")
    shown = {
        "status": ("deploy", "status", "production"),
        "motd": ("motd", "production"),
        "text": ("checklist", "production"),
        "markdown": ("checklist", "production", "--format", "markdown"),
        "html": ("checklist", "production", "--format", "html"),
        "json": ("checklist", "production", "--format", "json"),
        "gate": ("deploy", "gate", "production", "--look", *GATE_INSTALL),
        "gate json": ("deploy", "gate", "production", "--look", "--format", "json", *GATE_INSTALL),
    }
    for begun in (False, True):
        if begun:
            assert story.deploy("begin").code == 0
        for name, command in shown.items():
            said = " ".join(story(*command).out.split())
            assert "it is in the package" in said, (name, begun)
            assert "hot-patched x.rb" in said, (name, begun)
    overruled = json.loads(story(*shown["status"], "--format", "json").out)["overruled"]
    assert [each["what"] for each in overruled] == ["hold:5644"]
    story.deploy("tick", "1-a#1")
    assert "Overruled: hold:5644" in story.deploy("done").out
    digits = story.deploy("status").out.partition("note:")[2].split()[0]
    assert story.deploy("lift", f"note:{digits}", "--reason", "it is deployed").code == 0
    assert "hot-patched" not in story.deploy("status").out


def test_two_panes_tell_their_environments_apart_and_who_is_at_the_step(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    under_way(story)
    story.deploy("note", "careful")
    story.deploy("tick", "1-a#1", "--started")
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Op Two")
    at = Terminal(("deploy", "run", "production"), story.b.path)
    screen = " ".join(at.until("production: [d]one, [s]kip, [f]ailed, [q]uit?").split())
    assert "careful" in screen
    assert "production, step 1/1: 1-a#1" in screen
    assert "In progress since " in screen.partition("step 1/1")[2]
    assert "FAILED" not in screen
    at.type("q\n")
    assert at.end() == 1


def test_a_deploy_of_what_runs_already_is_not_begun(story: Story) -> None:
    story.deploy("adopt", "--at", "origin/main")
    begun = story.deploy("begin")
    assert (begun.code, "already" in begun.out) == (0, True)
    assert "No deploy is under way." in story.deploy("status").out


def test_what_the_environment_that_comes_first_left_open_is_not_finished_there(story: Story) -> None:
    story.configure(f'{LEDGER}after = "staging"\n[environments.staging]\ndeployed = "ledger"\n')
    for name in ("production", "staging"):
        story("deploy", "adopt", name, "--at", "origin/main")
    before = story.a.head
    target = story.change("1-a")
    story("deploy", "begin", "staging", "--to", target)
    assert story("deploy", "done", "staging", "--anyway", "hurry").code == 0
    gate = ("gate", "--to", target, *GATE_INSTALL)
    closed = story.deploy(*gate)
    assert closed.code == 1
    assert "1-a#1 is open there" in closed.out
    story("deploy", "tick", "staging", "1-a#1")
    assert story.deploy(*gate, "--look").code == 3
    story("deploy", "begin", "staging", "--to", before, "--rollback")
    assert f"is being rolled back to {before[:12]}" in story.deploy(*gate).out


def test_a_renamed_environment_is_not_a_new_one(story: Story) -> None:
    under_way(story)
    (story.folder / "REV").write_text(story.a.head)
    story.configure('[environments.prod]\ndeployed = "file"\nfile = "../REV"\ntarget = "origin/main"\n')
    for command in (("checklist", "prod"), ("motd", "prod"), ("deploy", "gate", "prod", *GATE_INSTALL)):
        assert story(*command).code == 3, command
    assert story.deploy("status").code == 1, "the old name still tells"
    assert story("deploy", "adopt", "prod", "--at", "origin/main").code == 0
    (story.folder / "REV").write_text(story.a.head)
    assert story("checklist", "prod").code == 0
    assert story("deploy", "status", "prdo").code == 2


def test_an_environment_of_another_component_than_before_is_unknown(story: Story) -> None:
    of_api = f'[components.api]\n[components.web]\n{LEDGER}component = "api"\n'
    story.configure(of_api)
    story.deploy("adopt", "--at", "origin/main")
    story.change("1-web", front="component: web\n")
    story.change("2-api", front="component: api\n")
    assert story.deploy("tick", "2-api#1", "--to", "origin/main").code == 0
    story.a.write("relbot.toml", of_api.replace('component = "api"\n', ""))
    assert story.deploy("gate", *GATE_RESTART).code == 3, "in the middle of a deploy"
    story.a.write("relbot.toml", of_api)
    assert story.deploy("done").code == 0
    target = story.configure(of_api.replace('component = "api"\n', ""))
    assert story.codes(("checklist", "production"), ("motd", "production"), ("deploy", "begin")) == [3, 3, 3]
    assert story.deploy("adopt", "--at", target).code == 0
    assert story("checklist", "production").code == 0


def test_a_clone_without_a_work_tree_says_why_it_cannot_tell(story: Story) -> None:
    under_way(story)
    for kind, helps in (("--bare", "git worktree add"), ("--no-checkout", "git checkout HEAD")):
        clone = story.folder / kind
        story.a.git("clone", "--quiet", kind, str(story.bare), str(clone))
        for command in (("deploy", "gate", "production"), ("deploy", "status")):
            said = story.relbot(*command, cwd=clone)
            assert said.code == 3, (kind, command)
            assert helps in said.err
        assert story.relbot("motd", "production", cwd=clone).code == 3


@pytest.mark.long
def test_what_was_undone_in_one_environment_and_then_in_the_other_is_open_in_both(story: Story) -> None:
    both = LEDGER.replace("target", 'shares = ["worker"]\ntarget') + LEDGER.replace("production", "worker")
    story.configure(both)
    for name in ("production", "worker"):
        story("deploy", "adopt", name, "--at", "origin/main")
    before, target = story.a.head, story.change("1-a")
    story("deploy", "tick", "worker", "1-a#1", "--to", target)
    assert story.deploy("done", "--to", target).code == 0, "what was done there counts here"
    story("deploy", "done", "worker")
    back = ("1-a#1:undo", "--to", before, "--rollback")
    story("deploy", "tick", "worker", *back)
    story("deploy", "done", "worker", "--anyway", "production runs it")
    story("deploy", "tick", "production", *back)
    assert story.deploy("done").code == 0
    story.deploy("lift", target, "--reason", "again")
    again = story.deploy("gate", "--to", target, *GATE_RESTART)
    assert again.code == 1
    assert "1-a#1  open" in again.out
