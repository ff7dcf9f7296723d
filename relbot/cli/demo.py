"""`relbot demo`: the incident, replayed."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from relbot.cli.exits import Exit
from relbot.cli.output import print_command, print_line
from relbot.demo.play import play_story
from relbot.errors import UsageError


@click.command(name="demo", short_help="Replays the incident that led to relbot.")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
def command(folder: Path | None) -> int:
    """Builds a small git repository that tells how build.opensuse.org broke on 15 August 2018, and runs relbot on it.

    The repository stays in FOLDER, by default a new temporary one, to go on playing with.
    """
    if folder is None:
        folder = Path(tempfile.mkdtemp(prefix="relbot-demo-"))
    elif folder.exists() and any(folder.iterdir()):
        raise UsageError(f"{folder} is not empty.", tip="Name a folder that is new or empty.")
    folder.mkdir(parents=True, exist_ok=True)
    play_story(folder, print_line, print_command)
    print_line(f"\nThe repository is in {folder}. To go on: cd {folder}")
    return Exit.FINE
