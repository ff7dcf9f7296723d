"""`relbot schema`: JSON schemas for editors and programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from relbot.cli.exits import Exit
from relbot.cli.project_options import with_project

if TYPE_CHECKING:
    from relbot.app.project import Project
    from relbot.config.model import Config

NAMES = ("fragment", "config", "findings", "notes", "plan", "detected", "backtest", "list", "status", "gate", "log")


@click.command(name="schema", short_help="Prints a JSON schema.")
@click.argument("name", type=click.Choice(NAMES))
@with_project
def command(project: Project, name: str) -> int:
    """Prints the JSON schema (draft 2020-12) of what relbot reads or prints.

    `fragment` is that of a fragment's front matter, with this project's types and components; `config` that of
    relbot.toml. The others are those of what `--format json` prints, each with a `version`: `findings` of `check`, `notes` of
    `notes` and `build --draft`, `plan` of `checklist` and `upgrade`, `detected` of `detect`, `backtest` of that,
    `list` of `list` and `show`; `status`, `gate` and `log` of those commands of `relbot deploy`.
    """
    click.echo(json.dumps(_build_schema(name, project.config), indent=2, ensure_ascii=False))
    return Exit.FINE


def _build_schema(name: str, config: Config) -> dict[str, Any]:
    from relbot.schema.kinds import record_schema
    from relbot.schema.values import DIALECT

    match name:
        case "fragment":
            from relbot.fragment.keys import fragment_keys

            keys = fragment_keys(config.type_names, config.component_names)
            return {"$schema": DIALECT, "title": "A fragment of relbot"} | record_schema(keys)
        case "config":
            from relbot.config.keys import CONFIG_KEYS

            return {"$schema": DIALECT, "title": "The configuration of relbot"} | record_schema(CONFIG_KEYS)
        case "findings":
            from relbot.render.findings.json import SCHEMA

            return SCHEMA
        case "plan":
            from relbot.deploy.plan.json_form import plan_schema

            return plan_schema()
        case "detected":
            from relbot.render.detected.as_json import SCHEMA as DETECTED

            return DETECTED
        case "backtest":
            from relbot.render.backtest.as_json import SCHEMA as BACKTEST

            return BACKTEST
        case "list":
            from relbot.render.fragment_list import list_schema as of_lists

            return of_lists()
        case "status" | "gate" | "log":
            from relbot.render.deploys.as_json import deploy_schema as of_deploys

            return of_deploys(name)
        case _:
            from relbot.render.notes.json_schema import SCHEMA as NOTES

            return NOTES
