"""Defaults that a name stands for: a default that moves into a constant, of its file or of one beside it, is the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.settings_read.setting import Setting, SettingPair, is_literal, normalize_source
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from relbot.detect.engine.model import FileChange
    from relbot.detect.engine.shared_constants import SharedConstants

_NAMED = re.compile(r"(?:\w+\.)*(\w+)")


def with_constants(pair: SettingPair, change: FileChange) -> SettingPair:
    """The pair with the literals that its defaults are names of, in the file or in another changed one."""
    if pair.old is None or pair.new is None or pair.old.default == pair.new.default:
        return pair
    shared = change.constants or (None, None)
    return SettingPair(_with_constant(pair.old, change.old, shared[0]), _with_constant(pair.new, change.new, shared[1]))


def _with_constant(setting: Setting, text: str, shared: SharedConstants | None) -> Setting:
    named = _NAMED.fullmatch(setting.default or "")
    if named is None or is_literal(named[0]):
        return setting
    found = re.search(rf"(?<![\w.]){named[1]}(?:\s+\w+|:\s*[&\w]+)?\s*:?=\s*([^\n]+)", text)
    source = found[1] if found is not None else shared.source_of(named[1]) if shared is not None else None
    return setting if source is None or not is_literal(value := normalize_source(source)) else setting._replace(default=value)
