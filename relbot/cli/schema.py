"""`relbot schema`: JSON schemas for editors and programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from relbot.cli.exits import Exit
from relbot.cli.output import print_text
from relbot.cli.project_options import with_project
from relbot.render.common.media import Medium

if TYPE_CHECKING:
    from relbot.app.project import Project

NAMES = (
    "fragment",
    "config",
    "findings",
    "notes",
    "plan",
    "detected",
    "backtest",
    "list",
    "status",
    "gate",
    "log",
    "verify",
    "bot-setup",
)


@click.command(name="schema", short_help="Prints a JSON schema.")
@click.argument("name", metavar="NAME", type=click.Choice(NAMES))
@with_project
def command(project: Project, name: str) -> int:
    """Prints the JSON schema (draft 2020-12) of what relbot reads or prints.

    NAME is one of the following. `fragment` is that of a fragment's front matter, with this project's types and components;
    `config` that of relbot.toml. The others are those of what `--format json` prints, each with a `version`: `findings` of
    `check`, `notes` of `notes` and `build --draft`, `plan` of `checklist` and `upgrade`, `detected` of `detect`, `backtest` of
    that, `list` of `list` and `show`; `status`, `gate`, `log` and `verify` of those commands of `relbot deploy`; `bot-setup` of
    `pr --doctor`.
    """
    from relbot.app.json_schemas import json_schema  # `relbot schema --help` and completion need none of the renderers

    print_text(json.dumps(json_schema(name, project.config), indent=2, ensure_ascii=False) + "\n", Medium.JSON)
    return Exit.FINE
