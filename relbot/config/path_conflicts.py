"""Paths and tags of a configuration that would get into each other's way. Each is a sound text by itself."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from relbot.config.model import FILE, PYPROJECT, Config
from relbot.fragment.location import RELEASED
from relbot.schema.named_tuples import NamedTuple
from relbot.schema.nodes import MappingNode, ScalarNode, value_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.schema.faults import Faults
    from relbot.schema.nodes import Node

_ELSE = Config()


class _PlacedText(NamedTuple):
    """A value, whose it is in words, and where it, or what it follows from, was written."""

    value: str
    whose: str
    node: Node


def check_path_conflicts(root: MappingNode, faults: Faults) -> None:
    """Reports folders, changelogs and tags that two have, or that lie where they are taken for something else.

    Judges what was written, so that a fault elsewhere hides none of these.
    """
    folders, changelogs, tags = list(_folder_texts(root)), list(_changelog_texts(root)), list(_tag_texts(root))
    tip = "Each needs its own."
    _check_shared(folders, "The folder", tip, faults)
    _check_shared(changelogs, "The changelog", tip, faults)
    _check_shared(tags, "The tag", "A tag would not tell what was released.", faults)
    for said in (*folders, *changelogs):
        _check_location(said, folders, faults)


def _check_shared(said: list[_PlacedText], what: str, tip: str, faults: Faults) -> None:
    first: dict[str, _PlacedText] = {}
    for one in said:
        other = first.setdefault(one.value, one)
        if other is not one:
            faults.at(one.node, "unknown-value", f"{what} `{one.value}` is that of {one.whose} and of {other.whose}.", tip)


def _check_location(said: _PlacedText, folders: list[_PlacedText], faults: Faults) -> None:
    if said.value in (FILE, PYPROJECT):
        faults.at(said.node, "unknown-value", f"`{said.value}` is the configuration.", "Name another file.")
    changelog = said not in folders
    for folder in folders:
        if said.value.startswith(f"{folder.value}/{RELEASED}/") or said.value == f"{folder.value}/{RELEASED}":
            message = f"`{said.value}` is where the releases of {folder.whose} lie."
            faults.at(said.node, "unknown-value", message, f"Name a path outside of `{folder.value}/{RELEASED}`.")
            return
    for folder in folders:
        if changelog and said.value.startswith(f"{folder.value}/") and said.value.endswith(".md"):
            message = f"`{said.value}` is below `{folder.value}`, where every file `.md` is taken for a fragment."
            faults.at(said.node, "unknown-value", message, f"Name a path outside of `{folder.value}`.")
            return


def _folder_texts(root: MappingNode) -> Iterator[_PlacedText]:
    main = _text_at(root, "directory") or _PlacedText(_ELSE.directory, "", root)
    yield main._replace(whose="the whole project")
    for name, table in _component_nodes(root):
        own = _text_at(table, "directory") or _PlacedText(posixpath.join(main.value, name.value), "", name)
        if name.value != RELEASED:
            yield own._replace(whose=f"the component `{name.value}`")


def _changelog_texts(root: MappingNode) -> Iterator[_PlacedText]:
    yield (_text_at(root, "changelog") or _PlacedText(_ELSE.changelog, "", root))._replace(whose="the whole project")
    for name, table in _component_nodes(root):
        if own := _text_at(table, "changelog"):
            yield own._replace(whose=f"the component `{name.value}`")


def _tag_texts(root: MappingNode) -> Iterator[_PlacedText]:
    """Of what is released by itself."""
    yield (_text_at(root, "tag") or _PlacedText(_ELSE.tag, "", root))._replace(whose="the whole project")
    for name, table in _component_nodes(root):
        if _text_at(table, "changelog") and (tag := _text_at(table, "tag")):
            yield tag._replace(value=tag.value.replace("{component}", name.value), whose=f"the component `{name.value}`")


def _component_nodes(root: MappingNode) -> Iterator[tuple[ScalarNode, MappingNode]]:
    components = value_at(root, "components")
    if components is root or not isinstance(components, MappingNode):
        return
    for name, table in components.value:
        if isinstance(name, ScalarNode) and isinstance(table, MappingNode):
            yield name, table


def _text_at(table: MappingNode, key: str) -> _PlacedText | None:
    node = value_at(table, key)
    return _PlacedText(node.value, "", node) if isinstance(node, ScalarNode) and node.style and node.value else None
