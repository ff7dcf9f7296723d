"""The configuration that imported notes need: the types and components of the tool, beside what is configured already."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from relbot.config.model import DEFAULT_TYPES, PYPROJECT, ChangeType, Config
from relbot.config.read import read_config
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relbot.adoption.notes.model import ForeignComponent, ForeignNotes


class ConfigFile(NamedTuple):
    """The file that holds the configuration: its path, its text, and whether it is there already."""

    path: str
    text: str
    is_there: bool


class ExtendedConfig(NamedTuple):
    """The configuration with what notes need, and the text of its file then."""

    config: Config
    text: str


def extend_config(file: ConfigFile, notes: ForeignNotes, *, has_fragments: bool) -> ExtendedConfig:
    """The configuration with the types and components of a tool. ConfigError if the file has faults.

    Where fragments are there already, the types that they may have stay.
    """
    config = read_config(file.path, file.text) or Config()
    within = "tool.relbot." if file.path.rpartition("/")[2] == PYPROJECT else ""
    blocks = [
        *_type_tables(config, notes.types, within, keeps=has_fragments),
        *_component_tables(config, notes.components, within),
    ]
    if not blocks:
        return ExtendedConfig(config, file.text)
    text = f"{file.text.rstrip()}\n\n" + "\n".join(blocks)
    return ExtendedConfig(read_config(file.path, text) or Config(), text)


def _type_tables(config: Config, types: Sequence[ChangeType], within: str, *, keeps: bool) -> list[str]:
    named = set(config.type_names)
    if not types or {each.name for each in types} <= named:
        return []
    is_default = config.types == DEFAULT_TYPES
    before = [each for each in config.types if is_default and keeps]
    known = {each.name for each in before} if is_default else named
    return [_type_table(each, within) for each in (*before, *(each for each in types if each.name not in known))]


def _type_table(each: ChangeType, within: str) -> str:
    title, bump = json.dumps(each.title, ensure_ascii=False), json.dumps(each.bump)
    return f"[{within}types.{json.dumps(each.name)}]\ntitle = {title}\nbump = {bump}\n"


def _component_tables(config: Config, components: Sequence[ForeignComponent], within: str) -> list[str]:
    known = set(config.component_names)
    tables = []
    for each in components:
        if each.name in known:
            continue
        keys = [("title", each.title), ("changelog", each.changelog), ("tag", each.tag)]
        lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in keys if value]
        tables.append(f"[{within}components.{json.dumps(each.name)}]\n{''.join(lines)}")
    return tables
