"""Settings that are gone in one place and came in another: moved as they were, or under another name."""

from __future__ import annotations

from collections import defaultdict
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from relbot.detect.settings_read.setting import ENV, KEY, OPTION, POLICY, SETTING, SettingPair, names_alias

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.detect.settings_read.setting import Setting


_READ_BY_NAME = frozenset((ENV, KEY, OPTION, SETTING))
"""Kinds that are one to whoever sets them: what was read by hand is often declared later, with the same name."""


def take_moved(gone: list[Setting], come: list[Setting]) -> list[SettingPair]:
    """Takes out of both lists what has one name in both, perhaps declared in another way and in another file.

    A flag that is gone is gone, whatever else has its name: what passes it fails.
    """
    by_name: dict[tuple[str, str], list[Setting]] = defaultdict(list)
    for setting in come:
        by_name[_way_of_setting(setting)].append(setting)
    pairs = []
    kept = []
    for setting in gone:
        same = by_name.get(_way_of_setting(setting))
        if same is None:
            kept.append(setting)
        else:
            pairs.append(SettingPair(setting, next((other for other in same if other.kind == setting.kind), same[0])))
    taken = {_way_of_setting(pair.old) for pair in pairs if pair.old is not None}
    gone[:] = kept
    come[:] = [setting for setting in come if _way_of_setting(setting) not in taken]
    return pairs


def _way_of_setting(setting: Setting) -> tuple[str, str]:
    return setting.norm, "" if setting.kind in _READ_BY_NAME else setting.kind


_MOST_COMPARED = 60
_ALIKE = 0.75
_TELLING = 16


def take_renamed(gone: list[Setting], come: list[Setting]) -> list[SettingPair]:
    """Takes out of both lists what has another name on the new side: it says so, or its help or name is nearly the same.

    Where many are gone and many came, names are not compared letter by letter: each is gone, or new, which is no milder.
    """
    pairs = [*_take_aliased(gone, come)]
    if len(gone) * len(come) > _MOST_COMPARED**2:
        return pairs
    for setting in list(gone):
        rest = [other for other in come if other.kind == setting.kind]
        best = max(rest, key=lambda other: _rate_likeness(setting, other), default=None)
        if best is not None and _rate_likeness(setting, best) >= _ALIKE:
            pairs.append(SettingPair(setting, best))
            gone.remove(setting)
            come.remove(best)
    return pairs


def _take_aliased(gone: list[Setting], come: list[Setting]) -> Iterator[SettingPair]:
    """What names its old name, however many settings there are."""
    by_alias: dict[tuple[str, str], list[Setting]] = defaultdict(list)
    for other in come:
        for word in dict.fromkeys(word for alias in other.aliases for word in _names_in_alias(alias)):
            by_alias[other.kind, word].append(other)
    for setting in list(gone):
        words = dict.fromkeys((setting.name, setting.name.strip("-"), setting.name.lower()))
        rivals = (other for word in words for other in by_alias.get((setting.kind, word), ()))
        new = next((other for other in rivals if any(names_alias(alias, setting.name) for alias in other.aliases)), None)
        if new is not None and new in come:
            yield SettingPair(setting, new)
            gone.remove(setting)
            come.remove(new)


def _names_in_alias(alias: str) -> Iterator[str]:
    """The names that an alias may be of, as `names_alias` has it."""
    yield alias.rpartition(".")[2].strip("-")
    parts = alias.lower().split("_")
    yield from ("_".join(parts[at:]) for at in range(1, len(parts)))


def _rate_likeness(a: Setting, b: Setting) -> float:
    if a.kind == POLICY:
        return 0.0
    if a.help == b.help and (len(a.help) > _TELLING or a.name.endswith(".*")):
        return 1.5
    if not a.declared or a.type != b.type:
        return 0.0
    return SequenceMatcher(None, a.norm[:80], b.norm[:80], autojunk=False).ratio() if a.default == b.default else 0.0
