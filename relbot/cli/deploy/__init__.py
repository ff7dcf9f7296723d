"""`relbot deploy`: works through the checklist of a deploy, records what was done, and refuses to go on."""

from __future__ import annotations

import click

from relbot.cli.commands import LazyGroup

SUMMARIES = {
    "adopt": "Records which revision runs.",
    "begin": "Begins a deploy.",
    "run": "Walks through the steps on the terminal, and records each.",
    "tick": "Records one step, from a script.",
    "gate": "Tells a script whether a deploy may continue.",
    "done": "Records that a deploy is done.",
    "abort": "Aborts a deploy.",
    "lift": "Allows the deploy of a revision that was rolled back.",
    "status": "Shows what runs, what is under way and what is open.",
    "log": "Lists everything that was recorded.",
    "verify": "Checks that no record is missing.",
    "lock": "Locks an environment for a while.",
    "unlock": "Removes the lock.",
    "overrule": "Overrules a hold, a split or a step, with a reason.",
    "import-record": "Publishes a record that was kept in a file.",
    "note": "Leaves a notice for all who deploy.",
}
"""In the order in which you meet them."""


@click.command(
    name="deploy",
    cls=LazyGroup,
    package="relbot.cli.deploy",
    summaries=SUMMARIES,
    synonyms={"rollback": "begin", "start": "begin", "finish": "done", "end": "done", "cancel": "abort", "history": "log"},
    short_help="Works through a deploy's checklist and records it.",
)
def command() -> None:
    """Works through the checklist of a deploy. relbot never runs a step itself.

    relbot keeps what was done on the git ref refs/relbot/ENV and shares it through the remote, or keeps it on GitHub if the
    configuration says so. Everybody with a clone sees it, and can continue where another person stopped.
    """
