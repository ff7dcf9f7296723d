"""How a project spells its tags, told by the newest of them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from relbot.release.version import readable_versions
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relbot.config.model import Versions

_TAG = re.compile(r"(?P<before>(?:.{0,200}[^\d.])??)(?P<version>\d+(?:\.\d+)+(?:[-.+_]?[A-Za-z][\w.+-]*)?|\d+)")
_OF_COMPONENT = re.compile(r"(?P<name>@?[A-Za-z0-9][\w./@-]*?)(?P<mark>[-_@/]v?)", re.IGNORECASE)
_ORDINARY = re.compile(r"(?:v|version|release|rel|r)?[-_/.]?", re.IGNORECASE)
_NEWEST = 10
"""Tags that tell the spelling of today, and the version."""


class TagSpelling(NamedTuple):
    """One way to name releases: the `pattern` with `{version}`, and `uses` is how many of all tags are named so.

    `last` is the highest version of the newest tags, "" where none of them can be read. `component` is the part of the project
    that the pattern names (`api` in `api@{version}`), "" without one. `mark` is what stands between it and the version.
    """

    pattern: str
    uses: int
    last: str
    component: str = ""
    mark: str = ""


def component_name(package: str) -> str:
    """The component that a package is: `@acme/web` is `acme-web`, `web` is `web`."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", package.lstrip("@")).strip("-") or "package"


def find_spellings(tags: Sequence[str], versions: Versions) -> list[TagSpelling]:
    """The spellings of the newest tags that name versions, the most usual first. `tags` come newest first.

    A spelling that was given up long ago does not count: of a project with `1.0` to `2.9` and now `v3.0`, `v{version}` is told.
    """
    by_prefix: dict[str, list[str]] = {}
    newest: list[str] = []
    for tag in tags:
        match = _TAG.fullmatch(tag)
        if match is None or re.search(r"[{}]", tag) or _is_plain_number(match):
            continue
        by_prefix.setdefault(match["before"], []).append(match["version"])
        newest.append(match["before"])
    counted = Counter(newest[:_NEWEST])
    # Of prefixes that are as usual, the one that the newest tag has.
    order = sorted(counted, key=lambda prefix: (-counted[prefix], newest.index(prefix)))
    return [_spelling(prefix, by_prefix[prefix], versions) for prefix in order]


def _is_plain_number(match: re.Match[str]) -> bool:
    """Whether a tag is only a number, or a word with one (`build-20240101`), which is no version without a dot."""
    return "." not in match["version"] and not re.fullmatch(r"[vV]", match["before"])


def _spelling(prefix: str, texts: list[str], versions: Versions) -> TagSpelling:
    readable = readable_versions(texts[:_NEWEST], versions)  # `2015.1` of a scheme that was given up is not the highest
    finals = [version for version in readable if not version.prerelease]
    last = max(finals or readable).text if readable else ""
    named = None if _ORDINARY.fullmatch(prefix) else _OF_COMPONENT.fullmatch(prefix)
    if named is None:
        return TagSpelling(f"{prefix}{{version}}", len(texts), last)
    return TagSpelling(f"{prefix}{{version}}", len(texts), last, named["name"], named["mark"])
