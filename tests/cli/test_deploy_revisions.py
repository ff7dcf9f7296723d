"""From which revision to which: rollbacks, other lines, renames, adoption, and environments that wait for each other."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.cli.stories import GATE_INSTALL, GATE_RESTART, LEDGER, Story
from tests.repository import Repo

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.deployed import Deploy, Site
    from tests.commandline import Run


def test_an_older_revision_is_a_rollback(story: Story) -> None:
    older = story.other("one")
    newer = story.other("two")
    story.deploy("adopt", "--at", newer)
    for command in ("gate", "done", "begin"):
        more = GATE_INSTALL if command == "gate" else ()
        refused = story.deploy(command, "--to", older, *more)
        assert refused.code == 1, command
        assert "this is a rollback" in refused.out + refused.err
    shown = story("checklist", "production", "--to", older)
    assert "is older than" in shown.out, "no step says so"
    beside = story.a.git("commit-tree", "-p", older, "-m", "beside", f"{older}^{{tree}}")
    assert "their histories diverged" in story("checklist", "production", "--to", beside).out
    assert story.deploy("gate", "--to", older, *GATE_INSTALL, "--rollback").code == 0


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
    assert story.deploy("gate", "--to", new, *GATE_INSTALL).code == 1
    before = story.a.git("rev-parse", "v1^{commit}")

    def refusal(target: str) -> str:
        said = story.deploy("gate", "--to", target, "--look", *GATE_INSTALL)
        wanted = f"production comes after staging, and staging has not finished {target[:12]}: it "
        return said.out.partition(wanted)[2].partition(" there first, or:")[0]

    assert refusal(new) == "has no deploy in its ledger. Deploy it"
    story("deploy", "adopt", "staging", "--at", "v1")
    assert story("deploy", "gate", "staging", "--to", new, *GATE_INSTALL).code == 0
    assert refusal(new) == f"runs {before[:12]}. Deploy it"
    assert story("deploy", "done", "staging").code == 0
    assert story.deploy("gate", "--to", new, *GATE_INSTALL).code == 0
    story.deploy("done")
    newer = story.change("1-a")
    assert story("deploy", "done", "staging", "--to", newer, "--anyway", "x").code == 0
    assert refusal(newer) == f"runs {newer[:12]}, and 1-a#1 is open there. Do that"
    assert story("deploy", "tick", "staging", "1-a#1").code == 0
    assert refusal(newer) == ""
    assert story("deploy", "begin", "staging", "--to", new, "--rollback").code == 0
    assert refusal(newer) == f"runs {newer[:12]}, and is being rolled back to {new[:12]}. Deploy it"


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
    assert story("deploy", "tick", "worker", "1-migrate#1").code == 0
    assert story("deploy", "tick", "worker", "2-worker#1").code == 0
    assert story("deploy", "done", "worker").code == 0
    assert story.deploy("done", "--to", "origin/main").code == 0
    back = ("deploy", "gate", "worker", "--to", "HEAD~2", "--rollback", *GATE_INSTALL)
    story("deploy", "tick", "worker", "2-worker#1:undo", "--to", "HEAD~2", "--rollback")
    closed = story(*back)
    assert closed.code == 1
    assert "production runs 1-migrate, too, and shares its steps: do not undo 1-migrate#1." in closed.out
    assert story("deploy", "tick", "worker", "1-migrate#1:undo").code == 0
    undone = story("checklist", "production")
    assert undone.code == 1
    assert "undid 1-migrate#1 on worker, which shares it" in " ".join(undone.out.split())
    assert story("motd", "production").code == 1
    assert story("deploy", "tick", "worker", "1-migrate#1:undo", "--mistaken", "it was not").code == 0
    assert story("deploy", "tick", "worker", "1-migrate#1:undo", "--skip", "production runs it").code == 0
    assert story(*back).code == 0
    assert story("checklist", "production").code == 0


def test_where_a_deploy_has_to_stop_is_named_by_its_tag(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    story.change("1-expand")
    story.a.tag("leg-1")
    story.change("2-contract", front="needs: [1-expand]\n")
    shown = story("checklist", "production")
    assert shown.code == 1
    assert "Deploy leg-1 first, then go on." in " ".join(shown.out.split())


def test_a_note_that_came_and_left_between_two_deploys_is_not_nothing_to_do(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    story.change("1-a")
    story.a.git("mv", "changes/1-a.md", "changes/9-a.md")
    story.commit("rename")
    assert story("checklist", "production").code == 1
    story.a.remove("changes/9-a.md")
    removed = story.commit("Tidy up")
    for command in (("checklist", "production"), ("checklist", "--from", "v1", "--to", "HEAD"), ("motd", "production")):
        assert story(*command).code == 3, command
    unknown = story.deploy("gate", "--to", removed, *GATE_INSTALL)
    assert unknown.code == 3
    assert f"changes/9-a.md, removed by {removed[:12]}" in unknown.err
    assert story.deploy("overrule", "vanished:9-a", "--to", removed, "--reason", "done by hand").code == 0
    assert story.deploy("gate", "--to", removed, *GATE_INSTALL).code == 0
    assert story.deploy("abort").code == 0
    story.a.git("commit", "--quiet", "--allow-empty", "-m", "Tell how it left\n\nRelbot-Reverted: 9-a")
    story.a.git("push", "--quiet", "origin", "HEAD:refs/heads/main")
    assert story("checklist", "production").code == 0


def test_a_rollback_over_a_note_that_came_and_left_is_not_nothing_to_do(story: Story) -> None:
    """Its step may have been done, whatever tells how the note left but a revert."""
    story.change("1-a")
    story.a.remove("changes/1-a.md")
    tidied = story.commit("Tidy up\n\nRelbot-Tidied: 1-a")
    story.deploy("adopt", "--at", tidied)
    back = ("--to", story.a.git("rev-parse", "v1"))
    unknown = story("checklist", "--from", tidied, *back)
    assert unknown.code == 3
    assert "does not have these changes" in unknown.err
    assert f"git show {tidied[:12]}^:./changes/1-a.md" in unknown.err
    assert story.deploy("gate", *back, *GATE_INSTALL, "--rollback").code == 3
    assert story.deploy("overrule", "vanished:1-a", *back, "--reason", "undone by hand").code == 0
    assert story.deploy("gate", *back, *GATE_INSTALL, "--rollback").code == 0


def test_a_shallow_clone_that_hides_the_way_between_two_revisions_is_unknown(story: Story, tmp_path: Path) -> None:
    before = story.other("before")
    story.change("1-a")
    story.a.remove("changes/1-a.md")
    after = story.commit("Tidy up")
    clone = Repo(tmp_path / "shallow")
    clone.git("remote", "add", "origin", story.bare.as_uri())
    clone.git("fetch", "--quiet", "--depth=1", "origin", before, after)
    clone.git("switch", "--quiet", "--detach", after)
    for start, target in ((before, after), (after, before)):
        unknown = story("checklist", "--from", start, "--to", target, by=clone)
        assert unknown.code == 3
        assert "This clone is shallow" in unknown.err
        assert "    git fetch --unshallow" in unknown.err
    clone.git("fetch", "--quiet", "--depth=1", "origin", story.other("later"))
    later = clone.git("rev-parse", "FETCH_HEAD")
    clone.git("fetch", "--quiet", "--deepen=1", "origin", later)
    assert story("checklist", "--from", after, "--to", later, by=clone).code == 0, "nothing is hidden between these"


def test_a_note_without_steps_that_came_and_left_asks_nothing(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    story.a.write("changes/1-a.md", "---\ntype: fixed\n---\n\nA typo.\n")
    story.commit("typo")
    story.a.remove("changes/1-a.md")
    story.commit("Not worth a note")
    assert story("checklist", "production").code == 0


def test_a_configuration_of_the_target_that_cannot_be_read_closes_the_gate(story: Story) -> None:
    story.deploy("adopt", "--at", "v1")
    story.a.write("relbot.toml", "[nonsense\n")
    broken = story.commit("broken")
    story.a.write("relbot.toml", LEDGER)
    shown = story("checklist", "production", "--to", broken)
    assert shown.code == 1
    assert f"In {broken[:12]}: This is not TOML" in shown.out
    assert story.deploy("gate", "--to", broken, *GATE_INSTALL).code == 1
    mended = story.commit("mended")
    story.deploy("adopt", "--at", broken)
    assert story.deploy("gate", "--to", mended, *GATE_INSTALL).code == 0


def test_a_branch_with_a_suffix_is_that_of_the_remote(site: Site, deploy: Deploy, relbot: Run) -> None:
    site.environment('deployed = "ledger"')
    for name, tag in (("main~1", "newer"), ("main~2", "new")):
        said = relbot("checklist", "production", "--to", name, "--format", "json", cwd=site.ada.path)
        assert json.loads(said.out)["target"]["commit"] == site.ada.git("rev-parse", f"{tag}^{{commit}}")


def test_offline_a_branch_is_what_the_clone_has_of_the_remote(site: Site, relbot: Run) -> None:
    site.environment('deployed = "ledger"')
    pushed = site.ada.git("rev-parse", "origin/main")
    site.ada.commit("Not pushed")
    words = ("checklist", "production", "--from", "old", "--to", "main", "--offline", "--format", "json")
    said = relbot(*words, cwd=site.ada.path)
    assert json.loads(said.out)["target"]["commit"] == pushed, said
