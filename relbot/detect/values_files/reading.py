"""Values that operators override, of Helm charts and Ansible roles, and what a chart's templates demand of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.config_structure.entry import dotted_path
from relbot.detect.config_structure.reading import read_live_entries
from relbot.detect.engine import lazy_re as re
from relbot.detect.engine.items import Item

if TYPE_CHECKING:
    from collections.abc import Iterator

_VALUES = re.compile(r"(^|/)values([._-][\w.-]*)?\.ya?ml$")
_DEFAULTS = re.compile(r"(^|/)roles/[^/]+/(defaults|vars)/.*\.ya?ml$|(^|/)(group_vars|host_vars)/|(^|/)defaults/main\.ya?ml$")
_TEMPLATE = re.compile(r"(^|/)templates/.*\.(ya?ml|tpl|txt)$")
_REQUIRED = re.compile(r"\brequired\s+(?:\"[^\"]*\"|`[^`]*`|\([^()]*\))\s+\(?\s*\$?\.Values\.([\w.]+)")
_PIPED = re.compile(r"\$?\.Values\.([\w.]+)\s*\|\s*required\b")


def reads_values_of(path: str) -> bool:
    """Whether the path is of a kind that this module reads."""
    return any(pattern.search(path) for pattern in (_VALUES, _DEFAULTS, _TEMPLATE))


def read_values_file(text: str, path: str) -> Iterator[Item]:
    """The items of a file of values, or of a chart's template. Raises Unreadable."""
    if _TEMPLATE.search(path):
        chart = re.sub(r"(^|/)templates/.*$", "", path)
        for found in (*_REQUIRED.finditer(text), *_PIPED.finditer(text)):
            yield Item(f"required {chart}", found[1], "", text.count("\n", 0, found.start()) + 1)
        return
    for entry in read_live_entries("yaml", text):
        yield Item(f"value {path}", dotted_path(entry.path), entry.value, entry.line)
