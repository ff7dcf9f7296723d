"""Plans over real repositories: whatever happens between two trees, only the trees count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.deploy.plan.model import StepKind
from tests.git.histories import add, fragment, ids, planned, release

if TYPE_CHECKING:
    from tests.repository import Repo


def test_steps_come_in_the_order_of_arrival_not_of_names(base: Repo) -> None:
    for name in ("zeta", "beta", "alpha"):
        add(base, name)
    assert ids(planned(base, "a", "main")) == ["zeta#1", "beta#1", "alpha#1"]
    assert ids(planned(base, "main", "a"), StepKind.UNDO) == ["alpha#1:undo", "beta#1:undo", "zeta#1:undo"]
    assert planned(base, "main", "main").empty


def test_a_revert_undoes_and_what_was_reverted_before_the_deploy_is_nothing(base: Repo) -> None:
    merge = add(base, "one")
    base.tag("with")
    base.git("revert", "--no-edit", "-m", "1", merge)
    assert planned(base, "a", "main").empty
    assert ids(planned(base, "with", "main"), StepKind.UNDO) == ["one#1:undo"]


def test_what_was_brought_back_arrived_when_it_came_back(base: Repo) -> None:
    merge = add(base, "first")
    base.git("revert", "--no-edit", "-m", "1", merge)
    undone = base.head
    add(base, "second")
    base.git("revert", "--no-edit", undone)
    assert ids(planned(base, "a", "main")) == ["second#1", "first#1"]


def test_a_back_port_is_done_already_when_the_next_release_comes(base: Repo) -> None:
    base.branch("stable")
    base.switch("main")
    add(base, "new")
    merge = add(base, "fix")
    base.switch("stable")
    base.git("cherry-pick", "-m", "1", merge)
    assert ids(planned(base, "a", "stable")) == ["fix#1"]
    assert ids(planned(base, "stable", "main")) == ["new#1"]
    assert ids(planned(base, "main", "stable"), StepKind.UNDO) == ["new#1:undo"]


def test_a_squash_is_like_the_merge(base: Repo) -> None:
    base.branch("topic")
    for name in ("b", "a2"):
        base.write(f"changes/{name}.md", fragment(name))
        base.commit(name)
    base.switch("main")
    base.git("merge", "--quiet", "--squash", "topic")
    base.commit("Topic (#7)")
    assert ids(planned(base, "a", "main")) == ids(planned(base, "a", "topic"))[::-1] == ["a2#1", "b#1"]
    assert planned(base, "topic", "main").empty


def test_a_release_in_between_changes_nothing(base: Repo) -> None:
    add(base, "zeta")
    release(base, "1.0")
    base.tag("released")
    add(base, "alpha")
    release(base, "1.1")
    made = planned(base, "a", "main")
    assert ids(made) == ["zeta#1", "alpha#1"]
    assert made.findings == ()
    assert ids(planned(base, "released", "main")) == ["alpha#1"]
    add(base, "later")
    assert ids(planned(base, "main~1", "main")) == ["later#1"]


def test_a_release_is_not_an_arrival(base: Repo) -> None:
    add(base, "zeta")
    add(base, "alpha")
    release(base, "1.0")
    assert ids(planned(base, "a", "main")) == ["zeta#1", "alpha#1"]


def test_moving_the_folder_of_a_component_changes_nothing(base: Repo) -> None:
    add(base, "deep", folder="api/changes")
    base.tag("deep")
    release(base, "api-1", "api/changes")
    assert planned(base, "deep", "main").empty
    assert planned(base, "a", "main").do[0].component == "api"


def test_histories_that_have_nothing_in_common(base: Repo) -> None:
    base.git("checkout", "--quiet", "--orphan", "other")
    base.write("changes/fresh.md", fragment("fresh"))
    base.commit("Begin anew")
    assert ids(planned(base, "main", "other")) == ["fresh#1"]
    base.remove("changes/old.md")
    base.commit("Without")
    assert ids(planned(base, "main", "other"), StepKind.UNDO) == ["old#1:undo"]


def test_an_amended_change_is_shown_and_a_reworded_one_is_not(base: Repo) -> None:
    base.write("changes/old.md", fragment("old").replace("Change old", "What changes"))
    base.commit("Reword")
    assert planned(base, "a", "main").empty
    base.write("changes/old.md", fragment("old").replace("do old", "do more"))
    base.commit("Amend")
    made = planned(base, "a", "main")
    assert made.steps == ()
    assert [(x.was[0].run, x.now[0].run) for x in made.amended] == [("do old", "do more")]


def test_what_is_needed_but_comes_only_now_splits_the_deploy_at_a_commit_that_does(base: Repo) -> None:
    add(base, "expand")
    between = add(base, "other")
    add(base, "contract", "needs: [expand]\n")
    made = planned(base, "a", "main")
    (split,) = made.splits
    assert (split.change, split.needs) == ("contract", ("expand",))
    assert split.stop is not None
    assert split.stop.commit == between
    assert not planned(base, "a", split.stop.commit).blocked
    assert not planned(base, split.stop.commit, "main").blocked
    assert [s.stop for s in planned(base, "main", "a").splits] == [split.stop]


def test_a_need_that_was_deployed_long_ago_is_met_though_its_file_moved(base: Repo) -> None:
    release(base, "1.0")
    add(base, "contract", "needs: [old]\n")
    assert not planned(base, "a", "main").blocked


def test_the_end_of_a_shim_is_seen_though_its_file_did_not_change(base: Repo) -> None:
    add(base, "shim", "breaking: true\ncompat: shim\n")
    base.write("changes/shim.md", fragment("shim", "breaking: true\ncompat: shim\n") + "\n## Migration\n\nUse the new way.\n")
    base.commit("Say how")
    base.tag("shimmed")
    add(base, "contract", "needs: [shim]\n")
    assert [(c.change, c.opened) for c in planned(base, "a", "shimmed").contracts] == [("shim", True)]
    assert [(c.change, c.opened) for c in planned(base, "shimmed", "main").contracts] == [("shim", False)]
