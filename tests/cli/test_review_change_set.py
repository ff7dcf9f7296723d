"""What `check` says of a change set: as the next commit, as a branch, and of what it does to the fragments of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cli.fragments import BREAKING, FAULTY, FIXED, fragment
from tests.cli.test_check import findings
from tests.commandline import run_here
from tests.repository import Repo
from tests.tiers import examples

if TYPE_CHECKING:
    from tests.commandline import Run

CONFIGURED = '[rules]\n[rules.paths]\n"app/**" = "require"\n'
BEFORE = {
    "relbot.toml": CONFIGURED,
    "app/cars.py": "CARS = 1\n",
    "changes/a.md": FIXED,
    "changes/b.md": BREAKING,
    "changes/c.md": fragment("fixed", "Cars.", "needs: [a]"),
    "changes/faulty.md": FAULTY,
    "changes/released/1.0/old.md": FIXED,
}
CHANGES = st.dictionaries(
    st.sampled_from([*BEFORE, "changes/new.md", "changes/A.md", "changes/released/1.0/new.md", "changes/notes.txt", "docs/x.md"]),
    st.sampled_from(
        [None, FIXED, BREAKING, FAULTY, fragment("fixed", "Cars.", "needs: [new]"), fragment("anything"), CONFIGURED,
         f'{CONFIGURED}[types.anything]\ntitle = "Anything"\n', 'directory = "app"\n']
    ),
    max_size=4,
)  # fmt: skip


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    """A project with fragments of every kind on `main`; and a branch for each example."""
    repo = Repo(tmp_path_factory.mktemp("project") / "repo")
    repo.git("config", "user.name", "Ada")
    repo.git("config", "user.email", "ada@example.org")
    for path, text in BEFORE.items():
        repo.write(path, text)
    repo.commit()
    return repo


@settings(max_examples=examples(40))
@given(CHANGES)
def test_a_change_set_is_judged_the_same_staged_and_committed(project: Repo, changes: dict[str, str | None]) -> None:
    project.git("checkout", "--quiet", "--force", "-B", "topic", "main")
    for path, text in changes.items():
        if text is not None:
            project.write(path, text)
        elif (project.path / path).exists():
            project.remove(path)
    project.git("add", "--all")
    staged = run_here(("check", "--staged", "--format", "json"), project.path, "")
    project.commit()
    committed = run_here(("check", "--base", "main", "--format", "json"), project.path, "")
    assert (staged.code, staged.out) == (committed.code, committed.out)


@pytest.fixture
def theirs(repo: Repo) -> Repo:
    """A branch that has left `main`, where two fragments of other changes are: one is breaking, one harmless."""
    repo.write("changes/grave.md", BREAKING)
    repo.write("changes/harmless.md", FIXED)
    repo.write("relbot.toml", CONFIGURED)
    repo.commit()
    repo.branch("topic")
    repo.write("changes/own.md", fragment("added", "There is a dark theme."))
    return repo


@pytest.mark.parametrize(("name", "level"), [("grave", "error"), ("harmless", "warning")])
def test_a_fragment_of_another_change_that_is_deleted_renamed_or_released_is_told(
    theirs: Repo, relbot: Run, name: str, level: str
) -> None:
    path = f"changes/{name}.md"
    theirs.git("rm", "--quiet", path)
    assert findings(relbot, "--base", "main") == [(path, "fragment-deleted", level)]
    assert relbot("check", "--base", "main").code == (level == "error")
    theirs.git("reset", "--quiet", "--hard")
    theirs.git("mv", path, "changes/other.md")
    assert findings(relbot, "--base", "main") == [("changes/other.md", "fragment-renamed", level)]
    other = theirs.path / "changes/other.md"
    other.write_text(other.read_text().replace("---\n", f"---\nwas: {name}\n", 1))
    assert findings(relbot, "--base", "main") == []
    theirs.git("reset", "--quiet", "--hard")
    theirs.write(f"changes/released/1.0/{name}.md", (theirs.path / path).read_bytes())
    theirs.git("rm", "--quiet", path)
    assert findings(relbot, "--base", "main") == [(f"changes/released/1.0/{name}.md", "fragment-released", level)]


def test_a_fragment_that_cannot_be_read_may_be_corrected_and_not_deleted(theirs: Repo, relbot: Run) -> None:
    theirs.switch("main")
    theirs.write("changes/broken.md", "---\ntype: changed\nmigraton: true\n---\n\nOptions are grouped.\n")
    theirs.commit()
    theirs.git("switch", "--quiet", "--create", "tidy")
    theirs.remove("changes/broken.md")
    assert findings(relbot, "--base", "main") == [("changes/broken.md", "fragment-deleted", "error")]
    theirs.write("changes/broken.md", FIXED)
    assert findings(relbot, "--base", "main") == [("changes/broken.md", "fragment-edited", "note")]


@pytest.mark.parametrize(("name", "level"), [("grave", "error"), ("harmless", "note")])
def test_a_fragment_of_another_change_that_is_edited_is_told(theirs: Repo, relbot: Run, name: str, level: str) -> None:
    path = theirs.path / f"changes/{name}.md"
    path.write_text(path.read_text().replace("ptions", "ption").replace("login", "log-in"))
    assert findings(relbot, "--base", "main") == [(f"changes/{name}.md", "fragment-edited", level)]


def test_a_new_fragment_of_a_release_that_is_out_is_told(theirs: Repo, relbot: Run) -> None:
    theirs.write("changes/released/1.0/new.md", FIXED)
    assert findings(relbot, "--base", "main") == [("changes/released/1.0/new.md", "fragment-in-release", "error")]


def test_the_rules_are_those_of_the_tip_of_the_base(theirs: Repo, relbot: Run) -> None:
    theirs.write("app/cars.py", "CARS = 2\n")
    theirs.commit()
    assert relbot("check", "--base", "main").code == 1
    theirs.switch("main")
    theirs.write("relbot.toml", "")
    theirs.commit()
    theirs.switch("topic")
    assert relbot("check", "--base", "main").code == 0


def test_fragments_are_those_of_the_merge_with_the_base(theirs: Repo, relbot: Run) -> None:
    theirs.write("changes/harmless.md", f"{FIXED}\nMore.\n")
    theirs.write("changes/next.md", fragment("fixed", "Text.", "needs: [late]"))
    theirs.commit()
    assert ("changes/next.md", "unknown-reference", "error") in findings(relbot, "--base", "main")
    theirs.switch("main")
    theirs.write("changes/late.md", FIXED)
    theirs.git("mv", "changes/harmless.md", "changes/renamed-since.md")
    theirs.commit()
    theirs.switch("topic")
    unknown = relbot("check", "--base", "main")
    assert unknown.code == 3
    assert "`changes/harmless.md` was changed here and on the base" in unknown.err
    theirs.git("checkout", "main~", "--", "changes/harmless.md")
    assert findings(relbot, "--base", "main") == []


LONG = "---\ntype: changed\n---\n\nFirst.\n\n- one\n- two\n- three\n- four\n\nLast.\n"


def test_a_fragment_that_both_sides_edit_is_merged_as_git_merges_it(theirs: Repo, relbot: Run) -> None:
    theirs.write("changes/long.md", LONG)
    theirs.commit()
    theirs.git("branch", "--force", "main")
    theirs.write("changes/long.md", LONG.replace("Last.", "Last of all."))
    theirs.commit()
    theirs.switch("main")
    theirs.write("changes/long.md", LONG.replace("type: changed", "type: fixe"))
    theirs.commit()
    theirs.switch("topic")
    told = findings(relbot, "--base", "main")
    assert ("changes/long.md", "unknown-value", "error") in told, (
        "the fault of the base's side and the edit of ours are in one text"
    )
    assert ("changes/long.md", "fragment-edited", "note") in told
    theirs.switch("main")
    theirs.write("changes/long.md", LONG.replace("Last.", "Lastly."))
    theirs.commit()
    theirs.switch("topic")
    assert relbot("check", "--base", "main").code == 3


def test_a_file_that_configures_other_tools_alone_may_change(repo: Repo, relbot: Run) -> None:
    repo.write("pyproject.toml", "[project]\nname = 'cars'\n")
    repo.write("changes/a.md", FIXED)
    repo.commit()
    repo.write("pyproject.toml", "[project]\nname = 'trucks'\n")
    repo.commit()
    assert relbot("check", "--base", "HEAD~1").code == 0


def test_exempt_is_honoured_by_the_next_commit_too(theirs: Repo, relbot: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs.git("rm", "--quiet", "changes/grave.md")
    assert relbot("check", "--staged").code == 1
    monkeypatch.setenv("GIT_AUTHOR_NAME", "renovate[bot]")
    assert relbot("check", "--staged").code == 0


def test_a_release_that_a_build_of_the_base_gives_is_told_of_by_nothing(theirs: Repo, relbot: Run) -> None:
    theirs.remove("changes/own.md")
    theirs.commit()
    assert relbot("build", "1.0.0", "--date", "2018-08-15").code == 0
    for options in (("--staged",), ("--base", "main")):
        assert findings(relbot, *options) == []
    theirs.write("CHANGELOG.md", (theirs.path / "CHANGELOG.md").read_text() + "\nMore.\n")
    assert {rule for _, rule, _ in findings(relbot, "--base", "main")} == {"fragment-released"}
    theirs.git("checkout", "--", "CHANGELOG.md")
    theirs.write("changes/released/1.0.0/grave.md", BREAKING.replace("Run the task", "Run nothing"))
    theirs.git("add", "--all")
    assert ("changes/released/1.0.0/grave.md", "fragment-released", "error") in findings(relbot, "--staged")


@pytest.mark.parametrize("merged", [False, True])
def test_a_fragment_goes_with_the_change_that_is_reverted(theirs: Repo, relbot: Run, merged: bool) -> None:
    theirs.write("lib.py", "1\n")
    theirs.write("changes/own.md", BREAKING)
    brought = theirs.commit()
    theirs.switch("main")
    if merged:
        brought = theirs.merge("topic")
        theirs.branch("back")
        theirs.git("revert", "--no-edit", "-m", "1", brought)
    else:
        theirs.git("merge", "--quiet", "--ff-only", "topic")
        theirs.branch("back")
        theirs.git("revert", "--no-edit", brought)
    assert findings(relbot, "--base", "main") == []
    theirs.git("commit", "--quiet", "--amend", "--message=Tidy up")
    assert findings(relbot, "--base", "main") == [("changes/own.md", "fragment-deleted", "error")]
