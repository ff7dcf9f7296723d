"""Which level a project's rules give to one piece of evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.globs import matches_glob

if TYPE_CHECKING:
    from relbot.config.model import Rules
    from relbot.detect.engine.model import Evidence


def level_of(seen: Evidence, rules: Rules) -> str:
    """`require`, `ask`, `off` or `weigh`, by what says most exactly what is meant.

    A path that is off, then what is routine, then the level of the fact, then that of its detector; without any, `weigh`.
    """
    if any(level == "off" and matches_glob(seen.path, pattern) for pattern, level in rules.paths):
        return "off"
    if seen.id in rules.routine or seen.detector in rules.routine:
        return "off"
    if seen.detector == "paths":
        return seen.fact
    levels = dict(rules.levels)
    return levels.get(seen.id) or levels.get(seen.detector) or "weigh"
