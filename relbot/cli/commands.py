"""The commands, by name; the module of one is imported only when it is called or asked for help."""

from __future__ import annotations

from importlib import import_module
from keyword import iskeyword
from typing import TYPE_CHECKING, Any

import click

from relbot._version import __version__
from relbot.cli.common_options import add_common_options, common_options

if TYPE_CHECKING:
    from collections.abc import Mapping

    from click.shell_completion import CompletionItem

SUMMARIES = {
    "init": "Sets up a repository: configuration, changes/, a workflow.",
    "import": "Imports the notes of another tool.",
    "new": "Writes a fragment.",
    "detect": "Shows what a diff requires of operators.",
    "backtest": "Shows what the rules would have said about the past.",
    "check": "Checks fragments, and whether a change set needs one.",
    "list": "Lists the unreleased changes.",
    "show": "Shows one fragment, where it was released and where it runs.",
    "notes": "Prints the notes of a release.",
    "build": "Builds a release's notes into the changelog.",
    "checklist": "Shows what a deploy needs, or a rollback.",
    "deploy": "Works through a deploy's checklist and records it.",
    "motd": "Shows what people who log in to a host should know.",
    "announce": "Announces a deploy or a release to its readers.",
    "upgrade": "Prints the upgrade guide between two releases.",
    "pr": "Reviews a pull request and comments on it.",
    "release": "Publishes a built release on GitHub, or proposes the next one.",
    "explain": "Explains a rule.",
    "schema": "Prints a JSON schema.",
    "completion": "Prints the completion script of a shell.",
    "demo": "Replays the incident that led to relbot.",
}
"""In the order in which you meet them."""

_IN_DEPLOY = "abort adopt begin done gate lift lock log note overrule run status tick unlock verify".split()
SYNONYMS = {
    **{name: f"deploy {name}" for name in _IN_DEPLOY},
    **dict.fromkeys(("rollback", "plan", "steps", "todo"), "checklist"),
    "undo": "build --undo VERSION",
    **dict.fromkeys(("create", "add", "write", "fragment"), "new"),
    **dict.fromkeys(("draft", "preview", "unreleased", "next"), "build --draft"),
    **dict.fromkeys(("collect", "batch", "merge", "version", "bump"), "build"),
    **dict.fromkeys(("lint", "validate", "verify-fragments"), "check"),
    **dict.fromkeys(("changelog", "report", "release-notes"), "notes"),
    **dict.fromkeys(("publish", "tag"), "release"),
    **dict.fromkeys(("setup", "install", "config", "configure"), "init"),
    **dict.fromkeys(("rule", "rules", "why"), "explain"),
    **dict.fromkeys(("comment", "review"), "pr"),
    **dict.fromkeys(("diff", "facts"), "detect"),
}
"""What people type who know towncrier, scriv, reno, changie, changesets or another deploy tool."""


_EPILOG = """\b
Exit codes: 0 nothing wrong, nothing open · 1 a finding, an open step, a hold ·
2 wrong usage or configuration · 3 unknown · 4 nothing to build · 70 a bug."""


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
            from relbot.cli.completion import add_completion  # only when a shell asks

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


@click.command(
    cls=LazyGroup,
    package="relbot.cli",
    summaries=SUMMARIES,
    synonyms=SYNONYMS,
    epilog=_EPILOG,
    params=common_options(),
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, "--version", message="relbot %(version)s")
def relbot() -> None:
    """Change notes that reach the people who deploy.

    Write one Markdown fragment per change in changes/. relbot makes release notes and deploy checklists from them.
    """
