"""What a description of an API or of data promises: OpenAPI, Swagger, JSON Schema, Avro."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.config_structure.reading import read_live_entries
from relbot.detect.engine.items import Item
from relbot.detect.interfaces.route_words import plain_path
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.detect.config_structure.entry import Entry

_NAMED = re.compile(
    r"(?i)(openapi|swagger)[^/]{0,200}\.(ya?ml|json)$|\.schema\.json$|(^|/)(json)?schemas?/[^/]{0,200}\.json$|\.avsc$"
)
_WORD = re.compile(r"[^\s,\[\]\"']+")
_CHART = re.compile(r"(^|/)values\.schema\.json$")
_HEAD = re.compile(rb"(?m)^\s{0,4}[\"']?(openapi|swagger)[\"']?\s*:\s*[\"']?[23]")
_METHODS = frozenset("get post put patch delete head options trace".split())


def describes_api(path: str, content: bytes) -> bool:
    """Whether a file is such a description, by its name or its first lines."""
    if _CHART.search(path):
        return False
    is_data = path.endswith((".yaml", ".yml", ".json"))
    return _NAMED.search(path) is not None or (is_data and _HEAD.search(content[:2_000]) is not None)


def read_description(text: str, path: str) -> Iterator[Item]:
    """The operations, parameters and fields of a description. Raises Unreadable."""
    entries = read_live_entries("json" if path.endswith(("json", "avsc")) else "yaml", text)
    if path.endswith(".avsc"):
        yield from _read_record(entries)
        return
    needed = {entry.path[:-1] for entry in entries if entry.path[-1] == "required" and entry.value == "true"}
    names: dict[tuple[str, ...], str] = {
        entry.path[:5]: entry.value for entry in entries if len(entry.path) == 6 and entry.path[5] == "name"
    }
    for entry in entries:
        where = entry.path
        if where[0] == "servers" and where[-1] == "url":
            yield Item("server", entry.value, "", entry.line)
        if where[0] == "paths" and len(where) > 2:
            yield from _read_operation(entry, needed)
            yield from _read_type(entry, names)
        yield from _read_list(entry, names)
        if where[-1] == "additionalProperties" and entry.value in ("true", "false"):
            yield Item("closed", _title(where[:-1]), entry.value, entry.line)
        if "properties" in where[:-1]:
            at = where.index("properties")
            yield Item(
                "field", f"{_title(where[:at])}.{where[at + 1]}", entry.value if where[at + 2 :] == ("type",) else "", entry.line
            )


def read_fields_by_reference(text: str, path: str) -> set[str]:
    """The fields that a place has because it refers to a schema of the same file, as `place.field`. Raises Unreadable."""
    entries = read_live_entries("json" if path.endswith(("json", "avsc")) else "yaml", text)
    below: dict[tuple[str, ...], set[str]] = {}
    for entry in entries:
        if "properties" in entry.path[:-1]:
            at = entry.path.index("properties")
            below.setdefault(entry.path[:at], set()).add(entry.path[at + 1])
    return {
        f"{_title(entry.path[:-1])}.{field}"
        for entry in entries
        if entry.path[-1] == "$ref"
        for field in below.get(tuple(entry.value.strip("\"'").removeprefix("#/").split("/")), ())
    }


def _read_type(entry: Entry, names: dict[tuple[str, ...], str]) -> Iterator[Item]:
    """The type of a parameter."""
    where = entry.path
    if len(where) > 6 and where[3] == "parameters" and where[-1] == "type" and where[:5] in names:
        yield Item("parameter-type", f"{where[2].upper()} {plain_path(where[1])} {names[where[:5]]}", entry.value, entry.line)


def _read_list(entry: Entry, names: dict[tuple[str, ...], str]) -> Iterator[Item]:
    """The fields that a schema demands, and the values that a field or a parameter may have."""
    where = entry.path
    if entry.kind != "list" or where[-1] not in ("required", "enum"):
        return
    for word in _WORD.findall(entry.value):
        if where[-1] == "required":
            yield Item("demand", f"{_title(where[:-1])}.{word}", "", entry.line)
        else:
            yield Item("allowed", f"{names.get(where[:5]) or _title(where[:-1])}: {word}", "", entry.line)


def _read_operation(entry: Entry, needed: set[tuple[str, ...]]) -> Iterator[Item]:
    where = entry.path
    if where[2] not in _METHODS:
        return
    operation = f"{where[2].upper()} {plain_path(where[1])}"
    yield Item("operation", operation, "", entry.line)
    if len(where) > 4 and where[3] == "responses" and where[4].strip("\"'")[:1] == "2":
        yield Item("response", f"{operation} {where[4]}", "", entry.line)
    if len(where) > 5 and where[3] == "parameters" and where[5] == "name":
        demanded = "required" if where[:5] in needed and not where[1].endswith(f"{{{entry.value}}}") else ""
        yield Item("parameter", f"{operation} {entry.value}", demanded, entry.line)


def _title(where: tuple[str, ...]) -> str:
    """The schema's name: what stands last below its list, or the operation's path."""
    return next((part for part in reversed(where) if part not in ("properties", "schema", "items", "allOf", "content")), "it")


def _read_record(entries: list[Entry]) -> Iterator[Item]:
    """The fields of a record of Avro: readers of old messages need a default for one that is new."""
    title = next((entry.value for entry in entries if entry.path == ("name",)), "record")
    filled = {entry.path[:-1] for entry in entries if entry.path[-1] == "default"}
    for entry in entries:
        if entry.path[-1] == "symbols":
            yield from (Item("symbol", f"{title}: {value}", "", entry.line) for value in re.findall(r"\w+", entry.value))
        if entry.path[-1] == "type" and len(entry.path) > 2 and entry.path[-3] == "fields":
            name = entry.path[-2].strip("[]")
            yield Item(
                "record", f"{title}.{name}", f"{entry.value}{'' if entry.path[:-1] in filled else ' without default'}", entry.line
            )
