"""Differences of configuration as evidence: in which words, with what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from relbot.detect.config_structure.entry import Entry, dotted
from relbot.detect.config_structure.facts import fact
from relbot.detect.config_structure.roles import Role, role
from relbot.detect.engine import lazy_re as re
from relbot.detect.engine.model import ChangeSet, Evidence, Todo
from relbot.detect.engine.phrases import list_names, quote_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from relbot.detect.config_structure.compare import Differences, Pair

ID = "config-structure"
MOST_DETAILS = 60


class _Sentence(NamedTuple):
    """What happened, to which keys, how that is said, and what to do about it."""

    happened: str
    entries: Sequence[Entry | Pair]
    message: str
    todo: Todo | None = None


def tell(path: str, own: Role, found: Differences) -> Iterator[Evidence]:
    """One evidence for each thing that happened in a file."""
    for happened, entries, message, todo in _sentences(path, own, found):
        first = _new(entries[0])
        yield Evidence(ID, fact(own.kind, happened), path, first.line, message, _details(entries), _subjects(entries), todo)


def tell_files(changes: ChangeSet) -> Iterator[Evidence]:
    """Evidence about configuration files that came, went, or have another name."""
    for change in changes.files:
        own = role(change.path) or (role(change.old_path) if change.status == "R" else None)
        if own is None:
            continue
        file = quote_name(change.path)
        if change.after is None:
            message = f"{file} is gone: {_yours(own)} is not read any more, or has to be replaced."
            yield Evidence(ID, fact(own.kind, "file-removed"), change.path, None, message, (), (change.path,))
        elif change.before is None:
            message = f"{file} is new: installations may have to have such a file."
            yield Evidence(ID, fact(own.kind, "file-added"), change.path, None, message, (), (change.path,))
        elif _basename(change.path) != _basename(change.old_path):
            message = f"{quote_name(change.old_path)} is now {file}: {_yours(own)} may need the new name."
            yield Evidence(ID, fact(own.kind, "file-renamed"), change.path, None, message, (), (change.old_path, change.path))


def _sentences(path: str, own: Role, found: Differences) -> Iterator[_Sentence]:
    file, yours = quote_name(path), _yours(own)
    if found.moved:
        yield _moved(file, yours, found)
    if found.shown_moved:
        message = f"{_keys(found.shown_moved)} that {file} shows in comments moved {_below(found.shown_moved)}."
        yield _Sentence("shown-moved", found.shown_moved, message)
    if found.renamed:
        arrows = _arrows(found.renamed)
        message = f"{_keys(found.renamed)} of {file} {_have(found.renamed)} another name: {arrows}."
        yield _Sentence("renamed", found.renamed, message, Todo(text=f"Rename in {yours}: {arrows}."))
    gone = Todo(text=f"Remove {_names(found.removed + found.removed_deprecated)} from {yours}, or see what replaces it.")
    if found.removed:
        yield _Sentence(
            "removed",
            found.removed,
            f"{_keys(found.removed)} of {file} {_are(found.removed)} gone: {_names(found.removed)}.",
            gone,
        )
    if found.removed_deprecated:
        keys = found.removed_deprecated
        message = f"{_keys(keys)} of {file}, called deprecated before, {_are(keys)} gone: {_names(keys)}."
        yield _Sentence("removed-deprecated", keys, message, gone)
    if found.shown_removed:
        keys = found.shown_removed
        yield _Sentence("shown-removed", keys, f"{_keys(keys)} that {file} showed in comments {_are(keys)} gone: {_names(keys)}.")
    if found.retyped:
        pair = found.retyped[0]
        message = (
            f"{quote_name(dotted(pair.new.path))} of {file} was"
            f" {_a(pair.old.kind)}, now {_a(pair.new.kind)}{_more(found.retyped)}."
        )
        yield _Sentence(
            "type-changed", found.retyped, message, Todo(text=f"Write {_names(found.retyped)} in {yours} in the new way.")
        )
    if found.deprecated:
        message = f"{file} now calls {_names(found.deprecated)} deprecated."
        yield _Sentence(
            "deprecated", found.deprecated, message, Todo("later", text=f"Replace {_names(found.deprecated)} in {yours}.")
        )
    yield from _came(file, yours, found)
    yield from _values(file, found)


def _moved(file: str, yours: str, found: Differences) -> _Sentence:
    below = _below(found.moved)
    parents = {f"*{dotted(pair.new.parent)}" for pair in found.moved}
    including = [dotted(entry.parent) for entry in found.including if entry.value in parents]
    where = f"{below}, which {list_names(including)} include{'s' * (len(including) == 1)}" if including else below
    message = f"{_keys(found.moved)} of {file} moved {where}: whoever has them in the old place in {yours} has to move them too."
    return _Sentence(
        "moved", (*found.moved, *found.shown_moved), message, Todo(text=f"Move {_names(found.moved)} in {yours} {below}.")
    )


def _came(file: str, yours: str, found: Differences) -> Iterator[_Sentence]:
    added, shown, now = found.added, found.shown_added, [pair.new for pair in found.set_now]
    required = [entry for entry in (*added, *now) if _to_fill_in(entry)]
    rest = [entry for entry in added if not _to_fill_in(entry)]
    if required:
        message = f"{_keys(required)} of {file} {_are(required)} to be filled in: {_names(required)}."
        yield _Sentence("newly-required", required, message, Todo("before-install", text=f"Set {_names(required)} in {yours}."))
    if rest:
        yield _Sentence("added", rest, f"{_keys(rest)} of {file} {_are(rest)} new: {_names(rest)}.")
    if shown:
        yield _Sentence("shown-added", shown, f"{_keys(shown)} that {file} shows in comments {_are(shown)} new: {_names(shown)}.")
    if found.set_now:
        message = f"{_keys(now)} of {file} {_are(now)} set that stood in comments: {_names(now)}."
        yield _Sentence("set-now", found.set_now, message)
    if found.unset_now:
        keys = found.unset_now
        yield _Sentence("unset-now", keys, f"{_keys(keys)} of {file} {_are(keys)} commented out: {_names(keys)}.")


def _values(file: str, found: Differences) -> Iterator[_Sentence]:
    versions = [pair for pair in found.changed if _is_version(pair)]
    rest = [pair for pair in found.changed if not _is_version(pair)]
    for happened, pairs in (("version-changed", versions), ("default-changed", rest)):
        if pairs:
            old, new = pairs[0]
            message = f"{quote_name(dotted(new.path))} of {file} was {_value(old)} and is {_value(new)} now{_more(pairs)}."
            yield _Sentence(happened, pairs, message)
    if found.shown_changed:
        old, new = found.shown_changed[0]
        message = (
            f"{file} shows {quote_name(dotted(new.path))} as {_value(new)}"
            f" now, as {_value(old)} before{_more(found.shown_changed)}."
        )
        yield _Sentence("shown-default-changed", found.shown_changed, message)


def _to_fill_in(entry: Entry) -> bool:
    value = entry.value.strip().lower()
    return entry.kind not in {"section", "list"} and (
        not value or value in _TO_FILL_IN or (value[0] == "<" and value[-1] == ">" and "%" not in value)
    )


def _is_version(pair: Pair) -> bool:
    """Whether both values are of one make, with another number in it: `postgres:16.3` and `postgres:16.4`."""
    old, new = pair.old.value, pair.new.value
    if pair.new.name in _VERSIONS:
        return True
    return bool(_NUMBERED.search(old) and _NUMBERED.search(new)) and _DIGITS.sub("", old) == _DIGITS.sub("", new)


def _new(one: Entry | Pair) -> Entry:
    return one if isinstance(one, Entry) else one.new


def _details(entries: Sequence[Entry | Pair]) -> tuple[str, ...]:
    lines = [_detail(one) for one in entries[:MOST_DETAILS]]
    if len(entries) > MOST_DETAILS:
        lines.append(f"and {len(entries) - MOST_DETAILS} more")
    return tuple(lines)


def _detail(one: Entry | Pair) -> str:
    if isinstance(one, Entry):
        return f"{dotted(one.path)}: {_short(one.value)}" if one.value else dotted(one.path)
    old, new = one
    if old.path != new.path:
        return f"{dotted(old.path)} → {dotted(new.path)}"
    return f"{dotted(new.path)}: {_short(old.value)} → {_short(new.value)}"


def _subjects(entries: Sequence[Entry | Pair]) -> tuple[str, ...]:
    names = [
        name
        for one in entries[:MOST_DETAILS]
        for name in ((one.name,) if isinstance(one, Entry) else (one.old.name, one.new.name))
    ]
    return tuple(dict.fromkeys(names))


def _names(entries: Sequence[Entry | Pair]) -> str:
    return list_names([dotted((one if isinstance(one, Entry) else one.old).path) for one in entries])


def _arrows(pairs: Sequence[Pair]) -> str:
    return list_names([f"{dotted(pair.old.path)} → {dotted(pair.new.path)}" for pair in pairs])


def _below(pairs: Iterable[Pair]) -> str:
    parents = [parent for parent in dict.fromkeys(dotted(pair.new.parent) for pair in pairs) if parent]
    return f"below {list_names(parents)}" if parents else "to the top"


def _yours(own: Role) -> str:
    return f"your {quote_name(own.own)}"


def _keys(entries: Sequence[object]) -> str:
    return f"{len(entries)} key{'s' * (len(entries) != 1)}"


def _are(entries: Sequence[object]) -> str:
    return "is" if len(entries) == 1 else "are"


def _have(entries: Sequence[object]) -> str:
    return "has" if len(entries) == 1 else "have"


def _a(kind: str) -> str:
    return kind if kind in {"text", "yes/no"} else f"a {kind}"


def _more(entries: Sequence[object]) -> str:
    return f"; {len(entries) - 1} more changed too" if len(entries) > 1 else ""


def _value(entry: Entry) -> str:
    return quote_name(_short(entry.value)) if entry.value.strip() else "empty"


def _short(value: str) -> str:
    line = " ".join(value.split())
    return line if len(line) <= 60 else line[:59] + "…"


def _basename(path: str) -> str:
    return path.rpartition("/")[2]


_TO_FILL_IN = frozenset(
    "null none ~ nil changeme change_me change-me todo xxx replace_me replaceme secret your_secret <none>".split()
)
_VERSIONS = frozenset("image tag digest version appVersion revision".split())
_NUMBERED = re.compile(r"\d[.-]\d|[.:@/-]v?\d")
_DIGITS = re.compile(r"[\da-f]*\d[\da-f]*")
