"""What happened to the keys of a configuration file between two versions. Pure comparison, no judgement."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from relbot.detect.config_structure.entry import Document, Entry, Path, dotted_path
from relbot.detect.config_structure.left_out import take_still_read, without_anchors, without_repeated
from relbot.detect.config_structure.placeholders import is_same_value, with_symfony_defaults
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class EntryPair(NamedTuple):
    """A key as it was and as it is."""

    old: Entry
    new: Entry


class Differences(NamedTuple):
    """All that happened to the keys of a file. Each key of the old side is in one of them at most, besides `default`."""

    moved: tuple[EntryPair, ...] = ()
    shown_moved: tuple[EntryPair, ...] = ()
    renamed: tuple[EntryPair, ...] = ()
    removed: tuple[Entry, ...] = ()
    removed_deprecated: tuple[Entry, ...] = ()
    shown_removed: tuple[Entry, ...] = ()
    """Shown only, and now not even that."""
    retyped: tuple[EntryPair, ...] = ()
    changed: tuple[EntryPair, ...] = ()
    shown_changed: tuple[EntryPair, ...] = ()
    set_now: tuple[EntryPair, ...] = ()
    """In a comment before, set now."""
    unset_now: tuple[EntryPair, ...] = ()
    added: tuple[Entry, ...] = ()
    shown_added: tuple[Entry, ...] = ()
    deprecated: tuple[Entry, ...] = ()
    including: tuple[Entry, ...] = ()
    """Where one section newly includes another, as YAML's `<<: *default` does."""


MOST_COMPARED = 4_000
"""Pairs of keys of which names are compared letter by letter."""


def compare_documents(old: Document, new: Document) -> Differences:
    """What happened to the keys between two documents. Keys below `test` and `development` count only where they moved."""
    before, after = old.known(), new.known()
    gone = _without_shells(_only_on_one_side(before, after), after)
    come = _without_shells(_only_on_one_side(after, before), before)
    moved, gone, come = _pair_moved(gone, come)
    renamed, gone, come = _pair_renamed(gone, come)
    kept = [EntryPair(before[path], after[path]) for path in before.keys() & after.keys()]
    gone = without_repeated(without_anchors(gone, after), after)
    still, gone = take_still_read(gone, come)
    both = [pair for pair in (*kept, *moved, *renamed) if _is_operated(pair.new)]
    including = tuple(entry for entry in come if entry.name == "<<")
    return Differences(
        renamed=_sort_pairs(pair for pair in renamed if _is_operated(pair.new)),
        deprecated=(
            *still,
            *tuple(
                pair.new for pair in _sort_pairs(both) if pair.new.line in new.deprecated and pair.old.line not in old.deprecated
            ),
        ),
        including=including,
        **_sides_of_moves(moved, old),
        **_values_of_kept(both, old, new),
        **_gone_and_come(list(filter(_is_operated, gone)), list(filter(_is_operated, come)), old, new),
    )


def _only_on_one_side(entries: dict[Path, Entry], other: dict[Path, Entry]) -> list[Entry]:
    """The keys that the other side has neither itself nor from a section that it includes."""
    found = [entry for path, entry in entries.items() if path not in other]
    included = [entry for entry in other.values() if entry.name == "<<" or entry.kind == "alias"] if found else ()
    inherited: dict[Path, str] = {}
    for entry in included:
        for section in entry.value.split(", "):
            start = tuple(section.lstrip("*").split("."))
            below = [each for path, each in other.items() if path[: len(start)] == start]
            place = entry.parent if entry.name == "<<" else entry.path
            inherited |= {(*place, *each.path[len(start) :]): each.value for each in below}
    return [entry for entry in found if inherited.get(entry.path) != entry.value]


def _sides_of_moves(moved: list[EntryPair], old: Document) -> dict[str, Any]:
    live, shown = ([pair for pair in moved if (pair.old.path in old.live) is is_live] for is_live in (True, False))
    return {"moved": _sort_pairs(live), "shown_moved": _sort_pairs(shown)}


def _values_of_kept(both: list[EntryPair], old: Document, new: Document) -> dict[str, Any]:
    resolve = with_symfony_defaults({entry.name: entry.value for entry in new.live.values()})
    sides: dict[tuple[bool, bool], list[EntryPair]] = {}
    for pair in both:
        sides.setdefault((pair.old.path in old.live, pair.new.path in new.live), []).append(pair)
    live, other = (
        sides.get((True, True), []),
        [pair for pair in sides.get((False, False), []) if pair.old.value != pair.new.value],
    )
    return {
        "retyped": _sort_pairs(pair for pair in live if _is_retyped(pair, resolve(pair.new.value))),
        "changed": _sort_pairs(
            pair for pair in live if not is_same_value(pair.old.value, resolve(pair.new.value)) and not _other_kind(pair)
        ),
        "shown_changed": _sort_pairs(other),
        "set_now": _sort_pairs(sides.get((False, True), [])),
        "unset_now": _sort_pairs(sides.get((True, False), [])),
    }


def _is_retyped(pair: EntryPair, resolved: str) -> bool:
    """Whether a key takes another type; a variable with the old value as its default takes the same."""
    is_default = resolved not in (pair.new.value, "") and resolved == pair.old.value
    return _other_kind(pair) and not _is_listed(pair) and not is_default


def _is_listed(pair: EntryPair) -> bool:
    """Whether a list on one side has the entries of a text on the other one, where both are taken: by compose and Spring."""
    old, new = (entry.value.strip("[] ").replace(", ", ",") for entry in pair)
    return old == new and (pair.new.name == "env_file" or pair.new.path[0] in _OF_SPRING)


_OF_SPRING = frozenset(("spring", "management", "server", "logging"))


def _gone_and_come(gone: list[Entry], come: list[Entry], old: Document, new: Document) -> dict[str, Any]:
    rest = [entry for entry in gone if entry.line not in old.deprecated]
    return {
        "removed": tuple(entry for entry in rest if entry.path in old.live),
        "removed_deprecated": tuple(entry for entry in gone if entry.line in old.deprecated),
        "shown_removed": tuple(entry for entry in rest if entry.path not in old.live),
        "added": tuple(entry for entry in come if entry.path in new.live),
        "shown_added": tuple(entry for entry in come if entry.path not in new.live),
    }


def _is_operated(entry: Entry) -> bool:
    """Whether it is for production: no key below `test` or `development`, and none that only includes others."""
    return entry.name != "<<" and not any(parent in _ELSEWHERE for parent in entry.parent[:2])


def _without_shells(entries: list[Entry], other: dict[Path, Entry]) -> list[Entry]:
    """Entries without those empty sections of which only the emptiness is news: there are keys below them on the other side."""
    shells = {path[:end] for path in other for end in range(1, len(path))}
    return [entry for entry in entries if not (entry.path in shells and entry.kind in {"nothing", "section", "list"})]


def _pair_moved(gone: list[Entry], come: list[Entry]) -> tuple[list[EntryPair], list[Entry], list[Entry]]:
    sections = _renamed_sections(gone, come)
    by_name: dict[str, list[Entry]] = {}
    for entry in come:
        by_name.setdefault(entry.name, []).append(entry)
    pairs: list[EntryPair] = []
    taken: set[Path] = set()
    for entry in gone:
        rivals = by_name.get(entry.name, ())[:_MOST_RIVALS]
        best = max(((_rate_move(entry, rival, sections), -at) for at, rival in enumerate(rivals)), default=(0, 0))
        if best[0] > 0:
            pair = EntryPair(entry, rivals[-best[1]])
            pairs.append(pair)
            taken.add(pair.new.path)
    if len(pairs) == 1 and not _is_sure_move(pairs[0], gone, come):
        return [], gone, come
    was = {pair.old.path for pair in pairs}
    names = {pair.new.name for pair in pairs}
    prefixes = {pair.new.path[: -len(pair.old.path)] for pair in pairs if len(pair.new.path) > len(pair.old.path)}
    rest = [entry for entry in come if entry.path not in taken and not (prefixes and entry.name in names)]
    return pairs, [entry for entry in gone if entry.path not in was], rest


def _renamed_sections(gone: list[Entry], come: list[Entry]) -> set[tuple[Path, Path]]:
    """Sections of which one name changed: most of the keys are there under the new name, one of them with the same value."""
    olds, news = _by_section(gone), _by_section(come)
    if len(olds) * len(news) > MOST_COMPARED:
        return set()
    return {
        (old, new)
        for old, before in olds.items()
        for new, after in news.items()
        if _differ_in_one_name(old, new) and _are_one_section(before, after)
    }


def _are_one_section(before: dict[str, str], after: dict[str, str]) -> bool:
    shared = before.keys() & after.keys()
    most = max(len(before), len(after)) <= 2 * len(shared)
    return most and len(shared) > 1 and any(before[name] == after[name] for name in shared)


def _by_section(entries: list[Entry]) -> dict[Path, dict[str, str]]:
    sections: dict[Path, dict[str, str]] = {}
    for entry in entries:
        sections.setdefault(entry.parent, {})[entry.name] = entry.value
    return sections


def _differ_in_one_name(old: Path, new: Path) -> bool:
    return len(old) == len(new) and sum(left != right for left, right in zip(old, new, strict=True)) == 1


def _rate_move(old: Entry, new: Entry, sections: set[tuple[Path, Path]]) -> int:
    """How likely the one became the other: 0 if not at all. Generic names need more in common than their name."""
    if (old.parent, new.parent) in sections:
        return 2 * len(old.path) + (old.value == new.value)
    common = 0
    for left, right in zip(reversed(old.path), reversed(new.path), strict=False):
        if left != right:
            break
        common += 1
    same = old.value == new.value and old.value not in _PLAIN_VALUES
    if common == len(old.path) and old.value == new.value:
        return 2 * common + 1  # all of its place is kept, below a new parent
    if old.name in _GENERIC or old.name.startswith("[") or len(old.name) < 3:
        return 2 * common + same if common > 1 and same else 0
    return 2 * common + same


def _is_sure_move(pair: EntryPair, gone: list[Entry], come: list[Entry]) -> bool:
    if "." in pair.old.name or "_" in pair.old.name or "-" in pair.old.name or pair.old.value == pair.new.value:
        return True
    return len(gone) == 1 or len(come) == 1


def _pair_renamed(gone: list[Entry], come: list[Entry]) -> tuple[list[EntryPair], list[Entry], list[Entry]]:
    if len(gone) * len(come) > MOST_COMPARED:
        return [], gone, come
    rated = sorted(
        (
            (_rate_rename(old, new), -i, -j)
            for i, old in enumerate(gone)
            for j, new in enumerate(come)
            if old.parent == new.parent
        ),
        reverse=True,
    )
    pairs: list[EntryPair] = []
    left: set[int] = set()
    right: set[int] = set()
    for nearness, i, j in rated:
        if nearness < 1:
            break
        if -i not in left and -j not in right:
            left.add(-i)
            right.add(-j)
            pairs.append(EntryPair(gone[-i], come[-j]))
    return (
        pairs,
        [entry for i, entry in enumerate(gone) if i not in left],
        [entry for j, entry in enumerate(come) if j not in right],
    )


def _rate_rename(old: Entry, new: Entry) -> float:
    """1 or more if the one is the other under a new name: alike in letters or words, or in a value that says something."""
    a, b = old.name[:80].lower(), new.name[:80].lower()
    letters = SequenceMatcher(None, a, b).ratio()
    words = set(_split_words(a)), set(_split_words(b))
    shared = len(words[0] & words[1]) / max(len(words[0]), len(words[1]), 1)
    telling = old.value == new.value and old.value not in _PLAIN_VALUES
    return max(letters, shared) + 0.15 * (old.kind == new.kind) + 0.4 * telling if letters > 0.4 or telling else 0


def _split_words(name: str) -> list[str]:
    return [word for word in name.replace("-", "_").replace(".", "_").split("_") if word]


def _other_kind(pair: EntryPair) -> bool:
    kinds = {pair.old.kind, pair.new.kind}
    return (
        len(kinds) == 2
        and not kinds & {"nothing", "alias"}
        and (bool(kinds & {"list", "section"}) or kinds == {"yes/no", "number"})
    )


def _sort_pairs(pairs: Iterable[EntryPair]) -> tuple[EntryPair, ...]:
    return tuple(sorted(pairs, key=lambda pair: (pair.new.line, dotted_path(pair.new.path))))


_MOST_RIVALS = 8
_ELSEWHERE = frozenset(("test", "tests", "testing", "development", "dev", "ci", "cucumber"))
_PLAIN_VALUES = frozenset(
    ("", "true", "false", "yes", "no", "0", "1", "null", "none", "~", "{}", "[]", "on", "off", "*", "latest")
)
_GENERIC = frozenset(
    "name type id value key kind host port url path enabled version image description title command args env labels metadata spec"
    " user username password".split()
)
