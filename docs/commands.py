"""docs/commands.md: every command of relbot with its arguments and options, from the command line itself."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, Any

import click

from relbot.cli.commands import relbot
from relbot.cli.common_options import common_options
from relbot.cli.exits import Exit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_INTRO = """Each command with its arguments, options and exit codes. `relbot COMMAND --help` shows the same on the terminal, and
the [glossary](glossary.md) explains the words."""
_COMMON = """Every command takes these options, before or after its name. `--quiet` never hides a finding, an answer, a
warning, or the reason of an exit code. `--verbose` changes no answer and no exit code: what it adds goes to standard error,
with a line that begins with `+` for each file, program and request. It shows no query, header or body of a request, and no
password of an address."""
_ENVIRONMENT = """`relbot deploy` commands take the environment first: `relbot deploy status production`. You can leave it out
where the configuration has only one."""


def commands_page(note: str) -> str:
    """The page. `note` says that it is generated."""
    parts = [f"# Commands\n\n{note}\n\n{_INTRO}", f"## Options of every command\n\n{_COMMON}", _list_options(common_options())]
    parts.append("## Exit codes\n\n" + "\n".join(f"- `{code.value}`: {_about_code(code)}" for code in Exit))
    parts += _sections(relbot, "relbot", 2)
    return "\n\n".join(parts) + "\n"


def _about_code(code: Exit) -> str:
    """The docstring that follows a member of the enumeration, which Python does not keep."""
    found = re.search(rf"^    {code.name} = .*\n    \"\"\"(.*)\"\"\"$", inspect.getsource(Exit), re.MULTILINE)
    assert found is not None, code
    return found[1]


def _sections(group: click.Command, path: str, level: int) -> Iterator[str]:
    assert isinstance(group, click.Group)
    context = click.Context(group, info_name=path)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        within = click.Context(command, info_name=f"{path} {name}")
        usage = " ".join(within.get_usage().removeprefix("Usage: ").split())
        text = inspect.cleandoc(command.help or "").replace("\b\n", "")
        options = [each for each in command.params if isinstance(each, click.Option) and not each.hidden]
        common = {each.name for each in common_options()}
        own = _list_options(each for each in options if each.name not in common)
        yield "\n\n".join(filter(None, (f"{'#' * level} `{path} {name}`", f"```text\n{usage}\n```", _escape(text), own)))
        if isinstance(command, click.Group):
            yield _ENVIRONMENT
            yield from _sections(command, f"{path} {name}", level + 1)


def _list_options(options: Iterable[click.Parameter]) -> str:
    return "\n".join(_list_option(each) for each in options if isinstance(each, click.Option))


def _list_option(option: click.Option) -> str:
    names = ", ".join(f"`{name}`" for name in sorted([*option.opts, *option.secondary_opts], key=lambda name: name[:2] == "--"))
    value = "" if option.is_flag else f" `{option.metavar or _name_values(option.type)}`"
    default = f" Default: `{option.default}`." if option.show_default and isinstance(option.default, str) else ""
    more = " May be repeated." if option.multiple and "repeated" not in (option.help or "") else ""
    required = " Required." if option.required else ""
    return f"- {names}{value}: {_escape(option.help or '')}{more}{default}{required}"


def _name_values(kind: click.ParamType[Any]) -> str:
    return "|".join(map(str, kind.choices)) if isinstance(kind, click.Choice) else kind.name.upper()


def _escape(text: str) -> str:
    """A text with what Markdown would obey escaped, except inside backticks."""
    parts = re.split("(`[^`]*`)", text)
    return "".join(part if part.startswith("`") else re.sub(r"([<>*\[\]|])", r"\\\1", part) for part in parts)
