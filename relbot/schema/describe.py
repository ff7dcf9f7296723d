"""What a node of a file is called in a message, and whether other readers of YAML take it for something else."""

from __future__ import annotations

import re

from relbot.schema.nodes import TOML_NUMBER, MappingNode, Node, ScalarNode, SequenceNode


def describe_node(node: Node) -> str:
    """A node as a reader of the file would call it."""
    if isinstance(node, SequenceNode):
        return "a list"
    if isinstance(node, MappingNode):
        return "a table of keys"
    if isinstance(node, ScalarNode) and not node.style and not node.value:
        return "empty"
    words = f"`{shorten_text(node.value)}`"
    return (
        f"the text {words}"
        if isinstance(node, ScalarNode) and node.style in ("'", '"') and node.value in ("true", "false")
        else words
    )


def shorten_text(text: str) -> str:
    """The text on one line of at most 60 characters."""
    line = " ".join(text.split())
    return line if len(line) <= 60 else line[:59] + "…"


def is_ambiguous_scalar(node: ScalarNode) -> bool:
    """Whether other YAML readers would take this unquoted scalar for something else than the text it shows."""
    if node.style or node.tag == TOML_NUMBER:
        return not node.style
    found = re.fullmatch(
        r"~|null|true|false|yes|no|on|off|y|n"  # YAML 1.1 reads these as null or boolean,
        r"|[-+.]?[0-9][0-9_]*(?:[.:eE][-+0-9_.:eE]*)?"  # these as numbers (1.10 is 1.1, 1:30 is 90),
        r"|0[xob][0-9a-f_]+|[-+]?\.(?:inf|nan)"
        r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*",  # and these as dates
        node.value,
        re.IGNORECASE,
    )
    return found is not None
