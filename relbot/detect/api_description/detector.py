"""Descriptions of APIs and of exchanged data: what clients were promised, and no longer are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.api_description.facts import FACTS, SENTENCES
from relbot.detect.engine.items import Item, ItemChange, compare_items, report_items
from relbot.detect.engine.model import ChangeSet, Detector, Evidence
from relbot.detect.engine.syntax import note_unparsed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def find_descriptions(changes: ChangeSet) -> Iterator[Evidence]:
    """Evidence over all descriptions of a change set: an operation that moved to another file is still promised."""
    from relbot.detect.api_description.reading import (  # readers of YAML
        describes_api,
        read_description,
        read_fields_by_reference,
    )
    from relbot.detect.config_structure.entry import Unreadable

    old: list[Item] = []
    new: list[Item] = []
    referred: set[str] = set()
    for change in changes.files:
        if change.before == change.after or not describes_api(change.path, change.before or change.after or b""):
            continue
        try:
            before, after = (
                [item._replace(path=change.path) for item in read_description(text, change.path)] if text.strip() else []
                for text in (change.old, change.new)
            )
            referred |= read_fields_by_reference(change.new, change.path) if b"$ref" in (change.after or b"") else set()
        except Unreadable:
            note_unparsed(change)
            continue
        old += before
        new += after
    found = (each for each in compare_items(old, new) if not (each.group == "field" and each.name in referred))
    yield from report_items("api-description", _classify(found, {item.name for item in old}), SENTENCES)


_LISTED = {
    "response": "response-removed",
    "server": "server-changed",
    "allowed": "values-narrowed",
    "symbol": "record-incompatible",
    "parameter-type": "field-changed",
}
"""What it means that one of a list is gone, or that a type changes, by its group."""


def _classify_listed(change: ItemChange) -> Iterator[tuple[str, ItemChange]]:
    if (change.happened in ("removed", "renamed") and change.group != "parameter-type") or change.happened == "changed":
        yield _LISTED[change.group], change


def _classify(found: Iterable[ItemChange], known: set[str]) -> Iterator[tuple[str, ItemChange]]:
    for change in found:
        gone = change.happened in ("removed", "renamed")
        if change.group == "demand":
            yield from _classify_demand(change, known)
        elif change.group == "parameter":
            if change.name.rpartition(" ")[0] in known:  # those of a new operation surprise nobody
                yield from _classify_parameter(change)
        elif change.group == "closed":
            if _value_of(change) == "false" and change.happened in ("changed", "added") and _is_open(change, known):
                yield "unknown-refused", change
        elif change.group in _LISTED:
            yield from _classify_listed(change)
        elif gone:
            yield ("operation-removed" if change.group == "operation" else "field-removed"), change
        elif change.group == "record":
            if _is_known(change.name, known) and (change.happened == "changed" or _value_of(change).endswith(" without default")):
                yield "record-incompatible", change
        elif change.happened == "changed" and change.old is not None and change.old.value and _value_of(change):
            yield "field-changed", change


def _is_open(change: ItemChange, known: set[str]) -> bool:
    """Whether the schema was there before, and took fields that it does not name."""
    return change.old is not None or _is_known(f"{change.name}.", known)


def _value_of(change: ItemChange) -> str:
    return change.new.value if change.new is not None else ""


def _classify_parameter(change: ItemChange) -> Iterator[tuple[str, ItemChange]]:
    if change.happened in ("removed", "renamed"):
        yield "parameter-removed", change
    elif _value_of(change) == "required":
        yield "parameter-required", change


def _classify_demand(change: ItemChange, known: set[str]) -> Iterator[tuple[str, ItemChange]]:
    if change.new is not None and change.happened in ("added", "renamed") and _is_known(change.new.name, known):
        yield "field-required", change._replace(old=None, happened="added")


def _is_known(name: str, known: set[str]) -> bool:
    """Whether the schema of a field was there before: what comes with it is demanded of nobody yet."""
    schema = name.rpartition(".")[0]
    return any(other.startswith(f"{schema}.") for other in known)


DETECTOR = Detector(
    "api-description",
    "Descriptions of APIs and data formats: OpenAPI, Swagger, JSON Schema, Avro.",
    "Clients that other teams deploy, and stored messages, follow the old description.",
    FACTS,
    find=find_descriptions,
)
