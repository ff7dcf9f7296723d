"""Settings of Python's settings modules that are lists, as the lists that they are, however they are put together."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from relbot.detect.engine.expressions import assigned_value
from relbot.detect.engine.lists import Lists
from relbot.detect.engine.syntax import line_of, text_of
from relbot.detect.settings_read.setting import SETTING, Setting, normalize_source

if TYPE_CHECKING:
    from tree_sitter import Node

    from relbot.detect.engine.tree import SyntaxTree

_ASSIGNING = ("assignment", "augmented_assignment")


class SettingLists:
    """The lists of a settings module. A list that another one is put together of is a part of it, and no setting itself."""

    def __init__(self, tree: SyntaxTree) -> None:
        self._tree = tree
        self._lists = Lists(tree)
        self._told: set[str] = set()

    def setting_of(self, node: Node) -> list[Setting] | None:
        """The settings that an assignment is a part of, those told before left out; None for a node that is no part of a list."""
        name = _name_of_target(node)
        if not name:
            return None
        wholes = self._wholes_of(name)
        if wholes is None:
            return None
        fresh = [whole for whole in wholes if whole not in self._told]
        self._told.update(fresh)
        return [Setting(SETTING, whole, line_of(node), self._write(whole)) for whole in fresh]

    def _wholes_of(self, name: str) -> list[str] | None:
        """The settings that have the elements of a list; None where one of them is told by a run alone."""
        wholes = [whole for whole in self._made_of if name in self._made_of[whole]]
        names = wholes or [name]
        return names if all(self._lists.list_of(one) is not None for one in names) else None

    def _write(self, name: str) -> str:
        parts = self._lists.list_of(name) or ()
        written = (f'"{part}"' if isinstance(part, str) else normalize_source(text_of(part)) for part in parts)
        return f"[{', '.join(written)}]"

    @cached_property
    def _made_of(self) -> dict[str, set[str]]:
        """From each setting to the names of the lists that it is put together of."""
        found: dict[str, set[str]] = {}
        for statement in self._tree.root.named_children:
            for node in statement.named_children[:1]:
                name, value = _name_of_target(node), assigned_value(node) if node.type in _ASSIGNING else None
                if name and value is not None:
                    found.setdefault(name, set()).update(self._lists.names_in(value))
        parts = set().union(*found.values()) if found else set()
        return {name: names - {name} for name, names in found.items() if names and name not in parts}


def _name_of_target(node: Node) -> str:
    """The setting that a statement of the outermost level gives a value; "" for any other node."""
    if node.type not in _ASSIGNING:
        return ""
    left, level = node.child_by_field_name("left"), node.parent and node.parent.parent
    if left is None or left.type != "identifier" or level is None or level.type != "module":
        return ""
    name = text_of(left)
    return name if name.strip("_").isupper() and len(name) > 2 else ""
