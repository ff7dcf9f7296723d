"""The commands, by name."""

from __future__ import annotations

import click

from relbot._version import __version__
from relbot.cli.common_options import common_options
from relbot.cli.lazy import LazyGroup

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
