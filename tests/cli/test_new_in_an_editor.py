"""`relbot new --edit`: the editor has the last word, and may fail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.fragments import FIXED, NEW_FLAGS

if TYPE_CHECKING:
    from tests.commandline import Run
    from tests.repository import Repo


def editor(repo: Repo, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    path = repo.path.parent / "editor"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(path))


def test_the_editor_has_the_last_word(repo: Repo, relbot: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    editor(repo, monkeypatch, 'echo "More." >> "$1"')
    done = relbot("new", "login", *NEW_FLAGS, "--edit")
    assert (done.code, done.out) == (0, "changes/login.md\n")
    assert repo.read("changes/login.md") == f"{FIXED}More.\n"


def test_with_an_editor_the_text_may_be_left_out(repo: Repo, relbot: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    editor(repo, monkeypatch, 'sed -i "s/^Say in a sentence.*/The login page remembers you./" "$1"')
    assert relbot("new", "login", "--type", "fixed", "--edit").code == 0
    assert repo.read("changes/login.md") == FIXED


def test_what_the_editor_breaks_is_told_and_kept(repo: Repo, relbot: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    editor(repo, monkeypatch, 'echo "Broken." > "$1"')
    done = relbot("new", "login", *NEW_FLAGS, "--edit")
    assert (done.code, done.out) == (1, "changes/login.md\n")
    assert "[front-matter-missing]" in done.err
    assert repo.read("changes/login.md") == "Broken.\n"


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


@pytest.mark.parametrize("script", ["exit 1", 'rm "$1"', 'printf "\\377" > "$1"'])
def test_an_editor_that_fails_leaves_no_traceback(repo: Repo, relbot: Run, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    editor(repo, monkeypatch, script)
    done = relbot("new", "login", *NEW_FLAGS, "--edit")
    assert done.code in {1, 2, 3}
    assert done.err
    assert "Traceback" not in done.err
