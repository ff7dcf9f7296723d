"""YAML and JSON through libyaml's events: no recursion, no objects made, each key with its line.

JSON is read as YAML too, once its comments are blanked: that also takes the trailing commas and bare keys that people's
`settings.json` have.
"""

from __future__ import annotations

from typing import Any

from relbot.detect.config_structure.entry import Entry, Path, Unreadable, dotted_path, kind_of
from relbot.schema import lazy_re as re

MOST_CHARACTERS = 400_000
DEEPEST = 100
"""Collections inside each other. libyaml's time grows with the square of flow collections, ours with that of paths."""


def read_yaml(text: str) -> list[Entry]:
    """The keys of all documents of a YAML text.

    A list of sections is keyed by their `name` (or `id`, `key`) where they have one; documents by `kind` and
    `metadata.name` as Kubernetes has them. `NAME=value` in a list is a key. Raises Unreadable.
    """
    import yaml  # only where a YAML file changes

    if len(text) > MOST_CHARACTERS or _too_deep(text):
        raise Unreadable
    loader = getattr(yaml, "CLoader", yaml.Loader)
    try:
        documents = _read_documents(yaml.parse(text, Loader=loader))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise Unreadable from error
    entries: list[Entry] = []
    for number, (root, found) in enumerate(documents):
        if root != "section" and found:
            raise Unreadable
        prefix = _item_prefix(found, number)
        entries += [entry._replace(path=(*prefix, *entry.path)) for entry in found]
    return entries


def read_json(text: str) -> list[Entry]:
    """The keys of a JSON text, with `//`, `#` and `/* */` comments or without. Raises Unreadable."""
    return read_yaml(_COMMENT.sub(_blank_template, text))


class _Open:
    """A collection that is being read: its path, whether it is a list, and the key that waits for its value."""

    def __init__(self, path: Path, is_list: bool, line: int, start: int) -> None:  # noqa: FBT001  # a node, not a mode
        self.path, self.is_list, self.line, self.start = path, is_list, line, start
        self.key: str | None = None
        self.key_line = line
        self.items: list[str] = []
        self.count = 0


def _read_documents(events: Any) -> list[tuple[str, list[Entry]]]:
    import yaml  # only where a YAML file changes

    documents: list[tuple[str, list[Entry]]] = []
    found: list[Entry] = []
    stack: list[_Open] = []
    anchors: dict[str, Path] = {}
    root = "nothing"
    for event in events:
        kind = type(event)
        if kind is yaml.DocumentStartEvent:
            found, root = [], "nothing"
        elif kind is yaml.DocumentEndEvent:
            documents.append((root, found))
        elif kind in {yaml.MappingStartEvent, yaml.SequenceStartEvent}:
            is_list = kind is yaml.SequenceStartEvent
            line = event.start_mark.line + 1
            if stack:
                path, line = _place_entry(stack[-1], line)
            else:
                path, root = (), "list" if is_list else "section"
            if len(stack) >= DEEPEST:
                raise Unreadable
            stack.append(_Open(path, is_list, line, len(found)))
            if event.anchor:
                anchors[event.anchor] = path
        elif kind in {yaml.MappingEndEvent, yaml.SequenceEndEvent}:
            _close_section(stack.pop(), found)
        elif kind in {yaml.ScalarEvent, yaml.AliasEvent} and stack:
            _add_scalar(stack[-1], event, found, anchors)
        elif kind is yaml.ScalarEvent:
            root = "text"
            found.append(Entry(("",), "", "text", 1))
    return documents


def _place_entry(parent: _Open, line: int) -> tuple[Path, int]:
    if parent.is_list:
        parent.count += 1
        return (*parent.path, f"[{parent.count}]"), line
    if parent.key is None:
        parent.key = "?"
        return (*parent.path, "?"), line
    key, parent.key = parent.key, None
    return (*parent.path, key), parent.key_line


def _add_scalar(parent: _Open, event: Any, found: list[Entry], anchors: dict[str, Path]) -> None:
    line = event.start_mark.line + 1
    value = getattr(event, "value", None)
    text = f"*{dotted_path(anchors.get(event.anchor) or (event.anchor,))}" if value is None else value
    if parent.is_list:
        if variable := _VARIABLE.fullmatch(text):
            found.append(Entry((*parent.path, variable[1]), variable[2], kind_of(variable[2]), line))
        else:
            parent.items.append(text)
    elif parent.key is None:
        parent.key, parent.key_line = text, line
    else:
        kind = kind_of(text) if getattr(event, "implicit", (True,))[0] else "text"
        if value is None:
            kind = "nothing" if parent.key == "<<" else "alias"
        found.append(Entry((*parent.path, parent.key), text, kind, parent.key_line))
        parent.key = None


def _close_section(closed: _Open, found: list[Entry]) -> None:
    if not closed.path:
        return
    if closed.is_list:
        below = found[closed.start :]
        if closed.count and all(entry.kind == "list" and len(entry.path) == len(closed.path) + 1 for entry in below):
            rows = ", ".join([f"[{entry.value}]" for entry in below] + closed.items)
            found[closed.start :] = [Entry(closed.path, rows, "list", closed.line)]
        elif closed.count:
            found[closed.start :] = _name_list_items(below, len(closed.path))
        else:
            found.append(Entry(closed.path, ", ".join(closed.items), "list", closed.line))
    elif len(found) == closed.start:
        found.append(Entry(closed.path, "{}", "section", closed.line))


def _name_list_items(entries: list[Entry], depth: int) -> list[Entry]:
    """The sections of a list below their names instead of their numbers; all below `[]` where they have none."""
    names = {entry.path[depth]: entry.value for entry in entries if entry.path[depth + 1 :] in _NAMES and len(entry.value) < 80}
    return [
        entry._replace(path=(*entry.path[:depth], f"[{names.get(entry.path[depth], '')}]", *entry.path[depth + 1 :]))
        if entry.path[depth].startswith("[")
        else entry
        for entry in entries
    ]


def _item_prefix(found: list[Entry], number: int) -> Path:
    values = {entry.path: entry.value for entry in found if entry.path in {("kind",), ("metadata", "name")}}
    if len(values) == 2:
        return (f"{values['kind',]}/{values['metadata', 'name']}",)
    return (f"[{number + 1}]",) if number else ()


def _too_deep(text: str) -> bool:
    if text.count("[") + text.count("{") <= DEEPEST:
        return False
    depth = 0
    for bracket in _BRACKET.findall(text):
        depth += 1 if bracket in "[{" else -1
        if depth > DEEPEST:
            return True
    return False


def _blank_template(match: re.Match[str]) -> str:
    text = match[0]
    if text[0] in "\"'":
        return text
    return " " if text == "\t" else "\n" * text.count("\n") or " "


_NAMES = ((("name"),), (("id"),), (("key"),))
_VARIABLE = re.compile(r"([A-Z][A-Z0-9_]+)=(.*)", re.S)
_BRACKET = re.compile(r"[\[\]{}]")
_COMMENT = re.compile(
    r"\"(?:[^\"\\\n]|\\.)*+\"?|'(?:[^'\\\n]|\\.)*+'?|//[^\n]*|/\*(?:[^*]|\*(?!/))*+(?:\*/)?|(?:^|(?<=\s))#[^\n]*|\t"
)
