"""Settings that are gone in one place and came in another: moved as they were, or under another name."""

from __future__ import annotations

from collections import defaultdict
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from relbot.detect.settings_read.setting import POLICY, SettingPair, names_alias

if TYPE_CHECKING:
    from relbot.detect.settings_read.setting import Setting


def take_moved(gone: list[Setting], come: list[Setting]) -> list[SettingPair]:
    """Takes out of both lists what has one name in both, perhaps as another kind and in another file."""
    by_name: dict[str, list[Setting]] = defaultdict(list)
    for setting in come:
        by_name[setting.norm].append(setting)
    pairs = []
    kept = []
    for setting in gone:
        same = by_name.get(setting.norm)
        if same is None:
            kept.append(setting)
        elif alike := next((other for other in same if other.kind == setting.kind), None):
            pairs.append(SettingPair(setting, alike))
    names = {setting.norm for setting in gone}
    gone[:] = kept
    come[:] = [setting for setting in come if setting.norm not in names]
    return pairs


_MOST_COMPARED = 60
_ALIKE = 0.75
_TELLING = 16


def take_renamed(gone: list[Setting], come: list[Setting]) -> list[SettingPair]:
    """Takes out of both lists what has another name on the new side: it says so, or its help or name is nearly the same."""
    pairs: list[SettingPair] = []
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


def _rate_likeness(a: Setting, b: Setting) -> float:
    if any(names_alias(alias, a.name) for alias in b.aliases):
        return 2.0
    if a.kind == POLICY:
        return 0.0
    if a.help == b.help and (len(a.help) > _TELLING or a.name.endswith(".*")):
        return 1.5
    if not a.declared or a.type != b.type:
        return 0.0
    return SequenceMatcher(None, a.norm[:80], b.norm[:80], autojunk=False).ratio() if a.default == b.default else 0.0
