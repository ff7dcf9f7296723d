"""`relbot new` with flags."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.fragments import DAY, FIXED, NEW_FLAGS, tree

if TYPE_CHECKING:
    from tests.commandline import Run
    from tests.repository import Repo


def test_two_flags_are_enough(repo: Repo, relbot: Run) -> None:
    done = relbot("new", "login", *NEW_FLAGS)
    assert (done.code, done.out, done.err) == (0, "changes/login.md\n", "")
    assert repo.read("changes/login.md") == FIXED
    assert relbot("check").code == 0


def test_it_is_not_staged(repo: Repo, relbot: Run) -> None:
    relbot("new", "login", *NEW_FLAGS)
    assert repo.git("status", "--porcelain", "--untracked-files=all") == "?? changes/login.md"


def test_all_flags(repo: Repo, relbot: Run) -> None:
    repo.write("relbot.toml", '[components.api]\ntitle = "The API"\n')
    relbot("new", "earlier", *NEW_FLAGS)
    done = relbot(
        *("new", "-t", "changed", "-m", "Options moved.", "-i", "#4075", "-i", "4076", "--component", "api", "--breaking"),
        *("--note", "Run the task.", "--compat", "shim", "--needs", "earlier", "--hold", "#5644"),
        *("--run", "rake migrate", "--phase", "before-restart", "--on", "frontend", "--check", "true", "--undo", "rake back"),
        *("--restart", "apache2"),
    )
    assert (done.code, done.out) == (0, "changes/4075.md\n"), done.err
    assert relbot("check").out == ""
    shown = relbot("show", "4075").out
    for said in ("Options moved.", "4075", "4076", "api", "Run the task.", "earlier", "5644", "rake migrate"):
        assert said in shown
    text = repo.read("changes/4075.md")
    for line in ("breaking: true", "migration: true", "compat: shim", "  - frontend", "  check: 'true'", "  undo: rake back"):
        assert line in text


def test_a_waived_migration(repo: Repo, relbot: Run) -> None:
    done = relbot("new", "gone", "-t", "removed", "-m", "Gone.", "--breaking", "--no-migration", "--reason", "Nobody used it.")
    assert done.code == 0, done.err
    assert "migration: false\nreason: Nobody used it.\n" in repo.read("changes/gone.md")


@pytest.mark.parametrize("text", ["- [ ] --- no: yes", "It is 1.10: yes", "#4075 is done", "*bold* `code`", "Grüße 🎉 עברית"])
def test_any_text_comes_out_as_it_went_in(repo: Repo, relbot: Run, text: str) -> None:
    assert relbot("new", "login", "--type", "fixed", "--message", text).code == 0
    assert repo.read("changes/login.md") == f"---\ntype: fixed\n---\n\n{text}\n"
    assert relbot("check").code == 0


@pytest.mark.parametrize(
    ("branch", "name"),
    [
        ("fix/4075-login-page", "4075"),
        ("4075", "4075"),
        ("issue-4075", "4075"),
        ("fix/Login_page", "fix-Login_page"),
        ("release-2.10", "release-2.10"),
        ("ünïcode", "n-code"),
    ],
)
def test_the_name_comes_from_the_branch(repo: Repo, relbot: Run, branch: str, name: str) -> None:
    repo.git("symbolic-ref", "HEAD", f"refs/heads/{branch}")
    done = relbot("new", *NEW_FLAGS)
    assert (done.code, done.out) == (0, f"changes/{name}.md\n")


@pytest.mark.parametrize(
    ("issue", "name"), [("4075", "4075"), ("#4075", "4075"), ("owner/repo#12", "owner-repo-12"), ("PROJ-7", "PROJ-7")]
)
def test_the_name_comes_from_the_issue(repo: Repo, relbot: Run, issue: str, name: str) -> None:
    repo.git("symbolic-ref", "HEAD", "refs/heads/topic")
    assert relbot("new", *NEW_FLAGS, "--issue", issue).out == f"changes/{name}.md\n"


@pytest.mark.parametrize("detached", [True, False])
def test_a_trunk_gives_no_name(repo: Repo, relbot: Run, detached: bool) -> None:
    repo.commit()
    if detached:
        repo.switch(repo.head)
    refused = relbot("new", *NEW_FLAGS)
    assert refused.code == 2
    why = "no branch is checked out" if detached else "`main` is not a branch"
    assert f"The fragment has no name: {why} to name it after." in refused.err
    assert not (repo.path / "changes").exists()


@pytest.mark.parametrize("name", ["two words", "-x", "a\nb", "", "con", "changes/", "README", "README.de"])
def test_a_name_that_names_no_fragment(repo: Repo, relbot: Run, name: str) -> None:
    refused = relbot("new", *NEW_FLAGS, "--", name)
    assert refused.code == 2
    assert "cannot name a fragment" in refused.err
    assert not (repo.path / "changes").exists()


@pytest.mark.parametrize("name", ["login", "Login", "changes/login.md"])
@pytest.mark.parametrize("place", ["changes", "changes/released/1.0", "changes/api", "changes/api/released/1.0"])
def test_a_name_that_is_taken_anywhere_is_refused(repo: Repo, relbot: Run, name: str, place: str) -> None:
    repo.write("relbot.toml", '[components.api]\nchangelog = "api.md"\n')
    repo.write(f"{place}/login.md", FIXED)
    before = tree(repo)
    refused = relbot("new", name, *NEW_FLAGS)
    assert refused.code == 2
    assert f"is taken: {place}/login.md." in refused.err
    assert tree(repo) == before


def test_a_name_stays_taken_after_the_release(repo: Repo, relbot: Run) -> None:
    relbot("new", "login", *NEW_FLAGS)
    relbot("build", "1.0", *DAY)
    assert "is taken: changes/released/1.0/login.md." in relbot("new", "login", *NEW_FLAGS).err


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ((), "Missing: --type added|changed|deprecated|removed|fixed|security and --message"),
        (("--type", "fixed"), "Missing: --message"),
        (("--message", "Text."), "Missing: --type"),
        ((*NEW_FLAGS, "--undo", "true"), "`--undo` goes with `--run`."),
        ((*NEW_FLAGS, "--check", "true"), "`--check` goes with `--run`."),
        ((*NEW_FLAGS, "--compat", "maybe"), "--compat"),
    ],
)
def test_without_a_terminal_missing_flags_are_named(repo: Repo, relbot: Run, flags: tuple[str, ...], said: str) -> None:
    refused = relbot("new", "login", *flags)
    assert refused.code == 2
    assert said in refused.err
    assert not (repo.path / "changes").exists()


@pytest.mark.parametrize(
    ("flags", "rule"),
    [
        (("--type", "fixd", "--message", "Text."), "unknown-value"),
        (("--type", "fixed", "--message", " "), "empty-body"),
        (("--type", "fixed", "--message", "# Release"), "heading-level"),
        (("--type", "fixed", "--message", "Text.", "--breaking"), "migration-missing"),
        (("--type", "fixed", "--message", "Text.", "--breaking", "--no-migration"), "reason-missing"),
        (("--type", "fixed", "--message", "Text.", "--component", "web"), "unknown-value"),
    ],
)
def test_what_the_check_would_refuse_is_not_written(repo: Repo, relbot: Run, flags: tuple[str, ...], rule: str) -> None:
    repo.write("relbot.toml", '[components.api]\ntitle = "The API"\n')
    refused = relbot("new", "login", *flags)
    assert (refused.code, refused.out) == (1, "")
    assert f"[{rule}]" in refused.err
    assert "relbot did not write changes/login.md." in refused.err
    assert not (repo.path / "changes").exists()


def test_a_name_may_begin_like_that_of_a_readme(repo: Repo, relbot: Run) -> None:
    assert relbot("new", "README-typo", *NEW_FLAGS).out == "changes/README-typo.md\n"
    assert relbot("list").out.startswith("README-typo ")


def test_a_component_with_a_folder_of_its_own_has_its_fragments_there(repo: Repo, relbot: Run) -> None:
    repo.write("relbot.toml", '[components.api]\ndirectory = "api/changes"\n\n[components.web]\n')
    assert relbot("new", "a", *NEW_FLAGS, "--component", "api").out == "api/changes/a.md\n"
    assert relbot("new", "b", *NEW_FLAGS, "--component", "web").out == "changes/b.md\n"
    assert relbot("check").code == 0


def test_without_the_history_of_the_main_branch_nothing_is_filled_in(repo: Repo, relbot: Run) -> None:
    """As in a shallow clone. Who names a revision wants to know; who did not, wants a fragment."""
    repo.write("a")
    repo.commit()
    tree = repo.git("hash-object", "-t", "tree", "-w", "/dev/null").strip()
    other = repo.git("commit-tree", "-m", "Other", tree).strip()
    repo.git("update-ref", "refs/remotes/origin/main", other)
    repo.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
    assert relbot("new", "login", *NEW_FLAGS, "--base", "origin/main").code == 3
    done = relbot("new", "login", *NEW_FLAGS)
    assert (done.code, done.out) == (0, "changes/login.md\n")
    assert "What the diff shows is not filled in." in done.err
