"""A group of commands of which one's module is imported only when it is called or asked for help."""

from __future__ import annotations

from importlib import import_module
from keyword import iskeyword
from typing import TYPE_CHECKING, Any

import click

from relbot.cli.common_options import add_common_options

if TYPE_CHECKING:
    from collections.abc import Mapping

    from click.shell_completion import CompletionItem


class LazyGroup(click.Group):
    """The commands named in `summaries`, each the `command` of the module of that name in `package`.

    A name that Python keeps for itself has a `_` behind it there.

    `synonyms` has what people type who know other tools, with the command that they mean.
    """

    def __init__(
        self, *args: Any, package: str, summaries: Mapping[str, str], synonyms: Mapping[str, str] | None = None, **given: Any
    ) -> None:
        super().__init__(*args, **given)
        self._synonyms = synonyms or {}
        self._package = package
        self._summaries = summaries

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._summaries)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in self._summaries:
            return None
        module = f"{name}_" if iskeyword(name) else name.replace("-", "_")
        command: click.Command = import_module(f"{self._package}.{module}").command
        add_common_options(command)
        if ctx.resilient_parsing and not isinstance(command, click.Group):
            from relbot.cli.completion_values import add_completion  # only when a shell asks

            add_completion(command)
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[Any]]:
        """The commands by their summaries, so that none of them is imported; then options."""
        from click.shell_completion import CompletionItem

        fits = [CompletionItem(name, help=about) for name, about in self._summaries.items() if name.startswith(incomplete)]
        return [*fits, *click.Command.shell_complete(self, ctx, incomplete)]

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self._summaries and not args[0].startswith("-") and not ctx.resilient_parsing:
            from relbot.schema.faults import nearest_word

            near = self._synonyms.get(args[0].lower()) or nearest_word(args[0], self._summaries)
            guess = f" Did you mean `{ctx.command_path} {near}`?" if near else f" To see all: {ctx.command_path} --help"
            raise click.UsageError(f"There is no command `{args[0]}`.{guess}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(self._summaries.items()))
