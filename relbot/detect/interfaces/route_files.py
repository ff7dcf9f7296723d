"""Routes that Symfony's files of YAML declare: with a path of their own, or a prefix for what they include."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.config_structure.reading import read_live_entries
from relbot.detect.interfaces.route_words import plain_path
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

ROUTE_FILE = re.compile(r"(^|/)config/routes([\w-]{0,80}|/[\w/.-]{1,200})\.ya?ml$")


def read_route_file(text: str) -> Iterator[str]:
    """The routes of a file, such as `GET /orders/{}`; of an included one its prefix. Raises Unreadable."""
    paths: dict[tuple[str, ...], str] = {}
    methods: dict[tuple[str, ...], list[str]] = {}
    for entry in read_live_entries("yaml", text):
        name, owner = entry.path[-1], entry.path[:-1]
        if name in ("path", "prefix") and owner and owner[-1] != "resource":
            paths[owner] = entry.value
        elif name == "methods":
            methods[owner] = _METHOD.findall(entry.value)
    for owner, path in paths.items():
        yield from (f"{method} {plain_path(path)}" for method in methods.get(owner, ["ANY"]))


_METHOD = re.compile(r"[A-Z]+")
