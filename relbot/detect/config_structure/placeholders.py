"""Variables in the values of a configuration, and what counts where none of them is set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.config_structure.quantities import is_same_quantity
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_PLACEHOLDER = re.compile(
    r"\$\{([\w.-]+?)(?:(?::-|:|-)([^${}]*))?\}|%env\((?:\w+:)*(\w+)\)%"
    r"|<%=\s*+ENV(?:\.fetch)?[(\[]\s*+[\"'](\w++)[\"']\s*+[\])]?\s*+(?:,|\|\||\{)?\s*+([\w\"'./:-]*+)[\s)}]*+%>"
)
"""A variable in a value, with what counts where it is not set: `${WORKERS:-4}`, `%env(int:ITEMS)%`; the innermost first."""
_MOST_PLACEHOLDERS = 20


def is_same_value(old: str, new: str) -> bool:
    """Whether a value is what it was, or a variable with that default before it: `4` and `${WORKERS:-4}`."""
    if old == new or is_same_quantity(old, new) or {old, new} <= _EMPTY:
        return True
    if not any(mark in new for mark in ("${", "%env(", "<%")):
        return False
    if new == old.replace("${", "${?"):
        return True  # HOCON: a variable that had to be set need not be
    if reads_as_before(old, new):
        return True
    (old_names, was), (new_names, now) = _default_of(old), _default_of(new)
    return bool(was) and was == now and old_names <= new_names


_NEWER = re.compile(r"[\"']?\$\{[\w.-]+(?::-|:|-)(\$\{.+\})\}[\"']?")
_MESSAGE = re.compile(r"(:?\?)[^{}?]*+\}")


def reads_as_before(old: str, new: str) -> bool:
    """Whether a new variable only counts before the old one: `${NEW:-${OLD:?set NEW}}`, whatever the message says."""
    found = _NEWER.fullmatch(new)
    return found is not None and _MESSAGE.sub(r"\1}", found[1]) == _MESSAGE.sub(r"\1}", old.strip("\"'"))


_EMPTY = frozenset(("", "{}", "null", "~"))


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


_NAMED = re.compile(r"\$\{([\w.-]{1,200})")


def names_in_placeholders(value: str) -> Iterator[str]:
    """The names of the variables and keys that a value is read from: two in `${new.key:${old.key:5}}`."""
    return iter(_NAMED.findall(value) if "${" in value else ())


_OF_SYMFONY = re.compile(r"[\"']?%env\((?:\w{1,40}:){0,4}(\w{1,100})\)%[\"']?")


def with_symfony_defaults(entries: Mapping[str, str]) -> Callable[[str], str]:
    """What puts in the defaults that a file of Symfony gives variables: `env(PAGE_SIZE): '20'`; `entries` are its keys."""
    defaults = {
        name[4:-1]: value.strip("\"'") for name, value in entries.items() if name.startswith("env(") and name.endswith(")")
    }

    def resolve(value: str) -> str:
        found = _OF_SYMFONY.fullmatch(value) if defaults else None
        return value if found is None else defaults.get(found[1], value)

    return resolve
