"""What is open is told, whatever the source says, however many steps wait, and wherever the restart happens."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tests.cli.stories import GATE_INSTALL, GATE_RESTART, LEDGER, Story
from tests.ledger.clones import Clock

if TYPE_CHECKING:
    import pytest

RESTART = "    restart: [apache2]\n"
FILE = LEDGER.replace('"ledger"', '"file"\nfile = "../REV"')


def test_the_checklist_keeps_the_deploy_under_way_and_what_was_left_although_the_target_is_installed(story: Story) -> None:
    """The package is on disk, so the source answers with the target: the open step stands, and later what was passed over."""
    revision = story.folder / "REV"
    old = story.configure(FILE)
    revision.write_text(old)
    new = story.change("1-a")
    assert story.deploy("gate", "--to", new, *GATE_INSTALL).code == 0
    revision.write_text(new)
    shown = story("checklist", "production")
    assert shown.code == 1
    assert "do-1-a" in shown.out
    assert story.deploy("done", "--anyway", "it runs").code == 0
    story.other("z")
    for command in (("checklist", "production"), ("motd", "production")):
        left = story(*command)
        assert left.code == 1, command
        assert "do-1-a" in left.out, command
        assert "Nothing to do" not in left.out, command


def test_a_step_that_failed_and_was_left_says_so_with_its_reason(story: Story) -> None:
    """Somebody tried the step, failed, and ended the deploy: not only the log says that."""
    story.deploy("adopt", "--at", "v1")
    new = story.change("1-a", "later")
    story.deploy("tick", "1-a#1", "--failed", "disk full", "--to", new)
    assert story.deploy("done").code == 0
    for command in (("deploy", "status", "production"), ("motd", "production"), ("checklist", "production")):
        shown = " ".join(story(*command).out.split())
        assert "disk full" in shown, command
        assert "do-1-a" in shown, command


def test_the_count_of_status_is_that_of_the_steps_that_a_deploy_needs(story: Story) -> None:
    """What can wait is a row of the list, and counted apart."""
    story.deploy("adopt", "--at", "v1")
    target = ""
    for name, phase, step in (("1-a", "before-install", ""), ("2-b", "before-restart", RESTART), ("3-c", "later", "")):
        target = story.change(name, phase, step=step)
    story.deploy("tick", "1-a#1", "--to", target)
    rows = story.deploy("status").out.splitlines()
    assert sum(row.startswith("  [") for row in rows) == 4
    assert rows[-1] == "1 of 3 steps settled. 1 more step can wait."


def test_a_package_that_restarts_by_itself_is_asked_for_before_it_is_installed(story: Story) -> None:
    """The installation restarts the services: `--before restart` in front of it begins the deploy, and is shut before that."""
    story.deploy("adopt", "--at", "v1")
    new = story.change("5622", step=RESTART)
    assert story.deploy("gate", "--to", new, *GATE_RESTART).code == 1
    assert "No deploy is under way." in story.deploy("status").out, "a closed gate begins nothing"
    assert story.deploy("tick", "5622#1", "--to", new).code == 0
    assert story.deploy("gate", "--to", new, *GATE_RESTART).code == 0
    assert story.deploy("done").code == 1, "a restart that the package made is recorded by who looked"
    assert story.deploy("tick", "restart:apache2").code == 0
    assert story.deploy("done").code == 0


def test_what_somebody_deployed_past_the_gate_in_the_middle_of_a_deploy_is_taken_up(story: Story) -> None:
    """Another revision runs than the deploy under way brings: relbot says how to go on with that one, and what of it is open."""
    revision = story.folder / "REV"
    old = story.configure(f"{FILE}".replace('REV"', 'REV"\ntells = "running"'))
    revision.write_text(old)
    story.deploy("adopt", "--at", old)
    first = story.change("1-a")
    assert story.deploy("tick", "1-a#1", "--to", first).code == 0
    second = story.change("2-b")
    revision.write_text(second)
    for command in (("checklist", "production"), ("deploy", "done", "production"), ("motd", "production")):
        assert story(*command).code == 3, command
    begin = f"relbot deploy begin production --to {second} --replaces {first} --reason WHY"
    assert begin in story.deploy("status").err
    assert story(*begin.split()[1:]).code == 0
    assert story.codes(("checklist", "production"), ("deploy", "done", "production")) == [1, 1]
    assert story.deploy("tick", "2-b#1").code == 0
    assert story.deploy("done").code == 0


def test_a_change_that_concerns_another_component_now_is_asked_for_there(story: Story) -> None:
    """Its author had named the wrong component: it is in both trees, and was never done where it is due."""
    about = "".join(
        LEDGER.replace("production", each).replace("target", f'component = "{each}"\ntarget') for each in ("api", "worker")
    )
    story.configure(f"[components.api]\n[components.worker]\n{about}")
    first = story.change("1-a", front="component: api\n")
    for name in ("api", "worker"):
        story("deploy", "adopt", name, "--at", first)
    story.change("1-a", front="component: worker\n")
    asked = story("checklist", "worker")
    assert asked.code == 1
    assert "do-1-a" in asked.out
    assert story.codes(("deploy", "gate", "worker", *GATE_INSTALL), ("deploy", "done", "worker"), ("checklist", "api")) == [
        1,
        1,
        0,
    ]
    assert story("deploy", "tick", "worker", "1-a:amended", "--to", "origin/main").code == 0
    assert story("deploy", "done", "worker").code == 0


def test_a_step_is_skipped_on_the_host_that_is_gone(story: Story) -> None:
    """Of two hosts one has the step done, and the other one is out of service."""
    story.deploy("adopt", "--at", "v1")
    new = story.change("1-a", step="    on: [web1, web2]\n")
    story.deploy("tick", "1-a#1", "--host", "web1", "--to", new)
    assert story.deploy("gate", *GATE_RESTART).code == 1
    assert story.deploy("tick", "1-a#1", "--skip", "it is gone", "--host", "web1").code == 1, "there it was done"
    assert story.deploy("tick", "1-a#1", "--skip", "it is gone", "--host", "web2").code == 0
    assert story.codes(("deploy", "gate", "production", *GATE_RESTART), ("deploy", "done", "production")) == [0, 0]


def test_the_worker_is_deployed_before_the_api(story: Story) -> None:
    """An order between environments that are no stages of one another: the second gate stays shut until the first is done."""
    api = LEDGER.replace("production", "api").replace("target", 'after = "worker"\ntarget')
    story.configure(api + LEDGER.replace("production", "worker"))
    for name in ("api", "worker"):
        story("deploy", "adopt", name, "--at", "origin/main")
    new = story.change("1-a")
    assert story("deploy", "gate", "worker", "--to", new, *GATE_INSTALL).code == 0
    assert story("deploy", "gate", "api", "--to", new, *GATE_INSTALL).code == 1
    assert story("deploy", "done", "worker", "--anyway", "it runs").code == 0
    left = story("deploy", "gate", "api", "--to", new, *GATE_INSTALL)
    assert left.code == 1
    assert "1-a#1 is open there" in left.out
    assert story("deploy", "tick", "worker", "1-a#1").code == 0
    assert story("deploy", "gate", "api", "--to", new, *GATE_INSTALL).code == 0


def test_a_comparison_that_was_skipped_meets_no_need_of_a_later_deploy(story: Story) -> None:
    """What its step says now was not done: the change that needs it waits, until somebody compares the two after all."""
    first = story.change("1-a")
    story.deploy("adopt", "--at", first)
    story.a.write("changes/1-a.md", (story.a.path / "changes/1-a.md").read_text().replace("do-1-a", "do-1-a --all"))
    second = story.commit("amend")
    assert story.deploy("tick", "1-a:amended", "--skip", "no time", "--to", second).code == 0
    assert story.deploy("done").code == 0
    third = story.change("2-b", "after-restart", front="needs: [1-a]\n")
    closed = story.deploy("gate", "--to", third, *GATE_INSTALL)
    assert closed.code == 1
    assert "2-b needs 1-a, of which 1-a:amended was not done." in closed.out
    assert story.deploy("tick", "1-a:amended").code == 0
    assert story.deploy("gate", "--to", third, *GATE_INSTALL).code == 0


def test_a_need_of_another_component_is_met_there_although_both_changes_came_in_one_commit(story: Story) -> None:
    """One pull request for two components that are deployed one after the other: no commit lies between, and none has to."""
    about = "".join(
        LEDGER.replace("production", each).replace("target", f'component = "{each}"\ntarget') for each in ("api", "web")
    )
    story.configure(f"[components.api]\n[components.web]\n{about}")
    for name in ("api", "web"):
        story("deploy", "adopt", name, "--at", "origin/main")
    text = "---\ntype: changed\nmigration: true\n{}deploy:\n  - phase: before-restart\n    run: do\n---\n\nChange.\n"
    story.a.write("changes/1-a.md", text.format("component: api\n"))
    story.a.write("changes/2-b.md", text.format("component: web\nneeds: [1-a]\n"))
    new = story.commit("squashed")
    assert story("deploy", "gate", "web", "--to", new, *GATE_INSTALL).code == 1
    assert story("deploy", "tick", "api", "1-a#1", "--to", new).code == 0
    assert story("deploy", "done", "api").code == 0
    assert story("deploy", "gate", "web", "--to", new, *GATE_INSTALL).code == 0


def test_a_deploy_of_a_commit_that_nobody_pushed_says_so_in_every_other_clone(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    story.second()
    story.a.write("changes/1-a.md", "---\ntype: changed\n---\n\nChange.\n")
    local = story.a.commit("local")
    assert story.deploy("begin", "--to", local).code == 0
    fetch = f"git fetch origin {local}"
    for command in (("deploy", "status", "production"), ("checklist", "production"), ("deploy", "done", "production")):
        said = story(*command, by=story.b)
        assert said.code == 3, command
        assert f"This clone does not have {local[:12]}" in said.err
        assert fetch in said.err
    story.a.git("push", "--quiet", "origin", f"{local}:refs/heads/hotfix")
    story.b.git(*fetch.split()[1:])
    assert story.deploy("status", by=story.b).code == 0


def test_what_was_left_and_has_another_name_since_can_still_wait_and_has_its_command(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    assert story.deploy("done", "--to", story.change("1-a", "later")).code == 0
    story.a.git("mv", "changes/1-a.md", "changes/4711-a.md")
    assert story.deploy("done", "--to", story.commit("rename")).code == 0
    shown = story.deploy("status")
    assert shown.code == 0
    assert "Left for later: 4711-a#1" in shown.out
    assert "do-1-a" in shown.out
    assert story.deploy("tick", "4711-a#1").code == 0
    assert "Left for later" not in story.deploy("status").out


def test_fragments_that_stayed_in_the_former_folder_are_not_nothing_to_do(story: Story) -> None:
    """Somebody renamed the folder in the configuration, and did not move the files, or not all of them."""
    story.deploy("adopt", "--at", "v1")
    story.change("1-a")
    moved = story.configure(f'directory = "notes"\n{LEDGER}')
    commands = ("checklist", "production"), ("motd", "production"), ("deploy", "gate", "production", *GATE_RESTART)
    assert story.codes(*commands, ("deploy", "done", "production")) == [3, 3, 3, 3]
    assert "relbot does not read them: changes/1-a.md." in story(*commands[0]).err
    done = ("overrule", "vanished:1-a", "--to", moved, "--reason", "it is done")
    assert story.deploy(*done).code == 0
    assert story("checklist", "production").code == 0
    (story.a.path / "notes").mkdir()
    story.a.git("mv", "changes/1-a.md", "notes/1-a.md")
    story.commit("move")
    assert story.codes(*commands) == [1, 1, 1]


def test_a_gate_shows_both_texts_of_prose_that_has_changed_since_its_deploy(story: Story) -> None:
    prose = "---\ntype: changed\nmigration: true\n---\n\nA thing.\n\n## Migration\n\n{}\n"
    story.a.write("changes/p.md", prose.format("Delete the cache."))
    story.deploy("adopt", "--at", story.commit("prose"))
    story.a.write("changes/p.md", prose.format("Delete the cache twice."))
    story.commit("more prose")
    closed = story.deploy("gate", "--to", "origin/main", *GATE_RESTART)
    assert closed.code == 1
    assert "was: not-said: Do what the fragment says: Delete the cache.\n" in closed.out
    assert "now: not-said: Do what the fragment says: Delete the cache twice.\n" in closed.out


def test_what_was_recorded_on_github_is_not_forgotten_when_the_ledger_is_in_git_again(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The configuration moves the ledger there and back: in between, a rollback may have happened."""
    monkeypatch.setattr("relbot.cli.deploy.options.utc_now", Clock(datetime(2018, 8, 15, tzinfo=UTC)))
    story.change("1-a")
    story.deploy("adopt", "--at", "origin/main")
    story.configure(f'{LEDGER}store = "github"\nrepository = "owner/name"\n')
    back = story.configure(LEDGER)
    for command in (("checklist",), ("motd",), ("deploy", "gate", "production", *GATE_INSTALL), ("deploy", "done")):
        said = story(*command)
        told = " ".join((said.out + said.err).split())
        assert (said.code, f"its ledger on GitHub until {back[:12]}" in told) == (3, True), command
    assert story.deploy("adopt", "--at", "origin/main~2").code == 0
    assert story("checklist").code == 3, "recorded before, as far as the clocks tell"
    assert story.deploy("adopt", "--at", "origin/main").code == 0
    assert story("checklist").code == 0
    source = LEDGER.replace('"ledger"', '"file"\nfile = "../REV"').replace("production", "staging")
    (story.folder / "REV").write_text(story.configure(f'{source}store = "github"\nrepository = "owner/name"\n'))
    story.a.write("relbot.toml", source)
    assert story("checklist").code == 3
    story.commit("back")
    assert story("checklist").code == 3


def test_a_submodule_that_changes_is_told_since_its_fragments_are_not_read(story: Story) -> None:
    def at(commit: str) -> str:
        story.a.git("update-index", "--add", "--cacheinfo", f"160000,{commit},vendor/sub dir")
        story.a.git("commit", "--quiet", "--message", "Take another commit of the submodule")
        story.a.git("push", "--quiet", "origin", "HEAD:refs/heads/main")
        return story.a.head

    story.a.write(".gitmodules", '[submodule "sub"]\npath = vendor/sub dir\nurl = ../sub\n')
    story.a.git("add", ".gitmodules")
    story.deploy("adopt", "--at", at("1" * 40))
    at("2" * 40)
    brings = f"git -C 'vendor/sub dir' log {'1' * 12}..{'2' * 12}"
    for said in (story("checklist"), story("motd"), story.deploy("gate", "--to", "origin/main", "--look", *GATE_INSTALL)):
        assert brings in " ".join(said.out.split())
    assert "log 222222222222" in story("checklist", "--from", "v1", "--to", "HEAD").out


def test_a_link_in_place_of_the_folder_is_not_nothing_to_do(story: Story) -> None:
    """Or a submodule: git has what lies there elsewhere, or not at all."""
    story.deploy("adopt", "--at", "v1")
    for mode, kind in (("120000", "a symbolic link"), ("160000", "a submodule")):
        story.a.git("rm", "-r", "-q", "--cached", "changes")
        story.a.git(
            "update-index", "--add", "--cacheinfo", f"{mode},{story.a.git('rev-parse', 'v1:relbot.toml').strip()},changes"
        )
        story.a.git("commit", "--quiet", "--message", kind)
        story.a.git("push", "--quiet", "origin", "HEAD:refs/heads/main")
        for said in (story("checklist"), story("motd"), story.deploy("gate", "--to", "origin/main", *GATE_INSTALL)):
            assert (said.code, f"`changes` is {kind} in" in " ".join((said.out + said.err).split())) == (3, True)
    story.deploy("adopt", "--at", "origin/main")
    story.a.git("rm", "-q", "--cached", "changes")
    new = story.change("1-a")
    assert "relbot deploy overrule ENV before-relbot --to" in story.deploy("gate", "--to", new, *GATE_INSTALL).err
    assert story.deploy("overrule", "before-relbot", "--to", new, "--reason", "nothing is there").code == 0
    assert story.codes(("deploy", "gate", "production", *GATE_INSTALL), ("deploy", "gate", "production", *GATE_RESTART)) == [0, 1]
