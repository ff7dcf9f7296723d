"""The JSON Schemas of what relbot reads and prints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relbot.config.keys import CONFIG_KEYS
from relbot.errors import UsageError
from relbot.fragment.keys import fragment_keys
from relbot.render.backtest.as_json import SCHEMA as BACKTEST
from relbot.render.bot_setup.as_json import SCHEMA as BOT_SETUP
from relbot.render.deploys.as_json import checklist_schema, deploy_schema
from relbot.render.detected.as_json import SCHEMA as DETECTED
from relbot.render.findings.as_json import SCHEMA as FINDINGS
from relbot.render.fragment_list import list_schema
from relbot.render.notes.json_schema import SCHEMA as NOTES
from relbot.schema.faults import did_you_mean
from relbot.schema.kinds import record_schema
from relbot.schema.values import DIALECT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from relbot.config.model import Config
    from relbot.schema.kinds import Key

_SCHEMAS: Mapping[str, Callable[[Config], dict[str, Any]]] = {
    "fragment": lambda config: _reading("A fragment of relbot", fragment_keys(config.type_names, config.component_names)),
    "config": lambda _: _reading("The configuration of relbot", CONFIG_KEYS),
    "findings": lambda _: FINDINGS,
    "notes": lambda _: NOTES,
    "plan": lambda _: checklist_schema(),
    "detected": lambda _: DETECTED,
    "backtest": lambda _: BACKTEST,
    "list": lambda _: list_schema(),
    "bot-setup": lambda _: BOT_SETUP,
    "status": lambda _: deploy_schema("status"),
    "gate": lambda _: deploy_schema("gate"),
    "log": lambda _: deploy_schema("log"),
    "verify": lambda _: deploy_schema("verify"),
}
"""How each schema is made for a project, by its name."""


def json_schema(name: str, config: Config) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of that name: `fragment` and `config` are read, the others are printed by `--format json`.

    That of `fragment` allows the types and components of this configuration alone. UsageError if there is no such schema.
    """
    if name not in _SCHEMAS:
        raise UsageError(f"There is no schema `{name}`.", tip=did_you_mean(name, _SCHEMAS))
    return _SCHEMAS[name](config)


def _reading(title: str, keys: tuple[Key, ...]) -> dict[str, Any]:
    return {"$schema": DIALECT, "title": title} | record_schema(keys)
