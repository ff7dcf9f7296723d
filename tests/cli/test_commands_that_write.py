"""No command that writes is left out where commands are killed and refused: each is struck there, or shown to write nothing."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import click

from relbot.cli.commands import relbot as root_command
from tests.cli.commands_under_fire import ADOPT, CASES, LEDGER, STEPS
from tests.cli.fragments import DAY, FIXED
from tests.commandline import ROOT, run_here
from tests.files.mishaps import snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.repository import Repo

ELSEWHERE = {
    "announce": "tests/cli/test_announce_under_fire.py",
    "backtest": "tests/cli/test_backtest_resumed.py",
    "demo": "",  # in a folder of its own, which nobody needs
    "deploy run": "tests/cli/test_deploy_run_killed.py",
    "pr": "tests/github/test_pr_under_fire.py",
    "release": "tests/github/test_release.py",
}
"""Commands that are struck in a suite of their own."""
READS = {
    "checklist": ("checklist", "production", "--to", "HEAD"),
    "completion": ("completion", "bash"),
    "deploy log": ("deploy", "log", "production"),
    "deploy status": ("deploy", "status", "production"),
    "detect": ("detect", "HEAD~1"),
    "explain": ("explain", "missing-key"),
    "list": ("list",),
    "notes": ("notes", "1.0.0"),
    "schema": ("schema", "config"),
    "show": ("show", "steps"),
    "upgrade": ("upgrade", "1.0.0", "HEAD"),
}
"""Commands that write nothing, and how one is called."""
WRITERS = {
    "app/deploys/break_glass.py": "a gate --record",
    "app/deploys/saved_motd.py": "motd --save",
    "app/verify_release.py": "a folder that is temporary",
    "cli/demo.py": "the folder of a demo",
    "cli/trace.py": "names what is written",
    "demo/play.py": "the folder of a demo",
    "files/apply.py": "build of several",
    "files/create.py": "new",
    "files/disk.py": "build of several",
    "files/journal.py": "build of several",
    "git/backtest_cache.py": "backtest",
    "git/index.py": "build of several",
    "git/merge_contents.py": "a folder that is temporary",
    "git/temporary_clone.py": "a folder that is temporary",
    "github/actions.py": "what a run tells its runner",
    "ledger/git_ref/current_refs.py": "a tick that is shared",
    "ledger/git_ref/objects.py": "a tick",
    "ledger/git_ref/remote.py": "a tick that is shared",
    "tools/exchange.py": "a folder that is temporary",
}
"""The modules that write, rename or remove a file, or let git do it, and which case strikes them."""
_WRITING = (
    r"\bos\.(?:write|rename|replace|remove|removedirs|unlink|mkdir|link|symlink|fsync|truncate)\b"
    r"|\.(?:write_bytes|write_text|mkdir|unlink)\(|\.open\(\"[aw]|TemporaryDirectory\(|mkdtemp\("
    r"|\b(?:run|text|answer|begin|_ask|_write_object)\([^()]{0,80}"
    r"\"(?:update-index|update-ref|hash-object\", \"-w|mktree|push|fetch)\""
)


def _commands(command: click.Command, words: tuple[str, ...] = ()) -> Iterator[str]:
    if isinstance(command, click.Group):
        with click.Context(command) as context:
            for name in command.list_commands(context):
                found = command.get_command(context, name)
                assert found is not None
                yield from _commands(found, (*words, name))
    else:
        yield " ".join(words)


def _struck() -> set[str]:
    return {" ".join(case.args[: 2 if case.args[0] == "deploy" else 1]) for case in CASES.values()}


def test_each_command_is_struck_or_writes_nothing() -> None:
    assert set(_commands(root_command)) == _struck() | set(ELSEWHERE) | set(READS)
    assert not (_struck() | set(ELSEWHERE)) & set(READS)
    for path in filter(None, ELSEWHERE.values()):
        assert re.search(r"SIGKILL|kill -9|\.fail\(|killing\(", (ROOT / path).read_text("utf-8")), path


def test_a_command_that_is_not_struck_writes_nothing(repo: Repo) -> None:
    repo.write("relbot.toml", LEDGER)
    repo.write("changes/a.md", FIXED)
    repo.commit("One")
    assert run_here(("build", "1.0.0", *DAY), repo.path, "").code == 0
    repo.commit("Release")
    repo.tag("v1.0.0")
    repo.write("changes/steps.md", STEPS)
    repo.commit("Two")
    assert run_here(ADOPT, repo.path, "").code == 0
    before = snapshot(repo.path)
    for name, args in READS.items():
        ended = run_here(args, repo.path, "")
        assert ended.code in (0, 1), (name, ended)
        assert snapshot(repo.path) == before, name


def test_each_module_that_writes_is_struck() -> None:
    found = {
        path.relative_to(ROOT / "relbot").as_posix()
        for path in (ROOT / "relbot").rglob("*.py")
        if re.search(_WRITING, _code(path.read_text("utf-8")))
    }
    assert found == set(WRITERS)


def _code(text: str) -> str:
    """The code without what it says about itself."""
    return ast.unparse(ast.parse(text)).replace("'", '"')
