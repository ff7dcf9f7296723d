"""Variables in the values of a configuration, and what counts where none of them is set."""

from __future__ import annotations

from relbot.detect.engine import lazy_re as re

_PLACEHOLDER = re.compile(
    r"\$\{([\w.-]+?)(?:(?::-|:|-)([^${}]*))?\}|%env\((?:\w+:)*(\w+)\)%"
    r"|<%=\s*+ENV(?:\.fetch)?[(\[]\s*+[\"'](\w++)[\"']\s*+[\])]?\s*+(?:,|\|\||\{)?\s*+([\w\"'./:-]*+)[\s)}]*+%>"
)
"""A variable in a value, with what counts where it is not set: `${WORKERS:-4}`, `%env(int:ITEMS)%`; the innermost first."""
_MOST_PLACEHOLDERS = 20


def is_same_value(old: str, new: str) -> bool:
    """Whether a value is what it was, or a variable with that default before it: `4` and `${WORKERS:-4}`."""
    if old == new:
        return True
    if not any(mark in new for mark in ("${", "%env(", "<%")):
        return False
    (old_names, was), (new_names, now) = _default_of(old), _default_of(new)
    return bool(was) and was == now and old_names <= new_names


def _default_of(value: str) -> tuple[set[str], str]:
    """The variables in a value, and what it is where none of them is set."""
    names: set[str] = set()
    for _ in range(_MOST_PLACEHOLDERS):
        found = _PLACEHOLDER.search(value)
        if found is None:
            break
        names.add(found[1] or found[3] or found[4])
        value = f"{value[: found.start()]}{found[2] or found[5] or ('%env%' if found[3] else '')}{value[found.end() :]}"
    return names, value.strip("\"'")
