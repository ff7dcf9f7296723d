"""Exit codes and messages of what can go wrong with any command: never a traceback, except for a bug."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.commandline import ROOT
from tests.files.mishaps import as_nobody, in_child

if TYPE_CHECKING:
    from tests.commandline import Result, Run
    from tests.repository import Repo


@pytest.mark.parametrize(
    ("word", "guess"),
    [
        *(("buld", "build"), ("chekc", "check"), ("Notes", "notes"), ("xyzzy", None), ("", None)),
        *(("status", "deploy status"), ("gate", "deploy gate"), ("rollback", "checklist"), ("create", "new")),
        *(("draft", "build --draft"), ("collect", "build"), ("lint", "check")),
    ],
)
def test_an_unknown_command_is_guessed(repo: Repo, relbot: Run, word: str, guess: str | None) -> None:
    refused = relbot(word)
    assert refused.code == 2
    assert f"There is no command `{word}`." in refused.err
    assert ("Did you mean" in refused.err) is (guess is not None)
    assert f"Did you mean `relbot {guess}`?" in refused.err or guess is None


@pytest.mark.parametrize("args", [("--nope",), ("check", "--nope"), ("check", "--format", "xml"), ("list", "more"), ("show",)])
def test_wrong_usage(repo: Repo, relbot: Run, args: tuple[str, ...]) -> None:
    refused = relbot(*args)
    assert (refused.code, refused.out) == (2, "")
    assert "Usage: relbot" in refused.err


@pytest.mark.parametrize("command", ["init", "new", "check", "list", "show", "notes", "build", "explain", "schema", "demo"])
def test_every_command_has_help(repo: Repo, relbot: Run, command: str) -> None:
    helped = relbot(command, "--help")
    assert (helped.code, helped.err) == (0, "")
    assert helped.out.startswith(f"Usage: relbot {command}")
    assert f"  {command} " in relbot("--help").out


@pytest.mark.parametrize("name", ["relbot.toml", "pyproject.toml"])
def test_broken_toml(repo: Repo, relbot: Run, name: str) -> None:
    repo.write(name, "[tool.relbot]\ntitle = never closed\n")
    for command in (("check",), ("list",), ("build", "1.0"), ("init",)):
        refused = relbot(*command)
        assert refused.code == 2
        assert f"{name}:2:" in refused.err
        assert "[toml-syntax]" in refused.err


def test_all_faults_of_a_configuration_at_once(repo: Repo, relbot: Run) -> None:
    repo.write("relbot.toml", 'titel = "x"\ntag = "v"\n\n[rules]\nevery-change = "maybe"\n')
    refused = relbot("check")
    assert refused.code == 2
    for place in ("relbot.toml:1:", "relbot.toml:2:", "relbot.toml:5:"):
        assert place in refused.err


@pytest.mark.parametrize("content", [b"title = '\xff'\n", b"\xef\xbb\xbftitle = 1\n", b"\0"])
def test_a_configuration_that_is_no_text(repo: Repo, relbot: Run, content: bytes) -> None:
    repo.write("relbot.toml", content)
    refused = relbot("check")
    assert refused.code == 2
    assert "relbot.toml" in refused.err


def test_a_configuration_that_is_a_folder(repo: Repo, relbot: Run) -> None:
    (repo.path / "relbot.toml").mkdir()
    refused = relbot("check")
    assert refused.code in {2, 3}
    assert "relbot.toml" in refused.err


def test_an_unreadable_configuration(repo: Repo, relbot: Run) -> None:
    file = repo.write("relbot.toml", "unknown = 1\n")
    assert relbot("check").code == 2  # imports what nobody may not be allowed to read
    file.chmod(0)
    for folder in (repo.path, *repo.path.parents[:5]):
        folder.chmod(0o755)

    def unprivileged() -> tuple[int, str]:
        os.chdir(repo.path)  # nobody could not go back to the folder of this clone if others may not enter it
        as_nobody()
        refused = relbot("check")
        return int(refused.code), refused.err

    code, err = in_child(unprivileged).value
    assert code in {2, 3}
    assert "relbot.toml" in err
    assert "Permission denied" in err


@pytest.mark.parametrize("options", [("--dir", "nowhere"), ("--config", "nowhere.toml"), ("--dir", "changes/login.md")])
def test_what_an_option_names_is_not_there(fixed: Repo, relbot: Run, options: tuple[str, ...]) -> None:
    refused = relbot("check", *options)
    assert refused.code in {2, 3}
    assert options[1] in refused.err


def test_dir_works_as_if_started_there(fixed: Repo, relbot: Run) -> None:
    assert "login" in relbot("list", "--dir", "repo", cwd=fixed.path.parent).out


def failing(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    import relbot.cli.list as command

    def fail(*args: object) -> None:
        raise error

    monkeypatch.setattr(command, "list_fragments", fail)


def test_interrupted(fixed: Repo, relbot: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, KeyboardInterrupt())
    stopped = relbot("list")
    assert (stopped.code, stopped.err.strip()) == (130, "relbot: Interrupted.")


def test_interrupted_by_a_signal(fixed: Repo) -> None:
    script = (
        "import os, signal, sys\n"
        "import relbot.cli.list as command\n"
        f"command.list_fragments = lambda *args: os.kill(os.getpid(), {int(signal.SIGINT)})\n"
        "from relbot.cli import main\n"
        "main(['list'])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=fixed.path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr.strip()) == (130, "relbot: Interrupted.")


def test_a_bug_is_told_as_one_with_all_that_a_report_needs(fixed: Repo, relbot: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, ZeroDivisionError("a bug"))
    bug: Result = relbot("list")
    assert bug.code == 70
    assert "This is a bug in relbot." in bug.err
    assert "ZeroDivisionError: a bug" in bug.err
    assert "Traceback" in bug.err


def test_what_the_system_refuses_is_no_bug(fixed: Repo, relbot: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, PermissionError(13, "Permission denied", "changes"))
    refused = relbot("list")
    assert (refused.code, refused.err) == (
        3,
        (
            "relbot: The operating system reports an error about 'changes': Permission denied."
            " Correct that, and run the command again.\n"
        ),
    )


def test_messages_cannot_steer_the_terminal(repo: Repo, relbot: Run) -> None:
    refused = relbot("show", "\x1b[31mred")
    assert refused.code == 2
    assert "\x1b" not in refused.err
    assert "\x1b" not in relbot("\x1b[31mred").err


@pytest.mark.parametrize("args", [("show", "a\0b"), ("check", "--config", "\ud800"), ("checklist", "--dir", "a\0b")])
def test_an_argument_that_no_system_passes_on_is_wrong_usage(repo: Repo, relbot: Run, args: tuple[str, ...]) -> None:
    done = relbot(*args)
    assert (done.code, done.out) == (2, ""), done
    assert done.err.startswith("relbot: The argument “"), done


def test_a_name_that_is_no_utf8_is_passed_on(repo: Repo, relbot: Run) -> None:
    done = relbot("check", "--config", "caf\udce9.toml")
    assert done.code == 2
    assert "There is no file" in done.err


@pytest.mark.parametrize(
    "args",
    [
        "list {}",
        "checklist {}",
        "explain {}",
        "check --dir {}",
        "check --dir={}",
        "new x --message T. --type {}",
        "check --format {}",
        "deploy status {}",
    ],
)
def test_a_message_does_not_repeat_a_long_argument_whole(args: str, repo: Repo, relbot: Run) -> None:
    repo.write("relbot.toml", '[environments.production]\ndeployed = "ledger"\n')
    refused = relbot(*args.format("x" * 10_000).split())
    assert refused.code in (1, 2, 3)
    assert "x" * 20 in refused.err
    assert len(refused.err) < 800


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("release", "--bump", "minor", "--base", "main"), "    relbot release --pr --bump minor --base main\n"),
        (("new", "a\nb", "--type", "fixed"), "`a b` cannot name a fragment: it contains a line break."),
        (
            ("new", "x", "--type", "fixed", "--message", "T.", "--issue", "0"),
            "`--issue 4075`, or leave `--issue` out.",
        ),
        (("new", "x", "--type", "fixed", "--message", "T.", "--issue", "１２"), "than the digits 0 to 9: type 12."),
        (("import", "towncrier"), "Run the command in the repository that uses towncrier."),
        (
            ("check",),
            "Write changes/20180815_101000_ada_theme.md with this text, and remove changes/",
        ),
    ],
)
def test_a_message_says_what_to_do_next_with_what_was_given(args: tuple[str, ...], told: str, repo: Repo, relbot: Run) -> None:
    repo.write("relbot.toml", "")
    if args == ("check",):
        repo.write("changes/20180815_101000_ada_theme.rst", "Added\n-----\n\n- A theme.\n")
    refused = relbot(*args)
    assert refused.code in (1, 2)
    assert told in refused.err + refused.out
