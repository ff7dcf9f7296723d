"""Keys of a configuration that code newly takes for granted: it asked for them before, and fails now where one is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.path_roles import is_development
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.detect.engine.model import FileChange

_OF_CONFIGURATION = re.compile(r"(?i)(^|/)\w{0,80}(config\w{0,80}|settings|conf|options)[./]")
_ELSEWHERE = re.compile(r"environ|ENV\b|getenv|System\.(get|fetch)_env|request|params|headers|session")
"""On lines that another detector reads, or that are about callers."""


class _Ways(NamedTuple):
    """How a language asks for a key, and how it takes one for granted."""

    asks: re.Pattern[str]
    demands: re.Pattern[str]


_WAYS = {
    ".py": _Ways(re.compile(r"\.get\(\s*[\"']([\w.-]+)[\"']"), re.compile(r"\w\[[\"']([\w.-]+)[\"']\]")),
    ".rb": _Ways(
        re.compile(r"\w\[:?[\"']?([\w.-]+)[\"']?\]|\.fetch\(:?[\"']?([\w.-]+)[\"']?\s*,|\.dig\(:?[\"']?([\w.-]+)[\"']?\)"),
        re.compile(r"\.fetch\(:?[\"']?([\w.-]+)[\"']?\)(?!\s*(\{|do))"),
    ),
    ".ex": _Ways(
        re.compile(r"(?:Keyword|Map)\.get\([^,()]+,\s*[:\"](\w+)"), re.compile(r"(?:Keyword|Map)\.fetch!\([^,()]+,\s*[:\"](\w+)")
    ),
    ".php": _Ways(re.compile(r"\$\w+\[['\"]([\w.-]+)['\"]\]\s*\?\?"), re.compile(r"\$\w+\[['\"]([\w.-]+)['\"]\](?!\s*(\?\?|=))")),
}
_WAYS[".exs"] = _WAYS[".ex"]


def read_keys_in_need(change: FileChange) -> Iterator[str]:
    """The keys that a file of code which reads a configuration asked for, and now needs."""
    ways = _WAYS.get(change.path[change.path.rfind(".") :])
    if ways is None or _OF_CONFIGURATION.search(change.path) is None or is_development(change.path):
        return
    asked = {name for line in change.removed for name in _names_in(ways.asks, line.text)}
    still = {name for line in change.added for name in _names_in(ways.asks, line.text)} if asked else set()
    for line in change.added if asked else ():
        yield from (name for name in _names_in(ways.demands, line.text) if name in asked and name not in still)


def _names_in(pattern: re.Pattern[str], line: str) -> Iterator[str]:
    if len(line) > _LONGEST or _ELSEWHERE.search(line):
        return
    for found in pattern.finditer(line):
        yield next(filter(None, found.groups()), "")


_LONGEST = 300
