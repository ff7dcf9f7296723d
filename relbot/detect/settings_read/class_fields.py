"""Fields of classes that hold settings: pydantic, attrs, dataclasses, and models of settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.syntax import line_of, text_of
from relbot.detect.settings_read.setting import OPTION, Setting, normalize_source
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

_CONFIG_CLASS = re.compile(r"(?i)(config|configuration|settings|options)$")
_MODEL_FIELD = re.compile(r"models\.(\w+)Field\((.*)\)$", re.S)


def read_class_field(node: Node, name: str, owner: Node) -> Iterator[Setting]:
    """The setting that a field of a class is, if the class holds settings."""
    bases = text_of(owner.child_by_field_name("superclasses"))
    title = text_of(owner.child_by_field_name("name"))
    kind = node.child_by_field_name("type")
    if kind is None and "ettings" in title and (kept := _MODEL_FIELD.match(text_of(node.child_by_field_name("right")))):
        given = re.search(r"\bdefault=([^,)]+)", kept[2])
        yield Setting(OPTION, name, line_of(node), normalize_source(given[1]) if given else None, type=kept[1])
    if kind is None or name.startswith("_") or not ("BaseSettings" in bases or _CONFIG_CLASS.search(title)):
        return
    right = text_of(node.child_by_field_name("right"))
    default = normalize_source(right) if right else None
    limits: tuple[tuple[str, str], ...] = ()
    field = re.match(r"(?:\w+\.)?(?:Field|field|ib|attrib)\((.*)\)$", right, re.S)
    if field is not None:
        first = re.search(r"default\s*=\s*([^,)]+)", field[1]) or re.match(r"\s*([^,=)]+)(?:,|$)", field[1])
        default = normalize_source(first[1]) if first else None
        limits = tuple((key, value.strip()) for key, value in re.findall(r"\b(ge|le|gt|lt|max_length)=([^,)]+)", field[1]))
    required = default is None or default == "..."
    said = re.search(r"\b(?:validation_)?alias\s*=\s*(\"[^\"]*\"|'[^']*'|\w+\([^()]*\))", right)
    aliases = tuple(re.findall(r"[\"']([\w.-]+)[\"']", said[1])) if said is not None else ()
    yield Setting(
        OPTION,
        name,
        line_of(node),
        default,
        type=normalize_source(text_of(kind)),
        required=required,
        limits=limits,
        aliases=aliases,
        deprecated="deprecated" in right,
    )
