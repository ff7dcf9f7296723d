"""Paths and tags of a configuration that would get into each other's way. Each is a sound text by itself."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, NamedTuple

from relbot.config.model import FILE, PYPROJECT, Config
from relbot.fragment.location import RELEASED
from relbot.schema.nodes import MappingNode, ScalarNode, value_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.schema.faults import Faults
    from relbot.schema.nodes import Node

_ELSE = Config()


class _Said(NamedTuple):
    """A value, whose it is in words, and where it, or what it follows from, was written."""

    value: str
    whose: str
    node: Node


def judge_places(root: MappingNode, faults: Faults) -> None:
    """Reports folders, changelogs and tags that two have, or that lie where they are taken for something else.

    Judges what was written, so that a fault elsewhere hides none of these.
    """
    folders, changelogs, tags = list(_folders(root)), list(_changelogs(root)), list(_tags(root))
    tip = "Each needs its own."
    _judge_twice(folders, "The folder", tip, faults)
    _judge_twice(changelogs, "The changelog", tip, faults)
    _judge_twice(tags, "The tag", "Nobody could tell from a tag what was released.", faults)
    for said in (*folders, *changelogs):
        _judge_place(said, folders, faults)


def _judge_twice(said: list[_Said], what: str, tip: str, faults: Faults) -> None:
    first: dict[str, _Said] = {}
    for one in said:
        other = first.setdefault(one.value, one)
        if other is not one:
            faults.at(one.node, "unknown-value", f"{what} `{one.value}` is that of {one.whose} and of {other.whose}.", tip)


def _judge_place(said: _Said, folders: list[_Said], faults: Faults) -> None:
    if said.value in (FILE, PYPROJECT):
        faults.at(said.node, "unknown-value", f"`{said.value}` is the configuration.", "Name another file.")
    if said.value.split("/")[0].lower() == ".git":
        faults.at(said.node, "unknown-value", f"`{said.value}` is in git's own folder.", "Name a path outside of it.")
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


def _folders(root: MappingNode) -> Iterator[_Said]:
    main = _text(root, "directory") or _Said(_ELSE.directory, "", root)
    yield main._replace(whose="the whole project")
    for name, table in _components(root):
        own = _text(table, "directory") or _Said(posixpath.join(main.value, name.value), "", name)
        if name.value != RELEASED:
            yield own._replace(whose=f"the component `{name.value}`")


def _changelogs(root: MappingNode) -> Iterator[_Said]:
    yield (_text(root, "changelog") or _Said(_ELSE.changelog, "", root))._replace(whose="the whole project")
    for name, table in _components(root):
        if own := _text(table, "changelog"):
            yield own._replace(whose=f"the component `{name.value}`")


def _tags(root: MappingNode) -> Iterator[_Said]:
    """Of what is released by itself."""
    yield (_text(root, "tag") or _Said(_ELSE.tag, "", root))._replace(whose="the whole project")
    for name, table in _components(root):
        if _text(table, "changelog") and (tag := _text(table, "tag")):
            yield tag._replace(value=tag.value.replace("{component}", name.value), whose=f"the component `{name.value}`")


def _components(root: MappingNode) -> Iterator[tuple[ScalarNode, MappingNode]]:
    components = value_at(root, "components")
    if components is root or not isinstance(components, MappingNode):
        return
    for name, table in components.value:
        if isinstance(table, MappingNode):
            yield name, table


def _text(table: MappingNode, key: str) -> _Said | None:
    node = value_at(table, key)
    return _Said(node.value, "", node) if isinstance(node, ScalarNode) and node.style and node.value else None
