"""`--quiet` and `--verbose`: what each leaves out or adds, and that neither touches an answer."""

from __future__ import annotations

import re
import subprocess
from contextlib import ExitStack
from typing import TYPE_CHECKING

import click
import pytest
import requests

from relbot.cli.commands import relbot as command_line
from relbot.cli.trace import start_trace
from tests.cli.fragments import FAULTY, FIXED
from tests.deployed.server import page, running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cli.deployed import Deploy, Site
    from tests.commandline import Run
    from tests.repository import Repo

MIGRATION = """class DropFlag < ActiveRecord::Migration[7.0]
  def change
    remove_column :users, :flag, :string
  end
end
"""


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command with its path."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


def test_every_command_has_the_options_once() -> None:
    assert isinstance(command_line, click.Group)
    found = [("relbot", command_line), *((" ".join(path), command) for path, command in commands(command_line))]
    assert len(found) > 30
    for name, command in found:
        opts = [opt for param in command.params for opt in param.opts]
        assert [opts.count(each) for each in ("-q", "--quiet", "-v", "--verbose", "--color")] == [1] * 5, name


def test_quiet_confirms_nothing(deploy: Deploy) -> None:
    assert deploy("begin", "--to", "new", "--quiet") == (quiet := deploy("begin", "--to", "new", "-q"))
    assert (quiet.code, quiet.out) == (0, "")
    assert deploy("tick", "options#1").out == "options#1: done\n"
    assert deploy("tick", "options#2", "-q").out == ""


def test_quiet_hides_no_finding_no_answer_and_no_reason(repo: Repo, relbot: Run, deploy: Deploy) -> None:
    repo.write("changes/1.md", FAULTY)
    for args in (("check",), ("list",), ("build", "1.0"), ("build",), ("deploy", "gate"), ("show", "nope")):
        told = relbot(*args)
        assert told.code
        assert relbot("--quiet", *args) == relbot(*args, "-q") == told, args
    closed = deploy("gate", "--to", "new", "--before", "install", "-q")
    assert closed.code == 1
    assert "cp options.yml options.yml.bkp" in closed.out
    assert deploy("status", "-q").out == deploy("status").out != ""


def test_they_exclude_each_other(repo: Repo, relbot: Run) -> None:
    for args in (("-q", "check", "-v"), ("check", "-v", "-q"), ("-v", "-q", "check")):
        refused = relbot(*args)
        assert refused.code == 2
        assert "`--quiet` and `--verbose` exclude each other. Use one of them." in refused.err


def without_times(text: str) -> str:
    return re.sub(r"^\+ \d+\.\d\d s  ", "+ ", text, flags=re.MULTILINE)


def test_verbose_names_the_files(repo: Repo, relbot: Run) -> None:
    repo.write("pyproject.toml", "[tool.relbot]\n")
    repo.write("changes/1.md", FIXED)
    repo.commit()
    (read,) = [line for line in relbot("list", "-v").err.splitlines() if line.endswith("changes/1.md")]
    assert read.endswith(f"s  reads {repo.path / 'changes/1.md'}")
    built = without_times(relbot("build", "1.0", "-v").err)
    assert f"+ reads {repo.path / 'pyproject.toml'}\n" in built
    for path in ("CHANGELOG.md", "changes/released/1.0/1.md"):
        assert f"+ writes {repo.path / path}\n" in built


def test_verbose_tells_what_git_was_asked_and_why_a_rule_applies(repo: Repo, relbot: Run) -> None:
    repo.write("relbot.toml", "")
    base = repo.commit()
    repo.write("db/migrate/20200101000000_drop_flag.rb", MIGRATION)
    repo.commit()
    plain = relbot("check", "--base", base)
    told = relbot("-v", "check", "--base", base)
    assert (told.code, told.out) == (plain.code, plain.out) != (0, "")
    assert re.match(r"\+ \d\.\d\d s  ", told.err)
    lines = without_times(told.err).splitlines()
    assert f"+ reads {repo.path / 'relbot.toml'}" in lines[:3]
    assert f"+ git merge-base --end-of-options {base} HEAD" in lines
    assert f"The change set begins at {base[:12]}, and the rules are those of its base." in lines
    (why,) = [line for line in lines if "[migrations/dropped]" in line]
    assert why.startswith("  db/migrate/20200101000000_drop_flag.rb:3: required [migrations/dropped] The migration")
    assert "+" not in relbot("check", "--base", base).err, "it ends with the call"


@pytest.mark.loopback
def test_verbose_tells_addresses_without_their_secrets(site: Site, deploy: Deploy, capsys: pytest.CaptureFixture[str]) -> None:
    with running() as server, ExitStack() as call:
        server.pages["/rev"] = page(site.ada.git("rev-parse", "old"))
        site.environment(f'deployed = "url"\nurl = "http://{server.address}/rev?token=hush"\ntells = "installed"')
        told = without_times(deploy("status", "-v").err)
        assert f"+ GET http://{server.address}/rev\n" in told
        server.pages["/services/hush"] = page("ok")
        start_trace(call)
        requests.post(f"http://{server.address}/services/hush", json={"text": "hush"}, timeout=9)
        subprocess.run(["git", "ls-remote", "/none", "https://me:hush@example.org/"], capture_output=True, check=False)
        posted = without_times(capsys.readouterr().err)
    assert f"+ POST http://{server.address}/…\n" in posted
    assert "+ git ls-remote /none https://example.org/\n" in posted
    assert "hush" not in told + posted
