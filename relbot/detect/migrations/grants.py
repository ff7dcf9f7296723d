"""Access to tables: whether a role that it is taken away from has it by a group that it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.migrations.sql_words import skip_words, split_at, take_name
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relbot.detect.migrations.sql_words import Word

_GIVING = {"grant": "to", "revoke": "from"}


class Access(NamedTuple):
    """What a statement gives or takes away, on which objects, and whose it is; without objects, membership in a group."""

    rights: frozenset[str]
    objects: frozenset[str]
    roles: frozenset[str]


def read_access(words: list[Word]) -> Access | None:
    """What a `GRANT` or a `REVOKE` is about; None for any other statement."""
    keys = [word.key for word in words]
    whose = _GIVING.get(keys[0])
    if whose is None or whose not in keys:
        return None
    end = keys.index(whose)
    on = keys.index("on") if "on" in keys[:end] else end
    objects = skip_words(words[on + 1 : end], "table", "tables")
    return Access(_names(words[1:on]), _names(objects), _names(words[end + 1 :]))


def is_kept_by_group(taken: Access, statements: Iterable[list[Word]]) -> bool:
    """Whether all rights that are taken away are given to groups, and who had them is made a member of one."""
    given = [access for words in statements if words[0].key == "grant" and (access := read_access(words)) is not None]
    members = {(group, role) for access in given if not access.objects for group in access.rights for role in access.roles}
    have = {
        (right, thing, role)
        for access in given
        for right in access.rights
        for thing in access.objects
        for group in access.roles
        for role in (group, *(member for of, member in members if of == group))
    }
    return all((right, thing, role) in have for right in taken.rights for thing in taken.objects for role in taken.roles)


def _names(words: list[Word]) -> frozenset[str]:
    return frozenset(take_name(part)[0].lower() for part in split_at(words, ","))
