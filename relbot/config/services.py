"""The keys of `[services.NAME]`: something that runs and is restarted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relbot.config.model import Service
from relbot.fragment.steps import COMMAND, NAMES
from relbot.schema.kinds import Key, Table
from relbot.schema.nodes import value_at

if TYPE_CHECKING:
    from relbot.schema.faults import Faults
    from relbot.schema.nodes import MappingNode

SERVICE_KEYS = (
    Key("restart", COMMAND, "The command that restarts the service.", 'restart = "systemctl restart apache2"', ""),
    Key(
        "check",
        COMMAND,
        "The command that succeeds if the service works.",
        'check = "curl --fail --silent http://localhost/about"',
        "",
    ),
    Key("on", NAMES, "The hosts or roles where it runs.", 'on = ["web1", "web2"]', ()),
    Key(
        "dies-with",
        NAMES,
        "Services that stop this one when they are restarted or fail: relbot asks to check it after their restarts.",
        'dies-with = ["apache2"]\n\n[services.apache2]',
        (),
    ),
)
SERVICE = Table(SERVICE_KEYS)
"""A table `[services.NAME]` to its values, or to every fault it has."""


def make_service(name: str, values: dict[str, Any]) -> Service:
    """A service of the values of its table."""
    return Service(name, values["restart"], values["check"], values["on"], values["dies-with"])


def check_services(services: dict[str, Any], node: MappingNode, faults: Faults) -> None:
    """A fault for each service that stops with one that is not declared."""
    for name, of in services.items():
        for other in of["dies-with"]:
            if other not in services:
                message = f"The service `{name}` stops with `{other}`, and no service of that name is declared."
                at = value_at(node, "services", name, "dies-with")
                faults.at(at, "unknown-value", message, f"Allowed: {', '.join(services)}.", f"[services.{other}]")
