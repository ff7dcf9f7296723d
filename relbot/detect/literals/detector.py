"""Detector `literals`: named literals that installations share with the code, and those that the documentation knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.items import Item, ItemChange, compare_items, report_items
from relbot.detect.engine.model import ChangeSet, Detector, Evidence, FileChange
from relbot.detect.engine.path_roles import is_documentation, is_translation, is_vendored
from relbot.detect.engine.retention import is_kept_shorter
from relbot.detect.engine.syntax import language_of, note_unparsed, parse_sides
from relbot.detect.literals.facts import FACTS, PHASES, SENTENCES
from relbot.detect.literals.kinds import is_switch, says_nothing_of_settings
from relbot.detect.literals.named_places import EVERY_ADDRESS
from relbot.detect.literals.stored_data import (
    CLASS,
    ENCODING,
    ENCRYPTED,
    holds_model,
    read_encodings,
    read_encrypted,
    read_new_columns,
    read_stored_classes,
)
from relbot.detect.literals.stored_enums import read_stored_enums
from relbot.detect.literals.stored_values import STORED
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_OTHER_CODE = re.compile(
    r"\.(sh|bash|ksh|c|cc|cpp|cxx|h|hpp|hs|scala|clj|cljs|erl|hrl|lua|swift|dart|pl|pm|r|jl|ml|nim|zig|vb|fs|groovy|cr|d)$"
)


def find_literals(changes: ChangeSet) -> Iterator[Evidence]:
    """Evidence over all code and configuration of a change set."""
    old: list[Item] = []
    new: list[Item] = []
    kinds: list[Item] = []
    left: list[Item] = []
    for change in filter(holds_model, changes.files):
        kinds += read_stored_classes(change.old)
        left += read_stored_classes(change.new)
        if change.before is not None and change.after is not None:
            fresh = read_new_columns(changes)
            kinds += (item._replace(path=change.path) for item in read_encrypted(change.old))
            left += (item._replace(path=change.path) for item in read_encrypted(change.new) if item.name not in fresh)
    was, now = read_stored_enums(changes)
    kinds += was
    left += now
    for change in changes.files:
        if change.before is None or change.after is None or change.before == change.after:
            continue
        if is_documentation(change.path) or is_vendored(change.path) or is_translation(change.path):
            continue
        before, after = _read_both(change)
        old += [item._replace(path=change.path) for item in before]
        new += [item._replace(path=change.path) for item in after]
    found = (*compare_items(_merge(old), _merge(new)), *compare_items(kinds, left))
    yield from map(_with_old_values, report_items("literals", _classify(found), SENTENCES, PHASES))


_NAMED_VALUE = re.compile(r"`([a-z][a-z0-9]*(?:[-_.:/][a-z0-9]+)+)` →")


def _with_old_values(seen: Evidence) -> Evidence:
    """The evidence with old values as subjects, too: where the documentation names `mail-worker`, people rely on it."""
    if seen.fact != "literal-changed":
        return seen
    values = tuple(found[1] for words in seen.details if (found := _NAMED_VALUE.search(words)) and len(found[1]) >= _TELLING)
    return seen._replace(subjects=(*seen.subjects, *values)) if values else seen


_TELLING = 8
"""From so many characters on, a value that the documentation has is hardly there by chance."""


def _read_both(change: FileChange) -> tuple[list[Item], list[Item]]:
    from relbot.detect.config_structure.entry import Unreadable  # for changed code alone
    from relbot.detect.literals.reading import read_code
    from relbot.detect.literals.settings_files import is_config_file, read_lines, read_literal_settings
    from relbot.detect.literals.touched import find_touched_lines

    if is_config_file(change.path):
        try:
            return list(read_literal_settings(change.old, change.path)), list(read_literal_settings(change.new, change.path))
        except Unreadable:
            note_unparsed(change)
            return [], []
    if language_of(change.path) is None:
        if not _OTHER_CODE.search(change.path):
            return [], []
        old, new = ("\n".join(line.text for line in lines) for lines in (change.removed, change.added))
        return list(read_lines(old, change.path)), list(read_lines(new, change.path))
    before, after = read_encodings(change.old, change.path), read_encodings(change.new, change.path)
    if (touched := find_touched_lines(change)) is None:
        return before, after
    sides = parse_sides(change)
    if sides.old is None or sides.new is None:
        return before, after
    old_lines, new_lines = sides.old.lines(touched.old), sides.new.lines(touched.new)
    before += read_code(sides.old, old_lines, change.path)
    after += read_code(sides.new, new_lines, change.path)
    return before, after


def _merge(items: Iterable[Item]) -> list[Item]:
    """One item for each name of a kind in a file, with all values that it has there."""
    found: dict[tuple[str, str, str], Item] = {}
    values: dict[tuple[str, str, str], list[str]] = {}
    for item in items:
        key = (item.path, item.group, item.name)
        found.setdefault(key, item)
        values.setdefault(key, []).append(item.value)
    return [
        item._replace(group=f"{item.group} {key[0]}", value=", ".join(dict.fromkeys(values[key]))) for key, item in found.items()
    ]


_FACTS_OF = {
    "queue": "queue-renamed",
    "store": "store-moved",
    "layout": "layout-changed",
    "address": "address-changed",
    "bound": "address-changed",
    "defaulted": "address-changed",
    "scope": "scope-renamed",
    "policy": "policy-changed",
    "cookie": "cookie-renamed",
    "cache": "cache-key-changed",
    "log": "log-format-changed",
    "file": "file-moved",
    "config": "config-moved",
    "crypto": "crypto-changed",
    "sender": "sender-changed",
    "exit": "exit-code-changed",
    "header": "header-renamed",
    "limit": "limit-changed",
    "setting": "setting-changed",
    "other": "literal-changed",
}


def _classify(found: Iterable[ItemChange]) -> Iterator[tuple[str, ItemChange]]:
    for change in found:
        kind = change.group.partition(" ")[0]
        if kind in _KEPT:
            if fact := _fact_of_kept(kind, change):
                yield fact, change
        elif kind == "defaulted" and change.happened in ("added", "removed", "changed"):
            yield "address-changed", change
        elif change.old is not None and change.new is not None and _is_changed(change):
            if kind == "other" and says_nothing_of_settings(change.name):
                continue
            fact = _fact_of_values(kind, change.name, change.old.value, change.new.value)
            yield "switched" if fact == "literal-changed" and _is_switched(change.old, change.new) else fact, _plain(change)


_KEPT = ("strict", CLASS, ENCODING, ENCRYPTED, STORED)


def _fact_of_kept(kind: str, change: ItemChange) -> str:
    """The fact about what a program takes or keeps, "" for what disturbs nobody."""
    if kind == "strict":
        return "stricter" if change.happened == "added" else ""
    if kind == CLASS:
        return "stored-value-changed" if change.happened in ("removed", "renamed") else ""
    if kind == ENCRYPTED:
        return "" if change.happened == "moved" else "crypto-changed"
    if kind == STORED:
        only_named = change.old is not None and change.new is not None and change.old.value == change.new.value != ""
        return "stored-value-changed" if change.happened != "added" and not only_named else ""
    if change.old is None or change.new is None or not _is_lost(change.old.value, change.new.value):
        return ""
    return "cache-encoding-changed" if change.name.endswith(" cache") else "encoding-changed"


def _is_lost(old: str, new: str) -> bool:
    """Whether one form is no longer written or read, and another one is."""
    was, now = set(old.split(", ")), set(new.split(", "))
    return bool(was - now) and bool(now - was)


_TRUTHS = {"true", "false"}


def _is_switched(old: Item, new: Item) -> bool:
    """Whether what switches something on or off has the other value."""
    return {old.value.lower(), new.value.lower()} == _TRUTHS and is_switch(old.name, old.path)


_ORDERED = re.compile(
    r"(?i)middleware|hasher|backend|pipeline|filter|handler|processor|loader|finder|order|chain|intercept|algorithm|cipher"
)


def _fact_of_values(kind: str, name: str, old: str, new: str) -> str:
    """The fact that a changed value is, by what it was and is."""
    was, now = ([part.strip() for part in value.split(", ")] for value in (old, new))
    if kind == "setting" and len(was) > 1 and sorted(was) == sorted(now) and not _ORDERED.search(name):
        return "list-reordered"
    if is_kept_shorter(name, old, new):
        return "retention-lowered"
    if _is_something_else(kind, name, old, new):
        return "literal-changed"
    if kind == "crypto" and set(was) <= set(now):
        return "setting-changed"  # what was accepted still is
    return "log-directory-changed" if kind == "file" and _is_in_new_directory(old, new) else _FACTS_OF[kind]


_THERE = frozenset(("/var/log", "/run", "/var/run", "/tmp", ""))  # noqa: S108  # what every system has


def _is_in_new_directory(old: str, new: str) -> bool:
    """Whether a file lies in a directory that need not be there, where it lay in another one."""
    was, now = (path.rpartition("/")[0] for path in (old, new))
    return was.startswith("/") and now.startswith("/") and now != was and now not in _THERE and not was.startswith(f"{now}/")


def _is_something_else(kind: str, name: str, old: str, new: str) -> bool:
    """Whether the values are not what the name says: a number where queues have names, a raised limit, the subject of a mail."""
    every = [part.strip() for value in (old, new) for part in value.split(", ")]
    if kind == "limit":
        was, now = _sizes_in(old), _sizes_in(new)
        return len(was) == len(now) and all(after >= before for before, after in zip(was, now, strict=True))
    if kind == "queue" and "subject" in name.lower() and any(" " in part for part in every):
        return True
    if kind in ("queue", "store"):
        return all(part.isdecimal() for part in every)
    if kind == "sender":
        return not ("@" in old and "@" in new)
    if kind == "bound":
        return new == EVERY_ADDRESS
    return kind == "exit" and not all(part.isdecimal() for part in every)


_SIZE = re.compile(r"(\d{1,15})\s*(?:([kmg])i?b?\b)?", re.I)


def _sizes_in(text: str) -> list[int]:
    """The numbers of a text, in bytes where they are sizes such as `10mb`."""
    return [int(number) << (10 * " kmg".index((unit or " ").lower())) for number, unit in _SIZE.findall(text)]


def _is_changed(change: ItemChange) -> bool:
    return change.happened == "changed" and _is_other(
        change.old.value if change.old else "", change.new.value if change.new else ""
    )


def _is_other(old: str, new: str) -> bool:
    """Whether the values differ in more than notation, or in what was added to a list."""
    before, after = ([part.strip().strip("\"'").lower() for part in value.split(", ")] for value in (old, new))
    return before != after and not set(before) < set(after)


def _plain(change: ItemChange) -> ItemChange:
    """The change with the last part of the name: what people call the setting, the constant or the argument."""

    def short(item: Item | None) -> Item | None:
        return None if item is None else item._replace(name=item.name.rpartition(".")[2] or item.name)

    return change._replace(old=short(change.old), new=short(change.new))


DETECTOR = Detector(
    "literals",
    "Named literals that installations share with the code: queues, stores, addresses, scopes, cookies, cache keys, log formats.",
    "Queued jobs, stored data and clients still use the old value.",
    FACTS,
    find=find_literals,
)
