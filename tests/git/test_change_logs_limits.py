"""Plans where something is faulty, hidden or gone, and what git is asked for them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relbot.deploy.plan.make import make_plan
from relbot.deploy.plan.model import StepKind
from relbot.errors import Unknown
from relbot.git import first_parent_walk as walk
from relbot.git import process
from relbot.git.change_logs import read_change_log, read_change_logs
from relbot.git.process import Git, GitFailed, RunningGit
from tests.git.histories import CONFIG, add, fragment, ids, planned, planned_on_the_way, release
from tests.repository import Repo
from tests.tiers import examples

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Mapping
    from pathlib import Path


Started = list[tuple[str, "subprocess.Popen[bytes]"]]


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


def test_of_a_change_on_two_release_lines_the_file_that_cannot_be_read_counts(base: Repo) -> None:
    base.write("changes/released/1.0/x.md", fragment("x"))
    base.write("changes/x.md", "---\ntype: chnaged\n---\n\nText.\n")
    base.commit("Broken")
    base.tag("broken")
    base.write("changes/x.md", fragment("x", phase="later"))
    base.commit("Mended")
    made = planned(base, "broken", "main")
    assert [each.change.path for each in made.amended] == ["changes/x.md"]
    assert "cannot read the deployed fragment" in (made.amended[0].was[0].do or "")


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
    assert planned_on_the_way(repo, a, b) == there
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
        read_change_logs(Git(repo.path), first, second, (CONFIG, CONFIG))
    assert any("ls-tree" in running.words for running in begun)
    assert all(running.has_ended for running in begun)
