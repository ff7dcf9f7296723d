"""Differences of configuration as evidence: in which words, with what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.config_structure.entry import Entry, dotted_path
from relbot.detect.config_structure.facts import fact_id
from relbot.detect.config_structure.old_keys import find_old_keys_read
from relbot.detect.config_structure.roles import Role, role_of_path
from relbot.detect.config_structure.same_keys import find_same_keys
from relbot.detect.config_structure.values import REPLICAS, is_address_value, is_longer_list, is_raised_limit, is_version_value
from relbot.detect.engine.model import ChangeSet, Evidence, Todo
from relbot.detect.engine.phrases import quote_name, quote_names
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from relbot.detect.config_structure.compare import Differences, EntryPair

ID = "config-structure"
MOST_DETAILS = 60


class _Sentence(NamedTuple):
    """What happened, to which keys, how that is said, and what to do about it."""

    happened: str
    entries: Sequence[Entry | EntryPair]
    message: str
    todo: Todo | None = None


def report_differences(path: str, own: Role, found: Differences) -> Iterator[Evidence]:
    """One evidence for each thing that happened in a file."""
    for happened, entries, message, todo in _say_differences(path, own, found):
        first = _new_side(entries[0])
        yield Evidence(
            ID, fact_id(own.kind, happened), path, first.line, message, _list_details(entries), _subject_names(entries), todo
        )


def report_old_keys(own_path: str, found: Differences, changes: ChangeSet) -> Iterator[Evidence]:
    """Evidence about keys that are gone from a file and that the code still reads beside their new names."""
    gone = [*found.removed, *found.removed_deprecated, *found.shown_removed, *(pair.old for pair in found.renamed)]
    come = [*found.added, *found.shown_added, *(pair.new for pair in (*found.renamed, *found.set_now))]
    news = {entry.name for entry in come}
    for path, line, old, new in find_old_keys_read({entry.name for entry in gone} - news, news, changes):
        if path == own_path:
            continue
        message = f"{quote_name(old)} is still read beside {quote_name(new)}."
        yield Evidence(ID, "old-key-read", path, line, message, (), (old, new))


def tell_files(changes: ChangeSet) -> Iterator[Evidence]:
    """Evidence about configuration files that came, went, or have another name."""
    for change in changes.files:
        own = role_of_path(change.path) or (role_of_path(change.old_path) if change.status == "R" else None)
        if own is None:
            continue
        file = quote_name(change.path)
        if change.after is None:
            message = f"{file} is gone: {_say_owner(own)} is no longer read, or needs a replacement."
            yield Evidence(ID, fact_id(own.kind, "file-removed"), change.path, None, message, (), (change.path,))
            if others := find_same_keys(change, changes):
                message = f"{quote_names(others)} has all keys of {file}, with their values."
                yield Evidence(ID, "keys-kept", change.path, None, message, (), (change.path,))
        elif change.before is None:
            message = f"{file} is new: installations may need such a file."
            yield Evidence(ID, fact_id(own.kind, "file-added"), change.path, None, message, (), (change.path,))
        elif _file_name(change.path) != _file_name(change.old_path):
            message = f"{quote_name(change.old_path)} is now {file}: {_say_owner(own)} may need the new name."
            yield Evidence(ID, fact_id(own.kind, "file-renamed"), change.path, None, message, (), (change.old_path, change.path))


def _say_differences(path: str, own: Role, found: Differences) -> Iterator[_Sentence]:
    file, yours = quote_name(path), _say_owner(own)
    if found.moved:
        yield _say_moved(file, yours, found)
    if found.shown_moved:
        message = f"{_word_keys(found.shown_moved)}, commented out in {file}, moved {_say_below(found.shown_moved)}."
        yield _Sentence("shown-moved", found.shown_moved, message)
    if found.renamed:
        arrows = _name_pairs(found.renamed)
        message = f"{_word_keys(found.renamed)} of {file} {_word_are(found.renamed)} renamed: {arrows}."
        yield _Sentence("renamed", found.renamed, message, Todo(text=f"Rename in {yours}: {arrows}."))
    gone = Todo(text=f"Remove {_name_keys(found.removed + found.removed_deprecated)} from {yours}, or find their replacement.")
    if found.removed:
        yield _Sentence(
            "removed",
            found.removed,
            f"{_word_keys(found.removed)} of {file} {_word_are(found.removed)} gone: {_name_keys(found.removed)}.",
            gone,
        )
    if found.removed_deprecated:
        keys = found.removed_deprecated
        message = f"{_word_keys(keys)} of {file} {_word_are(keys)} gone, after deprecation: {_name_keys(keys)}."
        yield _Sentence("removed-deprecated", keys, message, gone)
    if found.shown_removed:
        keys = found.shown_removed
        yield _Sentence(
            "shown-removed",
            keys,
            f"{_word_keys(keys)}, commented out in {file}, {_word_are(keys)} gone: {_name_keys(keys)}.",
        )
    if found.retyped:
        pair = found.retyped[0]
        message = (
            f"{quote_name(dotted_path(pair.new.path))} of {file} was"
            f" {_with_article(pair.old.kind)}, now {_with_article(pair.new.kind)}{_count_more(found.retyped)}."
        )
        yield _Sentence(
            "type-changed", found.retyped, message, Todo(text=f"Write {_name_keys(found.retyped)} in {yours} in the new format.")
        )
    if found.deprecated:
        message = f"{file} marks {_name_keys(found.deprecated)} as deprecated."
        yield _Sentence(
            "deprecated", found.deprecated, message, Todo("later", text=f"Replace {_name_keys(found.deprecated)} in {yours}.")
        )
    yield from _say_added(file, yours, found)
    yield from _say_values(file, found)


def _say_moved(file: str, yours: str, found: Differences) -> _Sentence:
    below = _say_below(found.moved)
    parents = {f"*{dotted_path(pair.new.parent)}" for pair in found.moved}
    including = [dotted_path(entry.parent) for entry in found.including if entry.value in parents]
    where = f"{below}, which {quote_names(including)} include{'s' * (len(including) == 1)}" if including else below
    message = f"{_word_keys(found.moved)} of {file} moved {where}: move {_word_them(found.moved)} in {yours} too."
    return _Sentence(
        "moved", (*found.moved, *found.shown_moved), message, Todo(text=f"Move {_name_keys(found.moved)} in {yours} {below}.")
    )


def _say_added(file: str, yours: str, found: Differences) -> Iterator[_Sentence]:
    added, shown, now = found.added, found.shown_added, [pair.new for pair in found.set_now]
    required = [entry for entry in (*added, *now) if _to_fill_in(entry)]
    rest = [entry for entry in added if not _to_fill_in(entry)]
    if required:
        message = f"{_word_keys(required)} of {file} {_word_need(required)} a value: {_name_keys(required)}."
        yield _Sentence(
            "newly-required", required, message, Todo("before-install", text=f"Set {_name_keys(required)} in {yours}.")
        )
    if rest:
        yield _Sentence("added", rest, f"{_word_keys(rest)} of {file} {_word_are(rest)} new: {_name_keys(rest)}.")
    if shown:
        yield _Sentence(
            "shown-added",
            shown,
            f"{_word_keys(shown)}, commented out in {file}, {_word_are(shown)} new: {_name_keys(shown)}.",
        )
    if found.set_now:
        message = f"{_word_keys(now)} of {file} {_word_are(now)} no longer commented out: {_name_keys(now)}."
        yield _Sentence("set-now", found.set_now, message)
    if found.unset_now:
        keys = found.unset_now
        yield _Sentence(
            "unset-now", keys, f"{_word_keys(keys)} of {file} {_word_are(keys)} now commented out: {_name_keys(keys)}."
        )


def _is_more(pair: EntryPair) -> bool:
    """Whether there is only more of something: entries of a list, replicas, room for what users send."""
    return is_longer_list(pair) or REPLICAS.search(pair.new.name) is not None or is_raised_limit(pair)


def _say_values(file: str, found: Differences) -> Iterator[_Sentence]:
    versions = [pair for pair in found.changed if is_version_value(pair)]
    longer = [pair for pair in found.changed if _is_more(pair)]
    addresses = [pair for pair in found.changed if pair not in longer and is_address_value(pair)]
    if longer:
        what = "has more entries" if all(map(is_longer_list, longer)) else "has another size"
        yield _Sentence("added", longer, f"{_name_keys(longer)} of {file} {what}.")
    rest = [pair for pair in found.changed if pair not in versions and pair not in addresses and pair not in longer]
    versions = [pair for pair in versions if pair not in addresses]
    for happened, pairs in (("version-changed", versions), ("address-changed", addresses), ("default-changed", rest)):
        if pairs:
            old, new = pairs[0]
            values = f"was {_quote_value(old)} and is now {_quote_value(new)}"
            message = f"{quote_name(dotted_path(new.path))} of {file} {values}{_count_more(pairs)}."
            yield _Sentence(happened, pairs, message)
    if found.shown_changed:
        old, new = found.shown_changed[0]
        message = (
            f"{file} shows {quote_name(dotted_path(new.path))} as {_quote_value(new)}"
            f" now, as {_quote_value(old)} before{_count_more(found.shown_changed)}."
        )
        yield _Sentence("shown-default-changed", found.shown_changed, message)


def _to_fill_in(entry: Entry) -> bool:
    value = entry.value.strip().lower()
    return entry.kind not in {"section", "list"} and (
        not value or value in _TO_FILL_IN or (value[0] == "<" and value[-1] == ">" and "%" not in value)
    )


def _new_side(one: Entry | EntryPair) -> Entry:
    return one if isinstance(one, Entry) else one.new


def _list_details(entries: Sequence[Entry | EntryPair]) -> tuple[str, ...]:
    lines = [_detail_line(one) for one in entries[:MOST_DETAILS]]
    if len(entries) > MOST_DETAILS:
        lines.append(f"and {len(entries) - MOST_DETAILS} more")
    return tuple(lines)


def _detail_line(one: Entry | EntryPair) -> str:
    if isinstance(one, Entry):
        return f"{dotted_path(one.path)}: {_shorten_value(one.value)}" if one.value else dotted_path(one.path)
    old, new = one
    if old.path != new.path:
        return f"{dotted_path(old.path)} → {dotted_path(new.path)}"
    return f"{dotted_path(new.path)}: {_shorten_value(old.value)} → {_shorten_value(new.value)}"


def _subject_names(entries: Sequence[Entry | EntryPair]) -> tuple[str, ...]:
    names = [
        name
        for one in entries[:MOST_DETAILS]
        for name in ((one.name,) if isinstance(one, Entry) else (one.old.name, one.new.name))
    ]
    return tuple(dict.fromkeys(names))


def _name_keys(entries: Sequence[Entry | EntryPair]) -> str:
    return quote_names([dotted_path((one if isinstance(one, Entry) else one.old).path) for one in entries])


def _name_pairs(pairs: Sequence[EntryPair]) -> str:
    return quote_names([f"{dotted_path(pair.old.path)} → {dotted_path(pair.new.path)}" for pair in pairs])


def _say_below(pairs: Iterable[EntryPair]) -> str:
    parents = [parent for parent in dict.fromkeys(dotted_path(pair.new.parent) for pair in pairs) if parent]
    return f"below {quote_names(parents)}" if parents else "to the top"


def _say_owner(own: Role) -> str:
    return f"your {quote_name(own.own)}"


def _word_keys(entries: Sequence[object]) -> str:
    return f"{len(entries)} key{'s' * (len(entries) != 1)}"


def _word_are(entries: Sequence[object]) -> str:
    return "is" if len(entries) == 1 else "are"


def _word_need(entries: Sequence[object]) -> str:
    return "needs" if len(entries) == 1 else "need"


def _word_them(entries: Sequence[object]) -> str:
    return "it" if len(entries) == 1 else "them"


def _with_article(kind: str) -> str:
    return kind if kind in {"text", "yes/no"} else f"a {kind}"


def _count_more(entries: Sequence[object]) -> str:
    return f"; {len(entries) - 1} more changed too" if len(entries) > 1 else ""


def _quote_value(entry: Entry) -> str:
    return quote_name(_shorten_value(entry.value)) if entry.value.strip() else "empty"


def _shorten_value(value: str) -> str:
    line = " ".join(value.split())
    return line if len(line) <= 60 else line[:59] + "…"


def _file_name(path: str) -> str:
    return path.rpartition("/")[2]


_TO_FILL_IN = frozenset(
    "null none ~ nil changeme change_me change-me todo xxx replace_me replaceme secret your_secret <none>".split()
)
