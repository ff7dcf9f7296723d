"""Versions in the names of tags and in what people type, in any spelling: `1.2.3`, `v1.2.3`, `release-1.2.3`, `REL_1_2_3`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.errors import UsageError
from relbot.release.version import parse_version
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from relbot.config.model import Versions

_VERSION = r"([0-9][A-Za-z0-9._+!-]*)"
_WORD = r"(?:(?:v|version|release|rel|r)[-_/.]?)?"
_SPELLING = re.compile(_WORD + _VERSION, re.IGNORECASE)
_NAMED = re.compile(rf"@?[A-Za-z][\w./@-]*?[-_@/]{_WORD}([0-9]+(?:[._][0-9]+)+[A-Za-z0-9.+-]*)", re.IGNORECASE)
_WITHOUT_DOTS = re.compile(r"[0-9]+(?:_[0-9]+)+|[0-9]+(?:-[0-9]+){2,}")


class TaggedVersion(NamedTuple):
    """A version, the tag that names it, and what stands before the version in the tag."""

    version: str
    tag: str
    before: str = ""


def strip_spelling(text: str, pattern: str) -> str:
    """The version in a text such as `v1.2.3`, or as the tag's `pattern` has it; the text itself where there is none in it."""
    before, _, after = pattern.partition("{version}")
    found = re.fullmatch(re.escape(before) + _VERSION + re.escape(after), text) or _SPELLING.fullmatch(text)
    return _with_dots(found[1]) if found else text


def find_tagged(tags: Iterable[str], pattern: str, component: str | None, others: Collection[str] = ()) -> list[TaggedVersion]:
    """The tags that name a version of the project, or of a component that is released on its own; in the order of `tags`.

    First those that fit `pattern` (`v{version}`), then those in another usual spelling; for a component, behind its name:
    `api-1.2.3`, `api@1.2.3`, `api/v1.2.3`. If there are none, all tags of the project may begin with its name (`app@1.2.3`): one
    name, and not that of one of the `others`, which are components.
    """
    before, _, after = pattern.partition("{version}")
    fits = re.compile(re.escape(before) + _VERSION + re.escape(after))
    other = re.compile(rf"{re.escape(component)}[-_@/]{_WORD}{_VERSION}", re.IGNORECASE) if component else _SPELLING
    names = list(tags)
    found = list(_spelled(names, fits))
    known = {each.tag for each in found}
    found += _spelled((name for name in names if name not in known), other)
    if found or component:
        return found
    named = list(_spelled(names, _NAMED))
    parts = {re.sub(r"(?<![-_@/])[-_@/]+$", "", each.before) for each in named}
    return named if len({each.before for each in named}) == 1 and not parts.intersection(others) else []


def _spelled(names: Iterable[str], spelling: re.Pattern[str]) -> Iterator[TaggedVersion]:
    for name in names:
        if match := spelling.fullmatch(name):
            yield TaggedVersion(_with_dots(match[1]), name, name[: match.start(1)])


def _with_dots(version: str) -> str:
    """`1.2.3` for `1_2_3` and `1-2-3`, as in `REL_1_2_3`; another version itself."""
    return re.sub("[-_]", ".", version) if _WITHOUT_DOTS.fullmatch(version) else version


def same_version(one: str, other: str, versions: Versions) -> bool:
    """Whether two texts are the same version: `1.2` and `1.2.0` are, `1.2.0+a` and `1.2.0+b` are not."""
    if one == other:
        return True
    if one.partition("+")[2] != other.partition("+")[2]:
        return False
    try:
        return parse_version(one, versions) == parse_version(other, versions)
    except UsageError:
        return False
