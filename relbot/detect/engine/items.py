"""Things that a file declares by name, before and after: the comparison that detectors of infrastructure share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.model import Evidence, Todo
from relbot.detect.engine.phrases import quote_name
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


_MOST_DETAILS = 60


class Item(NamedTuple):
    """A named thing: the group that it is compared in, its name there, its value as text, and its line."""

    group: str
    name: str
    value: str = ""
    line: int = 0
    path: str = ""


class ItemChange(NamedTuple):
    """What became of one item: `added`, `removed`, `renamed`, `moved` (to another file) or `changed`, with the sides it has."""

    happened: str
    group: str
    old: Item | None
    new: Item | None

    @property
    def name(self) -> str:
        """The name that installations know: the old one, but for what is new."""
        item = self.old or self.new
        return item.name if item is not None else ""

    @property
    def words(self) -> str:
        """The change in a few words: "`a`: `1` → `2`"."""
        old, new = self.old, self.new
        if old is None or new is None:
            value = (new or old).value if (new or old) is not None else ""  # type: ignore[union-attr]  # one of them is there
            return f"{quote_name(self.name)}{f' ({quote_name(value)})' if value else ''}"
        if old.name != new.name:
            return f"{quote_name(old.name)} → {quote_name(new.name)}"
        return f"{quote_name(old.name)}: {quote_name(old.value or 'nothing')} → {quote_name(new.value or 'nothing')}"


def compare_items(old: Iterable[Item], new: Iterable[Item]) -> Iterator[ItemChange]:
    """What became of each item.

    What two files have under one name are two items; one that is gone from a file and came to another moved.
    One that is gone and one that came are a rename, if they alone are that in their group, or alone have that value.
    """
    before = {(item.group, item.name, item.path): item for item in old}
    after = {(item.group, item.name, item.path): item for item in new}
    come: dict[tuple[str, str], list[Item]] = {}
    for key, item in after.items():
        if key not in before:
            come.setdefault(key[:2], []).append(item)
    gone: list[Item] = []
    for key, item in before.items():
        elsewhere = come.get(key[:2])
        kept = after.get(key) or (elsewhere.pop(0) if elsewhere else None)
        if kept is None:
            gone.append(item)
            continue
        if kept.path != item.path:
            yield ItemChange("moved", item.group, item, kept)
        if kept.value != item.value:
            yield ItemChange("changed", item.group, item, kept)
    left = [item for items in come.values() for item in items]
    for item in gone:
        taken = _find_successor(item, gone, left)
        if taken is None:
            yield ItemChange("removed", item.group, item, None)
        else:
            left.remove(taken)
            yield ItemChange("renamed", item.group, item, taken)
    for item in left:
        yield ItemChange("added", item.group, None, item)


def _find_successor(item: Item, gone: list[Item], come: list[Item]) -> Item | None:
    """What an item that is gone became: what alone has its value, or alone came where it alone went; first in its file."""
    there = [other for other in come if other.group == item.group]
    here = [other for other in gone if other.group == item.group]
    beside = [[other for other in items if other.path == item.path] for items in (here, there)]
    return _only_one(item, *beside) or _only_one(item, here, there)


def _only_one(item: Item, here: list[Item], there: list[Item]) -> Item | None:
    alike = [other for other in there if other.value == item.value and other.value]
    twins = [other for other in here if other.value == item.value]
    if len(alike) == 1 and len(twins) == 1:
        return alike[0]
    return there[0] if len(there) == 1 and len(here) == 1 else None


def report_items(
    detector: str, found: Iterable[tuple[str, ItemChange]], sentences: Mapping[str, str], phases: Mapping[str, str] | None = None
) -> Iterator[Evidence]:
    """One evidence for each fact; `found` are facts with what shows them, `sentences` say them of `{names}`.

    `phases` tells when something is to be done about a fact; one without proposes no step.
    """
    by_fact: dict[str, list[ItemChange]] = {}
    for fact, change in found:
        by_fact.setdefault(fact, []).append(change)
    for fact, hits in by_fact.items():
        words = list(dict.fromkeys(hit.words for hit in hits))
        shown = ", ".join(words) if len(words) <= 3 else f"{', '.join(words[:2])} and {len(words) - 2} more"
        item = hits[0].new or hits[0].old
        message = sentences[fact].format(names=shown)
        phase = (phases or {}).get(fact)
        yield Evidence(
            detector,
            fact,
            item.path if item is not None else "",
            item.line or None if item is not None else None,
            f"{message}.",
            tuple(words)[:_MOST_DETAILS],
            tuple(dict.fromkeys(hit.name for hit in hits)),
            Todo(phase, text=f"{message}.") if phase else None,
        )


def first_version(text: str) -> tuple[int, ...]:
    """The numbers of the first version in a text: (15, 2) for `>= 15.2`; () where there is none."""
    digits = ""
    for character in text:
        if character.isdecimal() or (character == "." and digits):
            digits += character
        elif digits:
            break
    return tuple(int(part[:18]) for part in digits.strip(".").split(".") if part.isdecimal())
