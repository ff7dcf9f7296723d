"""Names that hold a configuration which code has read from a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from relbot.detect.engine.tree import SyntaxTree

_LOADED = re.compile(
    rb"\b(\w++)(?:[ \t]*+:[\w.\[\], \t]++)?[ \t]*+=[ \t]*+(?:\w++\.)*(?:\w*ConfigParser\(|tomll?i?b?\.loads?\()"
    rb"|\b(\w++):[ \t]*+(?:\w++\.)?\w*ConfigParser\b"
)
_LOADED_DATA = re.compile(rb"\b(\w+)[ \t]*=[ \t]*(?:yaml\.(?:safe_)?load|json\.loads?)\(")
"""What is a configuration only where the module is about one."""


def loaded_names(tree: SyntaxTree, *, config_module: bool) -> frozenset[str]:
    """The names that hold what was read from a file of configuration."""
    names = [name for pair in _LOADED.findall(tree.source) for name in pair if name]
    if config_module:
        names += _LOADED_DATA.findall(tree.source)
    return frozenset(name.decode("utf-8", "replace") for name in names)
