"""What is current: the remote, asked once, or exit code 3; and breaking the glass where it cannot be asked."""

from __future__ import annotations

import json

from tests.cli.stories import GATE_INSTALL, GATE_RESTART, LEDGER, Story


def test_a_stale_clone_is_not_nothing_to_do(story: Story) -> None:
    story.second()
    assert story.deploy("adopt", "--at", "origin/main", by=story.b).code == 0
    story.change("10")
    assert story.codes(("checklist", "production"), ("motd", "production"), by=story.b) == [1, 1]
    assert story.deploy("gate", *GATE_RESTART, by=story.b).code == 1
    assert story.b.git("rev-parse", "origin/main") == story.b.git("rev-parse", "HEAD"), "the clone's own refs stay"


def test_a_branch_or_tag_that_is_gone_or_moved_is_unknown(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    story.second()
    story.a.git("tag", "--force", "v1", story.other("moved"))
    story.a.git("push", "--quiet", "--force", "origin", "v1")
    moved = story.deploy("gate", "--to", "v1", *GATE_INSTALL, by=story.b)
    assert moved.code == 3
    assert "The tag `v1` is" in moved.err
    story.a.git("tag", "files", "main^{tree}")
    story.a.git("push", "--quiet", "origin", "files")
    none = story.deploy("gate", "--to", "files", *GATE_INSTALL, by=story.b)
    assert (none.code, "`origin` has no branch or tag `files`" in none.err) == (3, True), "it leads to no commit"
    story.bare.joinpath("HEAD").write_text("ref: refs/heads/trunk\n")
    story.a.git("push", "--quiet", "origin", "HEAD:refs/heads/trunk")
    story.a.git("push", "--quiet", "origin", ":refs/heads/main")
    assert story.codes(("checklist", "production"), ("motd", "production"), by=story.b) == [3, 3]
    gone = story.deploy("gate", *GATE_INSTALL, by=story.b)
    assert gone.code == 3
    assert "Its default branch is `trunk`" in gone.err


def test_the_default_branch_of_the_remote_is_the_target_and_is_named_as_git_does(story: Story) -> None:
    story.configure(LEDGER.replace('target = "origin/main"\n', ""))
    story.deploy("adopt", "--at", "v1")
    tip = story.change("1-a")
    assert f"-> origin/HEAD ({tip[:12]})" in story("checklist", "production").out
    story.bare.joinpath("HEAD").write_text("ref: refs/heads/trunk\n")
    unknown = story("checklist", "production")
    assert unknown.code == 3
    assert "The HEAD of `origin` leads to no branch" in unknown.err


def test_a_silent_remote_is_unknown_and_offline_says_how_old_it_is(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    story.bare.rename(story.bare.with_name("gone"))
    for command in (("checklist", "production"), ("motd", "production"), ("deploy", "status", "production")):
        assert story(*command).code == 3, command
    assert "production runs" in story("motd", "production").out
    offline = story("checklist", "production", "--offline")
    assert offline.code in {0, 1}
    assert "Offline: relbot uses what it fetched from `origin`" in offline.out
    assert story.deploy("gate", *GATE_INSTALL, "--offline").code == 3


def test_a_clone_without_a_remote_works_and_says_so(story: Story) -> None:
    story.a.git("remote", "remove", "origin")
    story.a.write("relbot.toml", LEDGER.replace("origin/main", "main"))
    assert story.deploy("adopt", "--at", "v1").code == 0
    shown = story("checklist", "production")
    assert shown.code == 0
    assert "This clone has no remote" in shown.out
    assert story.deploy("gate", *GATE_INSTALL).code == 0


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
    log = story.deploy("log").out
    assert "Cora Committer on" in log.splitlines()[-1]
    again = story.deploy("import-record", str(kept))
    assert (again.code, "already" in again.out) == (0, True)
    assert story.deploy("log").out == log, "the same file twice records once"


def test_a_gate_publishes_what_only_this_clone_has_recorded_and_a_look_does_not(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    new = story.other("new")
    story.second()
    assert story.deploy("begin", "--to", new).code == 0
    story.bare.rename(story.bare.with_name("gone"))
    assert story.deploy("gate", "--to", new, *GATE_RESTART, "--unverified", "--reason", "it burns").code == 0
    story.bare.with_name("gone").rename(story.bare)
    for look, code, seen in (("--look",), 3, False), ((), 0, True):
        assert story.deploy("gate", *GATE_RESTART, *look).code == code
        assert ("it burns" in story.deploy("log", by=story.b).out) is seen


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


def test_the_target_can_be_a_package_or_an_image_that_is_about_to_be_installed(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    built = story.change("1-a")
    package, image = f"version:2.10~git1533.{built[:9]}-1.1", f"version:registry.example.org/api:1.4-{built[:9]}"
    assert story("checklist", "production", "--to", package).code == 1
    assert story.deploy("gate", "--to", image, *GATE_INSTALL).code == 0
    assert "1-a#1  open" in story.deploy("gate", "--to", package, *GATE_RESTART).out, "the package of the image's commit"
    unknown = story.deploy("gate", "--to", "version:2.10~git1532.0123abcdef", *GATE_RESTART)
    assert unknown.code == 3
    assert "no such commit in this clone" in unknown.err
    story.a.tag("v2")
    story.a.git("push", "--quiet", "--tags", "origin")
    assert story.deploy("tick", "1-a#1", "--to", "version:v2").code == 0


def test_a_record_begins_a_line_where_a_full_disk_has_cut_the_last_one(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    kept = story.folder / "record.json"
    kept.write_text('{"version": 1, "ti')
    story.bare.rename(story.bare.with_name("gone"))
    glass = ("gate", "--to", "v1", *GATE_INSTALL, "--unverified", "--reason", "it burns", "--record", str(kept))
    assert story.deploy(*glass).code == 0
    cut, whole = kept.read_text().splitlines()
    assert cut == '{"version": 1, "ti'
    assert json.loads(whole)["reason"] == "it burns"
