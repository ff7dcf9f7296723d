"""`relbot new` on a terminal, where it asks for what the flags do not say."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.cli.fragments import FIXED
from tests.commandline import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.repository import Repo


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
    assert repo.read("changes/login.md") == FIXED
    assert "What changes, in a sentence" in dialogue


def test_on_a_terminal_a_wrong_answer_is_asked_again(repo: Repo) -> None:
    code, _, _ = on_terminal(repo, ["new", "login"], ["fixd", "fixed", "The login page remembers you.", "maybe", "n", "n"])
    assert code == 0
    assert repo.read("changes/login.md") == FIXED


def test_on_a_terminal_a_breaking_change_is_asked_what_to_do(repo: Repo) -> None:
    answers = ["y", "y", "", "Run the task.", ""]
    code, out, dialogue = on_terminal(repo, ["new", "x", "-t", "changed", "-m", "Moved."], answers)
    assert (code, out) == (0, "changes/x.md\n"), dialogue
    text = repo.read("changes/x.md")
    assert "breaking: true\nmigration: true\n---\n" in text, "its author did not say when"
    assert text.endswith("Moved.\n\n## Migration\n\nRun the task.\n")


def test_on_a_terminal_a_step_is_asked_for_phase_command_check_and_undo(repo: Repo) -> None:
    answers = ["y", "y", "shim", "Group the keys.", "before-restart", "rake group", "test -f new.yml", "rake ungroup"]
    code, _, dialogue = on_terminal(repo, ["new", "x", "-t", "changed", "-m", "Moved."], answers)
    assert code == 0, dialogue
    text = repo.read("changes/x.md")
    for line in ("compat: shim", "- phase: before-restart", "run: rake group", "check: test -f new.yml", "undo: rake ungroup"):
        assert line in text
    assert text.endswith("## Migration\n\nGroup the keys.\n")


def test_on_a_terminal_what_is_done_by_hand_has_a_phase_too(repo: Repo) -> None:
    answers = ["n", "y", "Ask the database team.", "before-install", ""]
    code, _, dialogue = on_terminal(repo, ["new", "x", "-t", "changed", "-m", "Moved."], answers)
    assert code == 0, dialogue
    assert "deploy:\n- phase: before-install\n  do: Ask the database team.\n---\n\nMoved.\n" in repo.read("changes/x.md")


def test_on_a_terminal_a_waiver_is_asked_for_its_reason(repo: Repo) -> None:
    code, _, dialogue = on_terminal(repo, ["new", "x", "-t", "changed", "-m", "Moved."], ["y", "n", "", "Nobody used it."])
    assert code == 0, dialogue
    assert "migration: false\nreason: Nobody used it.\n" in repo.read("changes/x.md")
