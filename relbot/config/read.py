"""The text of a configuration file to a `Config`, or to every fault it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.config.keys import CONFIG
from relbot.config.model import Config
from relbot.errors import ConfigError
from relbot.finding import in_reading_order
from relbot.schema.faults import Faults
from relbot.schema.kinds import INVALID
from relbot.schema.nodes import MappingNode, read_toml

if TYPE_CHECKING:
    from yaml.nodes import Node

FILE = "relbot.toml"
PYPROJECT = "pyproject.toml"


def read_config(path: str, text: str) -> Config | None:
    """The configuration in the file `path`, whose name says where in it: all of it, or `[tool.relbot]`.

    None if a pyproject.toml has no such table. ConfigError with all faults.
    """
    faults = Faults(path)
    root = read_toml(text, faults)
    if root is not None and path.rsplit("/", 1)[-1] == PYPROJECT:
        root = _table(root, ("tool", "relbot"))
        if root is None:
            return None
    config = INVALID if root is None else CONFIG.read(root, "", faults)
    if faults.findings:
        tip = "Every key is explained in docs/configuration.md; `relbot schema config` prints a JSON schema."
        raise ConfigError(f"{path} cannot be used.", in_reading_order(faults.findings), tip=tip)
    assert isinstance(config, Config)
    return config


def _table(root: MappingNode, path: tuple[str, ...]) -> MappingNode | None:
    node: Node | None = root
    for name in path:
        if not isinstance(node, MappingNode):
            return None
        node = next((value for key, value in node.value if key.value == name), None)
    return node if isinstance(node, MappingNode) else None
