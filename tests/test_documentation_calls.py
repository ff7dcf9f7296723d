"""Every call of relbot that a page names is one that the command line takes: its command, options, choices and arguments."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

import relbot as package
from relbot.cli.commands import relbot as command_line

ROOT = Path(package.__file__).parent.parent
PAGES = sorted({*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")} - {ROOT / "docs/commands.md"})
"""Without the page that is made from the command line itself."""
_BLOCK = re.compile(r"^ *```(?:sh|console|text|yaml|toml|ruby)\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
_INLINE = re.compile(r"(?<!`)`(relbot [^`\n]+)`(?!`)")
_IN_BLOCK = re.compile(r"^(?:\$ |\s*run: |.*?(?:\b[A-Z_]+=\S+ |&& |\|\| |if |! ))?(relbot [a-z].*)$", re.MULTILINE)
_NAMES_NONE = re.compile(r"[…{]|\.\.\.|<|^relbot [^a-z-]")
"""What stands for many calls, as `relbot deploy …` does."""
NOT_CALLS = ("relbot comment", "relbot fragments", "relbot record", "relbot collect")
"""Names of jobs, and a guess at a command."""


def calls(page: str) -> list[str]:
    """The calls in a page, each up to what a shell would do with it."""
    in_blocks = (call for block in _BLOCK.findall(page) for call in _IN_BLOCK.findall(block))
    cut = (re.split(r"\)\"?$|\) | \\$|;", call)[0] for call in in_blocks)
    found = dict.fromkeys(re.split(r" +[#|>&]", call)[0].strip() for call in (*_INLINE.findall(page), *cut))
    return [call for call in found if not _NAMES_NONE.search(call) and call not in NOT_CALLS]


def parse(words: list[str]) -> None:
    """Parses a call as the command line does, and runs nothing."""
    command: click.Command = command_line
    while words and isinstance(command, click.Group):
        _, found, words = command.resolve_command(click.Context(command), words)
        assert found is not None
        command = found
    if words or not isinstance(command, click.Group):
        command.make_context(command.name, words)


def is_unfinished(error: click.ClickException) -> bool:
    """Whether a page may name that much of a call: without its arguments, or with a word in capitals for one."""
    if isinstance(error, click.MissingParameter):
        return True
    return re.search(r"requires an argument|Invalid value for .*: '[A-Z]+'", error.format_message()) is not None


def test_the_pages_name_many_calls() -> None:
    assert sum(len(calls(page.read_text("utf-8"))) for page in PAGES) > 150


def test_a_page_names_calls_that_the_command_line_takes() -> None:
    wrong = []
    for page in PAGES:
        for call in calls(page.read_text("utf-8")):
            try:
                parse(shlex.split(re.sub(r"\[(\[?[A-Z-].*?)\]", r"\1", call))[1:])
            except click.exceptions.Exit:
                pass  # `--help`
            except click.ClickException as error:
                if not is_unfinished(error):
                    wrong.append(f"{page.relative_to(ROOT)}: {call}: {error.format_message()}")
    assert wrong == []


@pytest.mark.parametrize("call", ["relbot chek", "relbot check --bse x", "relbot notes 1 2", "relbot notes 1.0 --format pdf"])
def test_a_call_that_is_wrong_is_found(call: str) -> None:
    with pytest.raises(click.ClickException) as caught:
        parse(call.split()[1:])
    assert not is_unfinished(caught.value)
