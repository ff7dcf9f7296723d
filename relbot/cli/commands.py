"""The commands, by name; the module of one is imported only when it is called or asked for help."""

from __future__ import annotations

from importlib import import_module

import click

from relbot import __version__

SUMMARIES = {
    "init": "Sets up a repository: configuration, changes/, a workflow.",
    "new": "Writes a fragment.",
    "check": "Checks fragments, and what a change set lacks.",
    "list": "Lists the changes that are not released.",
    "show": "Shows one fragment and where it was released.",
    "notes": "Prints the notes of a release.",
    "build": "Builds a release's notes into the changelog.",
    "checklist": "Shows what a deploy needs, or a rollback.",
    "motd": "Shows what whoever logs in to a host should know.",
    "upgrade": "Prints the upgrade guide between two releases.",
    "explain": "Explains a rule.",
    "schema": "Prints a JSON schema.",
    "demo": "Replays the incident that relbot was made for.",
}
"""In the order in which somebody meets them."""


class _Lazy(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(SUMMARIES)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in SUMMARIES:
            return None
        command: click.Command = import_module(f"relbot.cli.{name}").command
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in SUMMARIES and not args[0].startswith("-"):
            from relbot.schema.faults import nearest

            near = nearest(args[0], SUMMARIES)
            guess = f" Did you mean `relbot {near}`?" if near else ""
            raise click.UsageError(f"There is no command `{args[0]}`.{guess}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(SUMMARIES.items()))


_EPILOG = """\b
Exit codes: 0 nothing wrong, nothing open · 1 a finding, an open step, a hold ·
2 wrong usage or configuration · 3 unknown · 4 nothing to build · 70 a bug."""


@click.command(cls=_Lazy, epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "--version", message="relbot %(version)s")
def relbot() -> None:
    """Change notes that reach whoever deploys.

    One Markdown fragment per change in changes/; from them come the release notes and the checklists of deploys.
    """
