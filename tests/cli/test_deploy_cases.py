"""Stories of deploys in which relbot once said that nothing was to do, and something was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.deployed import as_bob
from tests.ledger.clones import Clock, clone_of, make_bare

if TYPE_CHECKING:
    from pathlib import Path

    from tests.commandline import Result, Run
    from tests.repository import Repo

LEDGER = '[environments.production]\ndeployed = "ledger"\ntarget = "origin/main"\n'


class Story:
    """A bare remote and two clones of it: `a`, where changes are made, and `b` of somebody else. `v1` is the first commit."""

    def __init__(self, folder: Path, relbot: Run) -> None:
        self.folder = folder
        self.bare = make_bare(folder / "remote.git")
        self.a = clone_of(self.bare, folder / "a")
        self._relbot = relbot
        self.a.write("changes/README.md", "x\n")
        self.configure(LEDGER)
        self.a.tag("v1")
        self.a.git("push", "--quiet", "--tags", "origin")
        self.b = self.a

    def configure(self, text: str) -> str:
        self.a.write("relbot.toml", text)
        return self.commit("configure")

    def second(self) -> None:
        self.b = clone_of(self.bare, self.folder / "b")
        self.b.git("fetch", "--quiet", "--tags", "origin", "+refs/heads/*:refs/remotes/origin/*")
        self.b.git("switch", "--quiet", "--create", "main", "origin/main")

    def change(self, name: str, phase: str = "before-restart", *, front: str = "", step: str = "") -> str:
        """A commit with a change that has one step, pushed."""
        self.a.write(
            f"changes/{name}.md",
            f"---\ntype: changed\nmigration: true\n{front}deploy:\n  - phase: {phase}\n    run: do-{name}\n"
            f"    undo: undo-{name}\n{step}---\n\nChange {name}.\n",
        )
        return self.commit(name)

    def other(self, name: str) -> str:
        """A commit without a fragment, pushed."""
        self.a.write(name, f"{name}\n")
        return self.commit(name)

    def commit(self, message: str) -> str:
        commit = self.a.commit(message)
        self.a.git("push", "--quiet", "origin", "HEAD:refs/heads/main")
        return commit

    def __call__(self, *args: str, by: Repo | None = None) -> Result:
        return self._relbot(*args, cwd=(by or self.a).path)

    def deploy(self, command: str, *args: str, by: Repo | None = None) -> Result:
        return self("deploy", command, "production", *args, by=by)

    def codes(self, *commands: tuple[str, ...], by: Repo | None = None) -> list[int]:
        return [self(*command, by=by).code for command in commands]


@pytest.fixture
def story(tmp_path: Path, relbot: Run, monkeypatch: pytest.MonkeyPatch) -> Story:
    monkeypatch.setattr("relbot.cli.deploy.options.utc_now", Clock())
    return Story(tmp_path, relbot)


GATE_INSTALL, GATE_RESTART = ("--before", "install"), ("--before", "restart")


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


def test_without_a_beginning_only_a_source_is_no_ground_to_go_on(story: Story) -> None:
    revision = story.folder / "REV"
    story.configure(LEDGER.replace('"ledger"', '"file"\nfile = "../REV"'))
    new = story.change("5622")
    revision.write_text(new)
    assert story.deploy("gate", "--to", new, *GATE_RESTART).code == 3
    assert story.deploy("done", "--to", new).code == 3
    assert "No deploy of production is recorded" in story("checklist", "production").out


def test_what_a_deploy_left_for_later_does_not_meet_needs(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    story.change("1-backfill", "later")
    assert story.deploy("done", "--to", "origin/main").code == 0
    story.change("2-drop", "after-restart", front="needs: [1-backfill]\n")
    assert story.deploy("gate", "--to", "origin/main", *GATE_RESTART).code == 1
    assert story.deploy("tick", "1-backfill#1").code == 0
    assert story.deploy("gate", "--to", "origin/main", *GATE_RESTART).code == 0


def test_a_stale_clone_is_not_nothing_to_do(story: Story) -> None:
    story.second()
    assert story.deploy("adopt", "--at", "origin/main", by=story.b).code == 0
    story.change("10")
    assert story.codes(("checklist", "production"), ("motd", "production"), by=story.b) == [1, 1]
    assert story.deploy("gate", *GATE_RESTART, by=story.b).code == 1
    assert story.b.git("rev-parse", "origin/main") == story.b.git("rev-parse", "HEAD"), "the clone's own refs stay"


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


def test_an_older_revision_is_a_rollback(story: Story) -> None:
    older = story.other("one")
    newer = story.other("two")
    story.deploy("adopt", "--at", newer)
    for command in ("gate", "done", "begin"):
        more = GATE_INSTALL if command == "gate" else ()
        refused = story.deploy(command, "--to", older, *more)
        assert refused.code == 1, command
        assert "this is a rollback" in refused.out + refused.err
    assert story.deploy("gate", "--to", older, *GATE_INSTALL, "--rollback").code == 0


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


def test_before_relbot_was_adopted_nothing_is_known(tmp_path: Path, relbot: Run, repo: Repo) -> None:
    repo.write("a", "1\n")
    repo.commit("one")
    repo.tag("1.0.0")
    repo.write("a", "2\n")
    repo.commit("two")
    repo.tag("2.0.0")
    assert relbot("init").code == 0
    repo.commit("adopt relbot")
    advice = []
    for target in ("2.0.0", "HEAD"):
        unknown = relbot("checklist", "--from", "1.0.0", "--to", target)
        assert unknown.code == 3, target
        assert "was made before the project used relbot" in unknown.err
        assert "“a”" in unknown.err
        assert relbot("motd", "--from", "1.0.0", "--to", target).code == 3
        assert relbot("upgrade", "1.0.0", target).code == 3
        assert ("Then compare from the first commit that uses relbot:" in unknown.err) == (target == "HEAD")
        advice.append(unknown.err.strip().splitlines()[-1])
    advised = advice[-1].split()
    assert advised[:2] == ["relbot", "checklist"]
    assert relbot(*advised[1:]).code == 0


def test_a_range_before_adoption_that_somebody_looked_at(story: Story) -> None:
    story.a.git("switch", "--quiet", "--orphan", "old")
    story.a.write("a", "1\n")
    before = story.a.commit("before")
    story.a.git("switch", "--quiet", "--force", "main")
    story.a.git("merge", "--quiet", "--allow-unrelated-histories", "-m", "join", "old")
    story.a.git("push", "--quiet", "origin", "HEAD:refs/heads/main")
    story.deploy("adopt", "--at", before)
    assert story.deploy("gate", "--to", "origin/main", *GATE_INSTALL).code == 3
    assert story("checklist", "production").code == 3
    assert story.deploy("overrule", "before-relbot", "--to", "origin/main", "--reason", "looked at it").code == 0
    assert story.deploy("gate", "--to", "origin/main", *GATE_INSTALL).code == 0


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
    assert story.deploy("tick", "1-a#1", "--to", fixed).code == 0


def test_a_deploy_with_a_done_step_is_not_aborted(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    story.deploy("tick", "1-a#1", "--to", story.change("1-a"))
    refused = story.deploy("abort")
    assert refused.code == 1
    assert "1-a#1 was done by" in refused.err
    assert story.deploy("tick", "1-a#1", "--undone").code == 0
    assert story.deploy("abort").code == 0
    assert story.deploy("abort").code == 1


def test_a_hold_is_overruled_in_writing_before_the_install(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    story.change("wait", "later", front="hold: ['5644']\n")
    assert story.deploy("gate", "--to", "origin/main", *GATE_INSTALL).code == 1
    assert story.deploy("overrule", "hold:5644", "--to", "origin/main", "--reason", "it is in the package").code == 0
    assert story.deploy("gate", "--to", "origin/main", *GATE_INSTALL).code == 0
    for shown in (("deploy", "status", "production"), ("motd", "production"), ("deploy", "log", "production")):
        assert "hold:5644" in story(*shown).out, shown


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


def test_what_a_rollback_left_is_held_until_it_is_reverted_or_lifted(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    bad = story.other("bad")
    story.deploy("gate", "--to", bad, *GATE_INSTALL)
    story.deploy("done")
    story.deploy("gate", "--to", "v1", *GATE_INSTALL, "--rollback")
    assert story.deploy("done").code == 0
    more = story.other("more")
    held = story.deploy("gate", "--to", more, *GATE_INSTALL)
    assert held.code == 1
    assert f"relbot deploy lift production {bad[:12]}" in held.out
    assert bad[:12] in story("motd", "production").out
    story.a.git("revert", "--no-edit", bad)
    story.a.git("push", "--quiet", "origin", "HEAD:refs/heads/main")
    assert story.deploy("gate", "--to", "origin/main", *GATE_INSTALL).code == 0
    assert story.deploy("abort").code == 0
    assert story.deploy("lift", bad, "--reason", "it was the database").code == 0
    assert story.deploy("gate", "--to", more, *GATE_INSTALL).code == 0


def test_a_revision_that_diverged_needs_a_word(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    base = story.a.git("rev-parse", "HEAD")
    story.other("on-main")
    story.deploy("adopt", "--at", "origin/main")
    story.a.git("switch", "--quiet", "--create", "fix", base)
    story.a.write("fix", "x\n")
    fix = story.a.commit("on-fix")
    story.a.git("push", "--quiet", "origin", "fix")
    refused = story.deploy("gate", "--to", "origin/fix", *GATE_INSTALL)
    assert refused.code == 1
    assert "on-main" in refused.out
    assert "on-fix" in refused.out
    assert story.deploy("gate", "--to", fix, *GATE_INSTALL, "--diverged").code == 0


def test_production_waits_for_staging(story: Story) -> None:
    story.configure(
        LEDGER.replace("target", 'after = "staging"\ntarget')
        + '[environments.staging]\ndeployed = "ledger"\ntarget = "origin/main"\n'
    )
    story.deploy("adopt", "--at", "v1")
    new = story.other("new")
    closed = story.deploy("gate", "--to", new, *GATE_INSTALL)
    assert closed.code == 1
    assert "staging has not finished" in closed.out
    story("deploy", "adopt", "staging", "--at", "v1")
    assert story("deploy", "gate", "staging", "--to", new, *GATE_INSTALL).code == 0
    assert story.deploy("gate", "--to", new, *GATE_INSTALL).code == 1
    assert story("deploy", "done", "staging").code == 0
    assert story.deploy("gate", "--to", new, *GATE_INSTALL).code == 0


def test_a_notice_is_shown_until_it_ends(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    assert story.deploy("note", "hot-patched x.rb", "--until", "2018-08-16").code == 0
    assert "hot-patched x.rb" in story("motd", "production").out
    assert "hot-patched x.rb" in story("checklist", "production").out
    assert story.deploy("note", "old news", "--until", "2018-08-15T11:00").code == 0
    assert "old news" not in story("motd", "production").out


def test_a_branch_or_tag_that_is_gone_or_moved_is_unknown(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    story.second()
    story.a.git("tag", "--force", "v1", story.other("moved"))
    story.a.git("push", "--quiet", "--force", "origin", "v1")
    moved = story.deploy("gate", "--to", "v1", *GATE_INSTALL, by=story.b)
    assert moved.code == 3
    assert "The tag `v1` is" in moved.err
    story.bare.joinpath("HEAD").write_text("ref: refs/heads/trunk\n")
    story.a.git("push", "--quiet", "origin", "HEAD:refs/heads/trunk")
    story.a.git("push", "--quiet", "origin", ":refs/heads/main")
    assert story.codes(("checklist", "production"), ("motd", "production"), by=story.b) == [3, 3]
    gone = story.deploy("gate", *GATE_INSTALL, by=story.b)
    assert gone.code == 3
    assert "Its default branch is `trunk`" in gone.err


def test_a_silent_remote_is_unknown_and_offline_says_how_old_it_is(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    story.bare.rename(story.bare.with_name("gone"))
    for command in (("checklist", "production"), ("motd", "production"), ("deploy", "status", "production")):
        assert story(*command).code == 3, command
    assert "production runs" in story("motd", "production").out
    offline = story("checklist", "production", "--offline")
    assert offline.code in {0, 1}
    assert "Offline: relbot goes by what it fetched from `origin`" in offline.out
    assert story.deploy("gate", *GATE_INSTALL, "--offline").code == 3


def test_a_clone_without_a_remote_works_and_says_so(story: Story) -> None:
    story.a.git("remote", "remove", "origin")
    story.a.write("relbot.toml", LEDGER.replace("origin/main", "main"))
    assert story.deploy("adopt", "--at", "v1").code == 0
    shown = story("checklist", "production")
    assert shown.code == 0
    assert "This clone has no remote" in shown.out
    assert story.deploy("gate", *GATE_INSTALL).code == 0


def test_where_there_is_one_environment_no_command_asks_for_its_name(story: Story) -> None:
    assert story("deploy", "adopt", "--at", "v1").code == 0
    story.change("1-a")
    assert story("deploy", "gate", "--before", "install").code == 0
    assert story("deploy", "tick", "1-a#1").code == 0
    assert story("deploy", "status").code == 0
    assert story("deploy", "done").code == 0


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


def test_break_glass_is_written_down_and_shown_to_everybody(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    new = story.change("1-a")
    story.second()
    story("checklist", "production")
    glass = ("gate", "--to", new, *GATE_RESTART, "--unverified", "--reason", "the git server burns")
    assert story.deploy(*glass).code == 1, "the ledger can be reached"
    story.bare.rename(story.bare.with_name("gone"))
    assert story.deploy(*glass[:-2]).code == 2, "why?"
    opened = story.deploy(*glass)
    assert opened.code == 0
    assert "not verified" in opened.out
    assert "1-a#1 is open" in opened.out
    kept = story.folder / "record.json"
    assert story.deploy(*glass, "--record", str(kept)).code == 0
    story.bare.with_name("gone").rename(story.bare)
    assert story.deploy("tick", "1-a#1").code == 0
    for shown in (("deploy", "status", "production"), ("motd", "production"), ("deploy", "log", "production")):
        assert "the git server burns" in story(*shown, by=story.b).out, shown
    assert story.deploy("import-record", str(kept), by=story.b).code == 0
    assert "Cora Committer on" in story.deploy("log").out.splitlines()[-1]


def test_who_breaks_the_glass_for_another_target_does_not_displace_a_deploy(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    first = story.other("first")
    second = story.other("second")
    story("checklist", "production")
    story.bare.rename(story.bare.with_name("gone"))
    glass = ("gate", "--to", second, *GATE_INSTALL, "--unverified", "--reason", "the git server burns")
    assert story.deploy(*glass).code == 0
    story.bare.with_name("gone").rename(story.bare)
    story.second()
    assert story.deploy("gate", "--to", first, *GATE_INSTALL, by=story.b).code == 0
    story.deploy("note", "published")
    assert story.deploy("gate", "--to", first, *GATE_RESTART, by=story.b).code == 0
    assert story.deploy("gate", "--to", second, *GATE_RESTART, by=story.b).code == 1


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


def test_a_renamed_fragment_is_the_same_change(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    story.change("4-c")
    story.deploy("tick", "4-c#1", "--to", "origin/main")
    assert story.deploy("done").code == 0
    story.a.git("mv", "changes/4-c.md", "changes/4004-c.md")
    story.commit("rename")
    shown = story("checklist", "production")
    assert shown.code == 0
    assert "undo-4-c" not in shown.out
    assert "do-4-c" not in shown.out


@pytest.mark.parametrize("gone", [("--from", "v1"), ("--local",)])
def test_an_option_that_is_gone_names_what_took_its_place(story: Story, gone: tuple[str, ...]) -> None:
    refused = story.deploy("status", *gone)
    assert refused.code == 2
    assert ("relbot deploy adopt --at v1" in refused.err) or ("--offline" in refused.err)


def test_environments_that_share_a_database_share_its_steps(story: Story) -> None:
    story.configure(
        "[components.api]\n[components.worker]\n"
        + LEDGER.replace("target", 'component = "api"\nshares = ["worker"]\ntarget')
        + '[environments.worker]\ndeployed = "ledger"\ncomponent = "worker"\ntarget = "origin/main"\n'
    )
    story.deploy("adopt", "--at", "origin/main")
    story("deploy", "adopt", "worker", "--at", "origin/main")
    story.change("1-migrate")
    story.change("2-worker", front="component: worker\n")
    assert story("deploy", "tick", "worker", "1-migrate#1", "--to", "origin/main").code == 0
    assert story("deploy", "gate", "worker", *GATE_RESTART).code == 1, "the worker's own step"
    assert story.deploy("gate", "--to", "origin/main", *GATE_RESTART).code == 0
    assert story("deploy", "tick", "worker", "1-migrate#1", "--undone").code == 0
    assert story.deploy("gate", "--to", "origin/main", *GATE_RESTART).code == 1


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


def test_where_a_deploy_has_to_stop_is_named_by_its_tag(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    story.change("1-expand")
    story.a.tag("leg-1")
    story.change("2-contract", front="needs: [1-expand]\n")
    shown = story("checklist", "production")
    assert shown.code == 1
    assert "Deploy leg-1 first, then go on." in " ".join(shown.out.split())
