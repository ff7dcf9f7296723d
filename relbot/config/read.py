"""The text of a configuration file to a `Config`, or to every fault it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.config.keys import CONFIG
from relbot.config.model import PYPROJECT, Config
from relbot.errors import ConfigError
from relbot.finding import in_reading_order
from relbot.schema.faults import TomlFaults
from relbot.schema.kinds import INVALID
from relbot.schema.nodes import MappingNode
from relbot.schema.toml_nodes import parse_toml

if TYPE_CHECKING:
    from relbot.schema.nodes import Node


def read_config(path: str, text: str) -> Config | None:
    """The configuration in the file `path`, whose name says where in it: all of it, or `[tool.relbot]`.

    None if a pyproject.toml has no such table. ConfigError with all faults.
    """
    faults = TomlFaults(path)
    root = parse_toml(text, faults)
    within = ""
    if root is not None and path.rsplit("/", 1)[-1] == PYPROJECT:
        within = "tool.relbot"
        table = _table_value(_table_value(root, "tool"), "relbot")
        if table is None:
            return None
    else:
        table = root
    config = INVALID if table is None else CONFIG.read(table, within, faults)
    if faults.findings:
        tip = "`relbot schema config` prints all keys: what each means, and what is allowed."
        raise ConfigError(f"relbot cannot use {path}.", in_reading_order(faults.findings), tip=tip)
    assert isinstance(config, Config)
    return config


def _table_value(node: Node | None, name: str) -> Node | None:
    """The value of a key in a table; None if there is no such table or key."""
    entries = node.value if isinstance(node, MappingNode) else ()
    return next((value for key, value in entries if key.value == name), None)
