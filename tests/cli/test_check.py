"""`relbot check`: what is wrong, of everything, of a change set, of the next commit."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.cli.fragments import ADDED, FAULTY, FIXED, fragment

if TYPE_CHECKING:
    from tests.commandline import Run
    from tests.repository import Repo

REQUIRE = '[rules]\nevery-change = "require"\n'
OFF = '[rules]\nevery-change = "off"\n'
ASK = '[rules]\nevery-change = "ask"\n'


@pytest.fixture
def topic(repo: Repo) -> Repo:
    """A branch `topic` that has left `main`, where an old fragment is faulty."""
    repo.write("changes/old.md", FAULTY)
    repo.write("code.py", "1\n")
    repo.commit()
    repo.branch("topic")
    return repo


def findings(relbot: Run, *options: str) -> list[tuple[str, str, str]]:
    """Path, rule and level of what `relbot check` finds."""
    said = json.loads(relbot("check", *options, "--format", "json").out)
    return [(each["path"], each["rule"], each["level"]) for each in said["findings"]]


def test_it_says_nothing_when_all_is_well(repo: Repo, relbot: Run) -> None:
    repo.write("changes/login.md", FIXED)
    checked = relbot("check")
    assert (checked.code, checked.out, checked.err) == (0, "", "")


def test_it_needs_neither_fragments_nor_commits(repo: Repo, relbot: Run) -> None:
    assert relbot("check").code == 0
    repo.write("changes/README.md", "No fragment.\n")
    assert relbot("check").code == 0


def test_both_options_are_two_questions(repo: Repo, relbot: Run) -> None:
    refused = relbot("check", "--base", "main", "--staged")
    assert refused.code == 2
    assert "`--base` and `--staged`" in refused.err


def test_base_judges_the_change_set_and_leaves_the_rest_to_a_plain_check(topic: Repo, relbot: Run) -> None:
    topic.write("changes/new.md", FIXED)
    topic.commit()
    assert relbot("check", "--base", "main").out == ""
    topic.write("changes/new.md", FAULTY)
    topic.commit()
    assert relbot("check", "--base", "main").code == 1
    assert findings(relbot, "--base", "main") == [("changes/new.md", "unknown-value", "error")]
    assert ("changes/old.md", "unknown-value", "error") in findings(relbot)


def test_base_finds_what_a_change_set_breaks_in_fragments_that_it_leaves_alone(repo: Repo, relbot: Run) -> None:
    needing = fragment("fixed", "Text.", "needs: [b]")
    repo.write("changes/a.md", needing)
    repo.write("changes/b.md", FIXED)
    repo.write("changes/dangling.md", fragment("fixed", "Text.", "needs: [nowhere]"))
    repo.commit()
    repo.branch("topic")
    repo.write("changes/c.md", FIXED)
    assert findings(relbot, "--base", "main") == []
    repo.write("changes/c.md", fragment("fixed", "Text.", "needs: [nothing]"))
    assert findings(relbot, "--base", "main") == [("changes/c.md", "unknown-reference", "error")]
    repo.write("changes/c.md", fragment("fixed", "Text.", "needs: [a]"))
    assert findings(relbot, "--base", "main") == []
    repo.write("changes/b.md", fragment("fixed", "Text.", "needs: [c]"))
    assert ("changes/a.md", "needs-cycle", "error") in findings(relbot, "--base", "main")
    repo.remove("changes/b.md")
    assert ("changes/a.md", "unknown-reference", "error") in findings(relbot, "--base", "main")


def test_a_name_that_another_fragment_has_is_found(repo: Repo, relbot: Run) -> None:
    repo.write("changes/a.md", FIXED)
    repo.commit()
    repo.branch("topic")
    repo.write("changes/released/1.0/a.md", fragment("added", "Another."))
    assert ("changes/released/1.0/a.md", "duplicate-identity", "error") in findings(relbot, "--base", "main")


def test_base_judges_what_is_edited_too(topic: Repo, relbot: Run) -> None:
    topic.write("changes/old.md", FAULTY + "\nMore.\n")
    topic.commit()
    assert ("changes/old.md", "unknown-value", "error") in findings(relbot, "--base", "main")


def test_base_judges_a_renamed_fragment(topic: Repo, relbot: Run) -> None:
    topic.git("mv", "changes/old.md", "changes/other.md")
    topic.commit()
    assert ("changes/other.md", "unknown-value", "error") in findings(relbot, "--base", "main")


def test_base_judges_fragments_that_are_not_committed_yet(topic: Repo, relbot: Run) -> None:
    topic.write("changes/new.md", FAULTY)
    assert ("changes/new.md", "unknown-value", "error") in findings(relbot, "--base", "main")


def test_base_is_where_the_branch_left_not_where_the_base_is_now(topic: Repo, relbot: Run) -> None:
    topic.write("changes/new.md", FIXED)
    topic.commit()
    topic.switch("main")
    topic.write("changes/old.md", FIXED)
    topic.commit()
    topic.switch("topic")
    assert relbot("check", "--base", "main").code == 0


@pytest.mark.parametrize(("rules", "level", "code"), [("", None, 0), (ASK, "warning", 0), (REQUIRE, "error", 1), (OFF, None, 0)])
def test_a_change_set_without_a_fragment(repo: Repo, relbot: Run, rules: str, level: str | None, code: int) -> None:
    repo.write("relbot.toml", rules)
    repo.commit()
    repo.branch("topic")
    repo.write("code.py", "2\n")
    repo.commit()
    assert relbot("check", "--base", "main").code == code
    assert findings(relbot, "--base", "main") == ([("changes", "every-change", level)] if level else [])
    repo.write("changes/new.md", FIXED)
    repo.commit()
    assert findings(relbot, "--base", "main") == []


def test_a_change_set_that_changes_nothing_lacks_nothing(repo: Repo, relbot: Run) -> None:
    repo.write("relbot.toml", REQUIRE)
    repo.commit()
    repo.branch("topic")
    assert relbot("check", "--base", "main").code == 0


@pytest.mark.parametrize("path", ["changes/README.md", "changes/notes.txt", ""])
def test_only_a_fragment_is_a_fragment(repo: Repo, relbot: Run, path: str) -> None:
    repo.write("relbot.toml", REQUIRE)
    old = repo.write("changes/old.md", FIXED)
    repo.commit()
    repo.branch("topic")
    if path:
        repo.write(path, "Text.\n")
    else:
        old.unlink()
    repo.commit()
    assert ("changes", "every-change", "error") in findings(relbot, "--base", "main")


def test_a_change_set_cannot_loosen_what_judges_it(repo: Repo, relbot: Run) -> None:
    repo.write("relbot.toml", REQUIRE)
    repo.commit()
    repo.branch("topic")
    repo.write("relbot.toml", OFF)
    repo.commit()
    assert findings(relbot, "--base", "main") == [("changes", "every-change", "error")]


def test_a_change_set_that_configures_is_checked_whole(repo: Repo, relbot: Run) -> None:
    """Fragments are read by the configuration that is there after it, and all of them, since others may not fit it."""
    more = '[types.anything]\ntitle = "Anything"\n'
    repo.write("relbot.toml", REQUIRE)
    repo.write("changes/old.md", FIXED)
    repo.commit()
    repo.branch("topic")
    repo.write("relbot.toml", OFF + more)
    repo.write("changes/new.md", fragment("anything"))
    repo.git("add", "--all")
    for option in (("--staged",), ("--base", "main")):
        assert findings(relbot, *option) == [("changes/old.md", "unknown-value", "error")]
    repo.write("relbot.toml", f'{OFF}{more}[types.fixed]\ntitle = "Fixed"\n')
    assert findings(relbot, "--base", "main") == []


def test_the_change_set_that_sets_relbot_up_is_judged_by_what_it_brings(repo: Repo, relbot: Run) -> None:
    repo.commit()
    repo.branch("topic")
    repo.write("relbot.toml", 'directory = "news"\n[types.anything]\ntitle = "Anything"\n')
    repo.write("news/new.md", fragment("anything"))
    repo.commit()
    assert findings(relbot, "--base", "main") == []


def test_an_unknown_revision_is_unknown_and_not_nothing(topic: Repo, relbot: Run) -> None:
    unknown = relbot("check", "--base", "mian")
    assert (unknown.code, unknown.out) == (3, "")
    assert "There is no commit `mian` in this clone." in unknown.err
    topic.git("remote", "add", "origin", "../nowhere")
    assert "    git fetch origin release\n" in relbot("check", "--base", "origin/release").err
    assert f"    git fetch origin {'1' * 40}\n" in relbot("check", "--base", "1" * 40).err
    assert "    git fetch --tags origin\n" in relbot("check", "--base", "v1.0").err, "else it is not known by that name"
    topic.git("update-ref", "refs/remotes/origin/next", "HEAD")
    assert "    origin/next\n" in relbot("check", "--base", "next").err


def test_a_revision_is_no_option_of_git(topic: Repo, relbot: Run) -> None:
    unknown = relbot("check", "--base", "--all")
    assert unknown.code == 3
    assert "There is no commit `--all`" in unknown.err


def test_a_shallow_clone_is_unknown_and_names_what_fetches_the_rest(topic: Repo, relbot: Run) -> None:
    topic.write("changes/new.md", FIXED)
    topic.commit()
    topic.switch("main")
    topic.commit("Elsewhere")
    clone = topic.path.parent / "clone"
    topic.git("clone", "--quiet", "--depth=1", "--no-single-branch", "--branch=topic", topic.path.as_uri(), str(clone))
    for base in ("origin/main", topic.git("rev-parse", "main~1")):
        unknown = relbot("check", "--base", base, cwd=clone)
        assert (unknown.code, unknown.out) == (3, "")
        assert "This clone is shallow" in unknown.err
        assert "    git fetch --unshallow" in unknown.err


@pytest.mark.parametrize("option", ["--base=main", "--staged"])
def test_outside_of_git_there_is_no_change_set(repo: Repo, relbot: Run, option: str) -> None:
    elsewhere = repo.path.parent / "elsewhere"
    elsewhere.mkdir()
    unknown = relbot("check", option, cwd=elsewhere)
    assert unknown.code == 3
    assert "is not in a git repository" in unknown.err
    assert relbot("check", cwd=elsewhere).code == 0


@pytest.mark.parametrize("born", [True, False])
def test_staged_reads_the_index_and_not_the_work_tree(repo: Repo, relbot: Run, born: bool) -> None:
    if born:
        repo.commit()
    repo.write("changes/good.md", FIXED)
    repo.write("changes/bad.md", FAULTY)
    repo.git("add", "changes")
    repo.write("changes/good.md", FAULTY)
    repo.write("changes/bad.md", FIXED)
    repo.write("changes/untracked.md", FAULTY)
    assert relbot("check", "--staged").code == 1
    assert findings(relbot, "--staged") == [("changes/bad.md", "unknown-value", "error")]
    repo.git("add", "changes/bad.md")
    assert findings(relbot, "--staged") == []


def test_staged_leaves_what_is_committed_already_to_a_plain_check(topic: Repo, relbot: Run) -> None:
    topic.write("changes/new.md", ADDED)
    topic.git("add", "--all")
    assert findings(relbot, "--staged") == []
    topic.git("mv", "changes/old.md", "changes/other.md")
    assert ("changes/other.md", "unknown-value", "error") in findings(relbot, "--staged")


def test_staged_asks_for_a_fragment(topic: Repo, relbot: Run) -> None:
    topic.write("relbot.toml", ASK)
    topic.commit()
    topic.write("code.py", "2\n")
    topic.git("add", "--all")
    assert ("changes", "every-change", "warning") in findings(relbot, "--staged")


def test_staged_tells_of_a_merge_conflict(repo: Repo, relbot: Run) -> None:
    repo.commit()
    blob = repo.git("hash-object", "-w", "--stdin", stdin=FIXED)
    rows = "".join(f"100644 {blob} {stage}\tchanges/both.md\n" for stage in (2, 3))
    repo.git("update-index", "--index-info", stdin=rows)
    checked = relbot("check", "--staged")
    assert checked.code == 1
    assert "merge conflict" in checked.out
