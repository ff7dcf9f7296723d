"""Detector `protobuf`: numbers, types and names of messages, enumerations and services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.items import Item, ItemChange, report_items
from relbot.detect.engine.model import ChangeSet, Detector, Evidence
from relbot.detect.engine.path_roles import is_test, is_vendored
from relbot.detect.protobuf.facts import FACTS, SENTENCES
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORD = re.compile(r"//[^\n]*|/\*(?:[^*]|\*(?!/))*+(?:\*/)?|\"[^\"\n]*\"|[\w.]+|[{}=;<>,\[\]()-]")
_LABELS = frozenset(("optional", "required", "repeated"))
_TYPES = frozenset(("message", "enum", "service", "oneof", "extend"))


def find_protobuf(changes: ChangeSet) -> Iterator[Evidence]:
    """Evidence over all files of protocol buffers that exist before and after."""
    found: list[tuple[str, ItemChange]] = []
    for change in changes.files:
        if not change.path.endswith(".proto") or change.before is None or change.after is None or change.before == change.after:
            continue
        if not is_test(change.path) and not is_vendored(change.path):
            old, new = ([item._replace(path=change.path) for item in read_proto(text)] for text in (change.old, change.new))
            package = next((item.value for item in new if item.group == "package"), "")
            beside = [
                item
                for other in changes.files
                if other is not change and other.path.endswith(".proto") and other.after is not None
                for item in _read_package(other.new, package)
            ]
            there = {item.name for item in new}
            found += _compare_numbers(
                old, [*new, *(item._replace(path=change.path) for item in beside if item.name not in there)]
            )
    yield from report_items("protobuf", found, SENTENCES)


def _read_package(text: str, package: str) -> list[Item]:
    """The items of a file of that package: a message that moves to another file of it is the same."""
    items = list(read_proto(text)) if package else []
    return items if any(item.group == "package" and item.value == package for item in items) else []


def read_proto(text: str) -> Iterator[Item]:
    """The fields, values and methods of a file: named by what they are in, the group is its kind, the value "number type"."""
    stack: list[str] = []
    words: list[str] = []
    for part in _WORD.findall(text):
        if part.startswith(("//", "/*")):
            continue
        if part == "{":
            is_type = len(words) > 1 and words[0] in _TYPES
            if words[:1] == ["rpc"] and len(words) > 1:
                yield _method(words, stack)
            stack.append(f"{words[0]} {words[1]}" if is_type else "")
            words = []
        elif part == "}":
            if stack:
                stack.pop()
            words = []
        elif part == ";":
            yield from _read_statement(words, stack)
            words = []
        else:
            words.append(part)


def _owners(stack: list[str]) -> list[str]:
    return [name.split()[1] for name in stack if name and not name.startswith("oneof")]


def _method(words: list[str], stack: list[str]) -> Item:
    """A method; its value is what it takes and gives: `( Room ) returns ( stream Room )`."""
    return Item("method", ".".join([*_owners(stack), words[1]]), " ".join(words[2:]))


def _read_statement(words: list[str], stack: list[str]) -> Iterator[Item]:
    owners = _owners(stack)
    if words[:1] == ["rpc"] and len(words) > 1:
        yield _method(words, stack)
    elif words[:1] == ["package"] and len(words) > 1:
        yield Item("package", "package", "".join(words[1:]))
    elif words[:1] == ["reserved"]:
        for word in words[1:]:
            yield Item("reserved", ".".join([*owners, word.strip('"')]))
    elif "=" in words and owners and words[0] not in ("option", "extensions", "import", "package", "syntax"):
        at = words.index("=")
        names = [word for word in words[:at] if word not in _LABELS]
        number = (
            "".join(words[at + 1 : at + 3]) if words[at + 1 : at + 2] == ["-"] else words[at + 1] if len(words) > at + 1 else ""
        )
        if names:
            alone = next((f" (oneof {name.split()[1]})" for name in stack[-1:] if name.startswith("oneof")), "")
            yield Item("field", ".".join([*owners, names[-1]]), f"{number} {' '.join(names[:-1])}".strip() + alone)
            yield Item("json", ".".join([*owners, names[-1]]), _json_name(names[-1], words[at:]))


def _json_name(name: str, rest: list[str]) -> str:
    """The name of a field in JSON: the one that is given, else its own without `_` (https://protobuf.dev/programming-guides/json/)."""
    if "json_name" in rest[:-2]:
        return rest[rest.index("json_name") + 2].strip('"')
    first, *others = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in others)


def _compare_packages(old: list[Item], new: list[Item]) -> Iterator[tuple[str, ItemChange]]:
    before, after = (next((item for item in items if item.group == "package"), None) for items in (old, new))
    if before is not None and after is not None and before.value != after.value:
        yield "package-renamed", ItemChange("changed", "package", before, after)


def _compare_json_names(old: list[Item], new: list[Item]) -> Iterator[tuple[str, ItemChange]]:
    after = {item.name: item for item in new if item.group == "json"}
    for item in old:
        now = after.get(item.name) if item.group == "json" else None
        if now is not None and now.value != item.value:
            yield "json-name-changed", ItemChange("changed", "json", item, now)


def _fact_of_change(item: Item, now: Item) -> str:
    if item.group == "method":
        return "method-changed"
    return "field-renumbered" if now.value.split()[:1] != item.value.split()[:1] else "type-changed"


def _compare_numbers(old: list[Item], new: list[Item]) -> Iterator[tuple[str, ItemChange]]:
    reserved = {item.name for item in new if item.group == "reserved"}
    yield from _compare_packages(old, new)
    yield from _compare_json_names(old, new)
    after = {(item.group, item.name): item for item in new}
    by_number = {
        (item.name.rpartition(".")[0], item.value.split()[0]): item for item in new if item.group == "field" and item.value
    }
    for item in old:
        if item.group in ("reserved", "package", "json"):
            continue
        now = after.get((item.group, item.name))
        owner = item.name.rpartition(".")[0]
        if now is not None:
            if now.value != item.value:
                yield _fact_of_change(item, now), ItemChange("changed", item.group, item, now)
        elif item.group == "method":
            yield "method-removed", ItemChange("removed", item.group, item, None)
        elif item.value and (other := by_number.get((owner, item.value.split()[0]))) is not None:
            fact = "field-renamed" if other.value == item.value else "field-renumbered"
            yield fact, ItemChange("renamed", item.group, item, other)
        else:
            gone = ItemChange("removed", item.group, item, None)
            yield "field-removed", gone
            if item.value and f"{owner}.{item.value.split()[0]}" in reserved:
                yield "number-reserved", gone


DETECTOR = Detector(
    "protobuf",
    "Messages, enums and services of protocol buffers: numbers, types, names.",
    "The new code reads messages that clients or stores encoded with the old definition.",
    FACTS,
    find=find_protobuf,
)
