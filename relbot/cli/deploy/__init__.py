"""`relbot deploy`: works through the checklist of a deploy, records what was done, and refuses to go on."""

from __future__ import annotations

import click

from relbot.cli.lazy import LazyGroup

SUMMARIES = {
    "run": "Walks through the steps on the terminal, and records each.",
    "tick": "Records one step, from a script.",
    "gate": "Says whether a deploy may go on.",
    "done": "Records that a deploy is done.",
    "status": "Shows what runs, what is under way and what is open.",
    "log": "Lists everything that was recorded.",
    "lock": "Keeps others from deploying for a while.",
    "unlock": "Takes the lock away.",
}
"""In the order in which somebody meets them."""


@click.command(
    name="deploy",
    cls=LazyGroup,
    package="relbot.cli.deploy",
    summaries=SUMMARIES,
    short_help="Works through a deploy's checklist and records it.",
)
def command() -> None:
    """Works through the checklist of a deploy. relbot never runs a step itself.

    What was done lies on the git ref refs/relbot/ENV and is shared through the remote, or on GitHub where the configuration says
    so: whoever has a clone sees it, and can go on where somebody else was interrupted.
    """
