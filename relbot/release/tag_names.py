"""Versions in the names of tags and in what people type, in any spelling: `1.2.3`, `v1.2.3`, `release-1.2.3`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from relbot.errors import UsageError
from relbot.release.version import parse_version

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relbot.config.model import Versions

_VERSION = r"([0-9][A-Za-z0-9._+!-]*)"
_WORD = r"(?:(?:v|version|release|rel|r)[-_/.]?)?"
_SPELLING = re.compile(_WORD + _VERSION, re.IGNORECASE)


class TaggedVersion(NamedTuple):
    """A version, and the tag that names it."""

    version: str
    tag: str


def strip_spelling(text: str, pattern: str) -> str:
    """The version in a text such as `v1.2.3`, or as the tag's `pattern` has it; the text itself where there is none in it."""
    before, _, after = pattern.partition("{version}")
    found = re.fullmatch(re.escape(before) + _VERSION + re.escape(after), text) or _SPELLING.fullmatch(text)
    return found[1] if found else text


def find_tagged(tags: Iterable[str], pattern: str, component: str | None) -> list[TaggedVersion]:
    """The tags that name a version of the project, or of a component that is released on its own; in the order of `tags`.

    First those that fit `pattern` (`v{version}`), then those in another usual spelling; for a component, behind its name:
    `api-1.2.3`, `api@1.2.3`, `api/v1.2.3`.
    """
    before, _, after = pattern.partition("{version}")
    fits = re.compile(re.escape(before) + _VERSION + re.escape(after))
    other = re.compile(rf"{re.escape(component)}[-_@/]{_WORD}{_VERSION}", re.IGNORECASE) if component else _SPELLING
    names = list(tags)
    found = [TaggedVersion(match[1], name) for name in names if (match := fits.fullmatch(name))]
    known = {each.tag for each in found}
    found += [TaggedVersion(match[1], name) for name in names if name not in known and (match := other.fullmatch(name))]
    return found


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
