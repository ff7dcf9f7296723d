"""`relbot new`: a fragment from flags, from answers on a terminal, or from an editor."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.cli.fragments import DAY, FIXED, tree
from tests.commandline import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.commandline import Run
    from tests.repository import Repo

FLAGS = ("--type", "fixed", "--message", "The login page remembers you.")


def written(repo: Repo, path: str) -> str:
    return (repo.path / path).read_text()


def test_two_flags_are_enough(repo: Repo, relbot: Run) -> None:
    done = relbot("new", "login", *FLAGS)
    assert (done.code, done.out, done.err) == (0, "changes/login.md\n", "")
    assert written(repo, "changes/login.md") == FIXED
    assert relbot("check").code == 0


def test_it_is_not_staged(repo: Repo, relbot: Run) -> None:
    relbot("new", "login", *FLAGS)
    assert repo.git("status", "--porcelain", "--untracked-files=all") == "?? changes/login.md"


def test_all_flags(repo: Repo, relbot: Run) -> None:
    repo.write("relbot.toml", '[components.api]\ntitle = "The API"\n')
    relbot("new", "earlier", *FLAGS)
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
    text = written(repo, "changes/4075.md")
    for line in ("breaking: true", "migration: true", "compat: shim", "  - frontend", "  check: 'true'", "  undo: rake back"):
        assert line in text


def test_a_waived_migration(repo: Repo, relbot: Run) -> None:
    done = relbot("new", "gone", "-t", "removed", "-m", "Gone.", "--breaking", "--no-migration", "--reason", "Nobody used it.")
    assert done.code == 0, done.err
    assert "migration: false\nreason: Nobody used it.\n" in written(repo, "changes/gone.md")


@pytest.mark.parametrize("text", ["- [ ] --- no: yes", "It is 1.10: yes", "#4075 is done", "*bold* `code`", "Grüße 🎉 עברית"])
def test_any_text_comes_out_as_it_went_in(repo: Repo, relbot: Run, text: str) -> None:
    assert relbot("new", "login", "--type", "fixed", "--message", text).code == 0
    assert written(repo, "changes/login.md") == f"---\ntype: fixed\n---\n\n{text}\n"
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
    done = relbot("new", *FLAGS)
    assert (done.code, done.out) == (0, f"changes/{name}.md\n")


@pytest.mark.parametrize(
    ("issue", "name"), [("4075", "4075"), ("#4075", "4075"), ("owner/repo#12", "owner-repo-12"), ("PROJ-7", "PROJ-7")]
)
def test_the_name_comes_from_the_issue(repo: Repo, relbot: Run, issue: str, name: str) -> None:
    repo.git("symbolic-ref", "HEAD", "refs/heads/topic")
    assert relbot("new", *FLAGS, "--issue", issue).out == f"changes/{name}.md\n"


@pytest.mark.parametrize("detached", [True, False])
def test_a_trunk_gives_no_name(repo: Repo, relbot: Run, detached: bool) -> None:
    repo.commit()
    if detached:
        repo.switch(repo.head)
    refused = relbot("new", *FLAGS)
    assert refused.code == 2
    why = "no branch is checked out" if detached else "`main` is not a branch"
    assert f"The fragment has no name: {why} to name it after." in refused.err
    assert not (repo.path / "changes").exists()


@pytest.mark.parametrize("name", ["two words", "-x", "a\nb", "", "con", "changes/", "README", "README.de"])
def test_a_name_that_names_no_fragment(repo: Repo, relbot: Run, name: str) -> None:
    refused = relbot("new", *FLAGS, "--", name)
    assert refused.code == 2
    assert "cannot name a fragment" in refused.err
    assert not (repo.path / "changes").exists()


@pytest.mark.parametrize("name", ["login", "Login", "changes/login.md"])
@pytest.mark.parametrize("place", ["changes", "changes/released/1.0", "changes/api", "changes/api/released/1.0"])
def test_a_name_that_is_taken_anywhere_is_refused(repo: Repo, relbot: Run, name: str, place: str) -> None:
    repo.write("relbot.toml", '[components.api]\nchangelog = "api.md"\n')
    repo.write(f"{place}/login.md", FIXED)
    before = tree(repo)
    refused = relbot("new", name, *FLAGS)
    assert refused.code == 2
    assert f"is taken: {place}/login.md." in refused.err
    assert tree(repo) == before


def test_a_name_stays_taken_after_the_release(repo: Repo, relbot: Run) -> None:
    relbot("new", "login", *FLAGS)
    relbot("build", "1.0", *DAY)
    assert "is taken: changes/released/1.0/login.md." in relbot("new", "login", *FLAGS).err


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ((), "Missing: --type added|changed|deprecated|removed|fixed|security and --message"),
        (("--type", "fixed"), "Missing: --message"),
        (("--message", "Text."), "Missing: --type"),
        ((*FLAGS, "--undo", "true"), "`--undo` goes with `--run`."),
        ((*FLAGS, "--check", "true"), "`--check` goes with `--run`."),
        ((*FLAGS, "--compat", "maybe"), "--compat"),
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
    assert not (repo.path / "changes").exists()


def on_terminal(repo: Repo, args: Sequence[str], answers: Sequence[str]) -> tuple[int, str, str]:
    """Runs relbot with a terminal for questions and answers. Exit code, standard output, and the dialogue."""
    main, side = pty.openpty()
    try:
        with subprocess.Popen(
            [sys.executable, "-m", "relbot", *args],
            cwd=repo.path,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdin=side,
            stderr=side,
            stdout=subprocess.PIPE,
            start_new_session=True,
        ) as process:
            os.close(side)
            dialogue = b""
            for answer in answers:
                while not dialogue.endswith((b": ", b"? ")):
                    dialogue += os.read(main, 1000)
                os.write(main, f"{answer}\n".encode())
                dialogue += b"\n"
            assert process.stdout
            out = process.stdout.read()
        return process.returncode, out.decode(), dialogue.decode()
    finally:
        os.close(main)


def test_on_a_terminal_it_asks_for_what_is_missing(repo: Repo) -> None:
    code, out, dialogue = on_terminal(repo, ["new", "login"], ["fixed", "The login page remembers you.", "n", "n"])
    assert (code, out) == (0, "changes/login.md\n"), dialogue
    assert written(repo, "changes/login.md") == FIXED
    assert "What changes, in a sentence" in dialogue


def test_on_a_terminal_a_wrong_answer_is_asked_again(repo: Repo) -> None:
    code, _, _ = on_terminal(repo, ["new", "login"], ["fixd", "fixed", "The login page remembers you.", "maybe", "n", "n"])
    assert code == 0
    assert written(repo, "changes/login.md") == FIXED


def test_on_a_terminal_a_breaking_change_is_asked_what_to_do(repo: Repo) -> None:
    answers = ["y", "y", "", "Run the task.", ""]
    code, out, dialogue = on_terminal(repo, ["new", "x", "-t", "changed", "-m", "Moved."], answers)
    assert (code, out) == (0, "changes/x.md\n"), dialogue
    text = written(repo, "changes/x.md")
    assert "breaking: true\nmigration: true\n---\n" in text, "its author did not say when"
    assert text.endswith("Moved.\n\n## Migration\n\nRun the task.\n")


def test_on_a_terminal_a_step_is_asked_for_phase_command_check_and_undo(repo: Repo) -> None:
    answers = ["y", "y", "shim", "Group the keys.", "before-restart", "rake group", "test -f new.yml", "rake ungroup"]
    code, _, dialogue = on_terminal(repo, ["new", "x", "-t", "changed", "-m", "Moved."], answers)
    assert code == 0, dialogue
    text = written(repo, "changes/x.md")
    for line in ("compat: shim", "- phase: before-restart", "run: rake group", "check: test -f new.yml", "undo: rake ungroup"):
        assert line in text
    assert text.endswith("## Migration\n\nGroup the keys.\n")


def test_on_a_terminal_what_is_done_by_hand_has_a_phase_too(repo: Repo) -> None:
    answers = ["n", "y", "Ask the database team.", "before-install", ""]
    code, _, dialogue = on_terminal(repo, ["new", "x", "-t", "changed", "-m", "Moved."], answers)
    assert code == 0, dialogue
    assert "deploy:\n- phase: before-install\n  do: Ask the database team.\n---\n\nMoved.\n" in written(repo, "changes/x.md")


def test_on_a_terminal_a_waiver_is_asked_for_its_reason(repo: Repo) -> None:
    code, _, dialogue = on_terminal(repo, ["new", "x", "-t", "changed", "-m", "Moved."], ["y", "n", "", "Nobody used it."])
    assert code == 0, dialogue
    assert "migration: false\nreason: Nobody used it.\n" in written(repo, "changes/x.md")


def editor(repo: Repo, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    path = repo.path.parent / "editor"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(path))


def test_the_editor_has_the_last_word(repo: Repo, relbot: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    editor(repo, monkeypatch, 'echo "More." >> "$1"')
    done = relbot("new", "login", *FLAGS, "--edit")
    assert (done.code, done.out) == (0, "changes/login.md\n")
    assert written(repo, "changes/login.md") == f"{FIXED}More.\n"


def test_with_an_editor_the_text_may_be_left_out(repo: Repo, relbot: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    editor(repo, monkeypatch, 'sed -i "s/^Say in a sentence.*/The login page remembers you./" "$1"')
    assert relbot("new", "login", "--type", "fixed", "--edit").code == 0
    assert written(repo, "changes/login.md") == FIXED


def test_what_the_editor_breaks_is_told_and_kept(repo: Repo, relbot: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    editor(repo, monkeypatch, 'echo "Broken." > "$1"')
    done = relbot("new", "login", *FLAGS, "--edit")
    assert (done.code, done.out) == (1, "changes/login.md\n")
    assert "[front-matter-missing]" in done.err
    assert written(repo, "changes/login.md") == "Broken.\n"


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("exit 1", "The editor failed"),
        ('rm "$1"', "The editor did not save changes/login.md"),
        ("true", "[empty-body] The text is still the placeholder."),
    ],
)
def test_an_editor_that_says_nothing(repo: Repo, relbot: Run, monkeypatch: pytest.MonkeyPatch, script: str, said: str) -> None:
    """What relbot began is no fragment yet: nobody shall read it in the notes."""
    editor(repo, monkeypatch, script)
    done = relbot("new", "login", "--type", "fixed", "--edit")
    assert done.code in {1, 2}
    assert said in done.err
    assert relbot("check").code == ("rm" not in script)


def test_a_name_may_begin_like_that_of_a_readme(repo: Repo, relbot: Run) -> None:
    assert relbot("new", "README-typo", *FLAGS).out == "changes/README-typo.md\n"
    assert relbot("list").out.startswith("README-typo ")


def test_a_component_with_a_folder_of_its_own_has_its_fragments_there(repo: Repo, relbot: Run) -> None:
    repo.write("relbot.toml", '[components.api]\ndirectory = "api/changes"\n\n[components.web]\n')
    assert relbot("new", "a", *FLAGS, "--component", "api").out == "api/changes/a.md\n"
    assert relbot("new", "b", *FLAGS, "--component", "web").out == "changes/b.md\n"
    assert relbot("check").code == 0


def test_without_the_history_of_the_main_branch_nothing_is_filled_in(repo: Repo, relbot: Run) -> None:
    """As in a shallow clone. Who names a revision wants to know; who did not, wants a fragment."""
    repo.write("a")
    repo.commit()
    tree = repo.git("hash-object", "-t", "tree", "-w", "/dev/null").strip()
    other = repo.git("commit-tree", "-m", "Other", tree).strip()
    repo.git("update-ref", "refs/remotes/origin/main", other)
    repo.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
    assert relbot("new", "login", *FLAGS, "--base", "origin/main").code == 3
    done = relbot("new", "login", *FLAGS)
    assert (done.code, done.out) == (0, "changes/login.md\n")
    assert "What the diff shows is not filled in." in done.err


@pytest.mark.parametrize("script", ["exit 1", 'rm "$1"', 'printf "\\377" > "$1"'])
def test_an_editor_that_fails_leaves_no_traceback(repo: Repo, relbot: Run, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    editor(repo, monkeypatch, script)
    done = relbot("new", "login", *FLAGS, "--edit")
    assert done.code in {1, 2, 3}
    assert done.err
    assert "Traceback" not in done.err
