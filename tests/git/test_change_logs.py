"""Plans over real repositories: whatever happens between two trees, only the trees count."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relbot.config.model import Component, Config
from relbot.deploy.plan.make import make_plan
from relbot.deploy.plan.model import StepKind
from relbot.errors import Unknown
from relbot.git import first_parent_walk as walk
from relbot.git import process
from relbot.git.change_logs import read_change_log, read_change_logs
from relbot.git.process import Git, GitFailed, RunningGit
from tests.repository import Repo
from tests.tiers import examples

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Mapping
    from pathlib import Path

    from relbot.deploy.plan.model import Plan

Started = list[tuple[str, "subprocess.Popen[bytes]"]]
CONFIG = Config(components=(Component("api", "API", directory="api/changes"),))


def fragment(name: str, more: str = "", phase: str = "before-restart") -> str:
    return (
        f"---\ntype: changed\n{more}deploy:\n  - {{phase: {phase}, run: do {name}, undo: undo {name}}}\n---\n\nChange {name}.\n"
    )


def planned(repo: Repo, a: str, b: str) -> Plan:
    return make_plan(*read_change_logs(Git(repo.path), a, b, lambda _: CONFIG))


def ids(made: Plan, kind: StepKind = StepKind.DO) -> list[str]:
    return [step.id for step in made.steps if step.kind is kind]


def add(repo: Repo, name: str, more: str = "", folder: str = "changes") -> str:
    """A fragment arrives by a pull request: a branch, merged."""
    back = repo.git("symbolic-ref", "--short", "HEAD")
    repo.branch(f"pr/{name}")
    repo.write(f"{folder}/{name}.md", fragment(name, more))
    repo.commit(f"Add {name}")
    repo.switch(back)
    return repo.merge(f"pr/{name}")


@pytest.fixture
def base(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """`a` has the change `old`. A forge makes the commits."""
    monkeypatch.setenv("GIT_COMMITTER_EMAIL", "noreply@github.com")
    repo.write("README.md", "Hello\n")
    repo.write("changes/old.md", fragment("old"))
    repo.commit("Start")
    repo.tag("a")
    return repo


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


def release(repo: Repo, version: str, folder: str = "changes") -> None:
    for file in (repo.path / folder).glob("*.md"):
        repo.write(f"{folder}/released/{version}/{file.name}", file.read_bytes())
        file.unlink()
    repo.write(f"{folder}/released/{version}/release.json", "{}")
    repo.commit(f"Release {version}")


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


@pytest.mark.parametrize(
    ("message", "held"),
    [
        ("Merge pull request #5644 from jane/fix\n\nA fix", False),
        ("A fix (#5644)", False),
        ("Merge branch 'x' into 'main'\n\nA fix\n\nSee merge request obs/api!5644", False),
        ("Merge pull request 'A fix' (#5644) from jane/fix into main", False),
        ("Merged in jane/fix (pull request #5644)\n\nA fix", False),
        ("Merge pull request #5644 in OBS/api from jane/fix to main", False),
        ("Pull request #5644: A fix\n\nMerge in OBS/api from jane/fix to main", False),
        ("Merged PR 5644: A fix", False),
        ("Merged PR 56440: A fix", True),
        ("Do what #5644 should have done", True),
        ('Revert "A fix (#5644)" (#5650)', True),
        ("Merge pull request #56440 from jane/fix", True),
        ("A fix (#15644)", True),
    ],
)
def test_a_hold_waits_until_the_pull_request_is_merged(base: Repo, message: str, held: bool) -> None:
    add(base, "waiting", "hold: [5644]\n")
    base.commit(message)
    assert [(h.change, h.awaits) for h in planned(base, "a", "main").holds] == [("waiting", "5644")] * held


@pytest.mark.parametrize(
    ("message", "held"),
    [
        ("Prepare for (#99)", True),
        ("Prepare for (#99)\n\nSee https://github.com/obs/api/pull/98", True),
        ("A fix (#99)\n\nReviewed-on: https://codeberg.org/obs/api/pulls/99", False),
        ("Merge pull request #99 from jane/fix", False),
    ],
)
def test_a_title_that_somebody_typed_lifts_no_hold(base: Repo, message: str, held: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    add(base, "waiting", "hold: [99]\n")
    monkeypatch.setenv("GIT_COMMITTER_EMAIL", "jane@example.org")
    base.commit(message)
    assert bool(planned(base, "a", "main").holds) == held


def test_a_pull_request_that_was_reverted_is_not_there_until_that_is_reverted(base: Repo) -> None:
    add(base, "waiting", "hold: [5644]\n")
    base.write("code", "1")
    base.commit("A fix (#5644)")
    base.git("revert", "--no-edit", "HEAD")
    assert planned(base, "a", "main").holds
    assert not planned(base, "main~1", "main").holds
    base.git("revert", "--no-edit", "HEAD")
    assert not planned(base, "a", "main").holds


@pytest.mark.parametrize(
    "message",
    [
        "Reverts obs/api#5644",
        "Reverts #5644",
        "This reverts merge request !5644",
        "This reverts merge request obs/api!5644",
        "This reverts pull request #5644.",
        "This reverts commit {commit:.9} (A fix (#5644), 2018-08-15).",
    ],
)
def test_a_revert_counts_whatever_forge_wrote_it(base: Repo, message: str) -> None:
    add(base, "waiting", "hold: [5644]\n")
    fix = base.commit("A fix (#5644)")
    base.tag("fixed")
    base.commit('Revert "A fix" (#5650)\n\n' + message.format(commit=fix))
    assert planned(base, "a", "main").holds
    assert not planned(base, "a", "fixed").holds
    base.commit('Reapply "A fix" (#5651)\n\nReverts obs/api#5650')
    assert not planned(base, "a", "main").holds


@pytest.mark.parametrize("message", ["Reverts obs/api#56440", "It reverts #5644 in part", "Reverts the idea of #5644"])
def test_who_mentions_a_revert_reverts_nothing(base: Repo, message: str) -> None:
    add(base, "waiting", "hold: [5644]\n")
    base.commit("A fix (#5644)")
    base.commit(f"Another (#5650)\n\n{message}")
    assert not planned(base, "a", "main").holds


def test_a_revert_is_reverted_with_the_merge_that_brought_it(base: Repo) -> None:
    """As GitHub's button does it, of pull requests that are merged with a commit of their own."""
    add(base, "waiting", "hold: [5644]\n")
    for number, reverted in ((5644, ""), (5650, "main"), (5651, "main")):
        message = f"This reverts commit {base.git('rev-parse', reverted)}, reversing changes made to it." if reverted else "A fix"
        base.branch(f"pr/{number}")
        base.commit(message)
        base.switch("main")
        base.merge(f"pr/{number}", f"Merge pull request #{number} from jane/fix")
        assert bool(planned(base, "a", "main").holds) == (number == 5650)


def test_reverts_that_name_each_other_come_to_an_end(base: Repo) -> None:
    add(base, "waiting", "hold: [1]\n")
    base.commit("A fix (#1)")
    base.branch("side")
    base.commit("One (#2)\n\nReverts #1\nReverts #3")
    base.switch("main")
    base.commit("Other (#3)\n\nReverts #2")
    base.merge("side")
    assert planned(base, "a", "main").holds is not None


@pytest.mark.parametrize("more", ["issues: [5644]\n", "prs: [5644]\n"])
def test_a_hold_is_answered_by_a_fragment_that_nobody_touched(base: Repo, more: str) -> None:
    add(base, "bringing", more)
    base.tag("b")
    add(base, "waiting", "hold: [5644]\n")
    assert not planned(base, "b", "main").holds
    base.switch("a")
    base.branch("elsewhere")
    add(base, "waits", f"hold: [5644]\n{more}")
    assert len(planned(base, "a", "elsewhere").holds) == 1  # it cannot wait for itself


def test_a_faulty_fragment_is_told_and_the_rest_is_planned(base: Repo) -> None:
    add(base, "good")
    base.write("changes/bad.md", "---\ntype: chnaged\n---\n\nText.\n")
    base.commit("Bad")
    made = planned(base, "a", "main")
    assert ids(made) == ["good#1"]
    assert made.unreadable == ("bad",)
    assert made.blocked
    assert [f.place.path for f in made.findings] == ["changes/bad.md"]
    assert planned(base, "main", "main").quiet


def test_a_copy_of_a_fragment_is_a_finding_not_a_second_change(base: Repo) -> None:
    base.write("changes/released/1.0/old.md", fragment("another"))
    base.commit("Not the same")
    made = planned(base, "a", "main")
    assert (made.do, made.steps) == ((), ())
    assert [f.rule for f in made.findings] == ["duplicate-identity"]


def test_a_symbolic_link_is_no_fragment(base: Repo) -> None:
    (base.path / "changes/link.md").symlink_to("old.md")
    base.commit("Link")
    made = planned(base, "a", "main")
    assert made.unreadable == ("link",)
    assert [f.rule for f in made.findings] == ["file-kind"]


def test_what_cannot_be_found_is_unknown(base: Repo) -> None:
    for a, b in (("a", "nowhere"), ("nowhere", "a"), ("", "a"), ("a", "main:README.md")):
        with pytest.raises(Unknown):
            planned(base, a, b)


def test_a_blob_that_is_gone_is_unknown(base: Repo) -> None:
    add(base, "new")
    blob = base.git("rev-parse", "main:changes/new.md")
    (base.path / ".git/objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(Unknown, match=blob):
        planned(base, "a", "main")


def test_a_shallow_clone_does_not_claim_an_order_that_it_cannot_see(base: Repo, tmp_path: Path) -> None:
    for name in ("zeta", "contract", "alpha"):
        add(base, name, "needs: [zeta]\n" if name == "contract" else "")
    base.git("clone", "--quiet", "--depth=2", f"file://{base.path}", str(tmp_path / "clone"))
    clone = Repo(tmp_path / "clone")
    with pytest.raises(Unknown, match="a"):
        planned(clone, "a", "main")
    clone.git("fetch", "--quiet", "--depth=1", "origin", "tag", "a")
    made = planned(clone, "a", "main")
    assert sorted(ids(made)) == ["alpha#1", "contract#1", "zeta#1"]
    assert [f.rule for f in made.findings] == ["needs-together"]
    assert "--unshallow" in made.findings[0].tip


def test_beyond_the_horizon_names_order_the_steps_but_splits_are_certain(base: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "FIRST", 1)
    monkeypatch.setattr(walk, "HORIZON", 2)
    for name in ("zeta", "beta"):
        add(base, name)
    for _ in range(9):
        base.commit("Something else")
    assert ids(planned(base, "a", "main")) == ["beta#1", "zeta#1"]
    add(base, "contract", "needs: [zeta]\n")
    made = planned(base, "a", "main")
    assert [s.stop is not None for s in made.splits] == [True]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Started:
    """Every git that relbot starts, with its first words."""
    processes: Started = []
    start = process.start_git

    def listening(
        root: Path, environment: Mapping[str, str], command: tuple[str, ...], stdin: int, stderr: int
    ) -> subprocess.Popen[bytes]:
        processes.append((" ".join(command[:2]), start(root, environment, command, stdin, stderr)))
        return processes[-1][1]

    monkeypatch.setattr(process, "start_git", listening)
    return processes


def test_without_an_order_to_decide_the_history_is_not_read(base: Repo, started: Started) -> None:
    add(base, "one")
    planned(base, "a", "main")
    planned(base, "main", "main")
    words = [word for word, _ in started]
    assert {word.split()[0] for word in words} == {"rev-parse", "diff-tree", "ls-tree", "cat-file", "merge-base"}
    assert "diff-tree --stdin" not in words
    assert words.count("cat-file --batch") == 1
    release(base, "1.0")
    planned(base, "main~1", "main")
    words = [word for word, _ in started]
    assert words.count("cat-file --batch") == 1  # what only moved is not read again


def test_no_git_is_left_behind(base: Repo, started: Started) -> None:
    """Neither one whose answer nobody needs, nor one of a plan that cannot be made."""
    for number in range(3):
        base.write(f"changes/{number}.md", f"---\ntype: changed\n---\n\nChange {number}, without a step.\n")
        base.commit(f"Change {number}")
    assert len(planned(base, "a", "main").do) == 3
    assert any(words.startswith("rev-list") for words, _ in started)
    assert [words for words, process in started if process.returncode is None] == []
    blob = base.git("rev-parse", "main:changes/2.md")
    (base.path / ".git/objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(Unknown):
        planned(base, "a", "main")
    tree = base.git("rev-parse", "main:changes")
    (base.path / ".git/objects" / tree[:2] / tree[2:]).unlink()
    with pytest.raises(Unknown):
        planned(base, "a", "main")
    assert [words for words, process in started if process.returncode is None] == []


def test_only_the_name_of_a_file_names_a_change(base: Repo) -> None:
    base.write("changes/x\tbringing.md", fragment("odd"))
    base.write("changes/bringing.mdx", fragment("odd"))
    base.commit("Odd names")
    base.tag("b")
    add(base, "waiting", "needs: [bringing]\n")
    assert [f.rule for f in planned(base, "b", "main").findings if "bringing" in f.message] != []


def test_all_of_a_tree(base: Repo) -> None:
    add(base, "deep", folder="api/changes")
    release(base, "1.0")
    log = read_change_log(Git(base.path), "main", CONFIG)
    assert {i: f.version for i, f in log.fragments.items()} == {"old": "1.0", "deep": None}
    assert read_change_log(Git(base.path), "a", CONFIG).fragments["old"].version is None


def run_operations(repo: Repo, operations: list[tuple[str, int]]) -> list[str]:
    """Plays operations on the history; the commits that were made."""
    commits, merges, count = [repo.head], list[str](), 0
    for what, n in operations:
        match what:
            case "add":
                count += 1
                needs = f"needs: [c{n % count}]\n" if n % 3 == 0 and count > 1 else ""
                merges.append(add(repo, f"c{count}", needs))
            case "release":
                release(repo, f"1.{len(commits)}")
            case "amend":
                for file in sorted((repo.path / "changes").glob("*.md"))[:1]:
                    file.write_text(re.sub(r"run: do (\w+).*?,", rf"run: do \1 {n},", file.read_text()))
                repo.commit("Amend")
            case "remove":
                removed = sorted((repo.path / "changes").glob("*.md"))[n % 2 : n % 2 + 1]
                for file in removed:
                    file.unlink()
                repo.commit("Remove\n\n" + "".join(f"Relbot-Reverted: {file.stem}\n" for file in removed))
            case "noise":
                repo.write("code", str(n))
                repo.commit("Noise")
        commits.append(repo.head)
    return commits


OPERATIONS = st.lists(
    st.tuples(st.sampled_from(("add", "add", "release", "amend", "remove", "noise")), st.integers(0, 9)), min_size=1, max_size=7
)


@settings(
    max_examples=examples(6, 60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(operations=OPERATIONS, data=st.data())
def test_the_laws_hold_on_real_histories(
    operations: list[tuple[str, int]], data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    repo = Repo(tmp_path_factory.mktemp("history"))
    repo.write("changes/c0.md", fragment("c0"))
    repo.commit("Start")
    commits = run_operations(repo, operations)
    a, b = data.draw(st.sampled_from(commits)), data.draw(st.sampled_from(commits))
    there, back = planned(repo, a, b), planned(repo, b, a)
    assert planned(repo, a, a).empty
    assert [i.removesuffix(":undo") for i in ids(back, StepKind.UNDO)] == ids(there)[::-1]
    assert [(x.was, x.now) for x in back.amended] == [(x.now, x.was) for x in there.amended]
    whole = make_plan(read_change_log(Git(repo.path), a, CONFIG), read_change_log(Git(repo.path), b, CONFIG))
    assert [{c.identity for c in part} for part in (there.do, there.undo)] == [
        {c.identity for c in part} for part in (whole.do, whole.undo)
    ]
    assert there.contracts == whole.contracts
    assert there.holds == whole.holds
    for split in there.splits:
        assert (
            split.stop is None
            or split.stop.commit in repo.git("rev-list", "--first-parent", b if split.kind is StepKind.DO else a).split()
        )


def test_a_git_that_was_started_is_ended_when_another_fails(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that nobody waits for is reported by the interpreter, in whatever test it happens to look."""
    first = repo.commit()
    repo.write("changes/a.md", "---\ntype: fixed\n---\n\nText.\n")
    second = repo.commit()
    begun: list[RunningGit] = []
    begin = Git.begin

    def remember(self: Git, *words: str, stdin: bytes) -> RunningGit:
        begun.append(begin(self, *words, stdin=stdin))
        return begun[-1]

    def fail(*_: object) -> None:
        raise GitFailed(("rev-list",), 128, b"", b"no such commit")

    monkeypatch.setattr(Git, "begin", remember)
    monkeypatch.setattr("relbot.git.change_logs._open_walk", fail)
    with pytest.raises(GitFailed):
        read_change_logs(Git(repo.path), first, second, lambda _: CONFIG)
    assert any("ls-tree" in running.words for running in begun)
    assert all(running.has_ended for running in begun)
