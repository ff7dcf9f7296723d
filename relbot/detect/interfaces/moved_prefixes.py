"""Paths before others that are said elsewhere now: where routes are declared, or where their router is used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from relbot.detect.interfaces.route_words import plain_path
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relbot.detect.engine.model import FileChange

_PATH = re.compile(r"[\"'`](/[\w/:{}<>.-]{1,120})[\"'`]")


class Declared(Protocol):
    """What has the name of a route."""

    @property
    def name(self) -> str:
        """The route, such as `GET /orders`."""


_Named = TypeVar("_Named", bound=Declared)


class MovedPrefixes:
    """The paths that changed lines say, and the routes that a change set declares before and after, as `GET /orders`."""

    def __init__(self, changes: Iterable[FileChange], before: set[str], after: set[str]) -> None:
        sides = [(change.removed_text, change.added_text) for change in changes]
        self._gone = {plain_path(path) for text, _ in sides for path in _PATH.findall(text)}
        self._come = {plain_path(path) for _, text in sides for path in _PATH.findall(text)}
        self._old, self._fresh = before - after, after - before

    def without_kept(self, gone: list[_Named]) -> list[_Named]:
        """What is gone, without the routes that are there in another way."""
        return [each for each in gone if not self._keep(each.name)]

    def _keep(self, name: str) -> bool:
        """Whether a route that is gone is there with what stood before it, or without what stands before it now."""
        method, _, path = name.rpartition(" ")
        if any(f"{method} {_join(prefix, path)}" in self._fresh for prefix in self._gone):
            return True
        if any(path == _join(prefix, "") or path.startswith(f"{prefix}/") for prefix in self._come):
            rests = {plain_path(path[len(prefix) :]) for prefix in self._come if f"{path}/".startswith(f"{prefix}/")}
            if any(f"{method} {rest}" in self._fresh for rest in rests):
                return True
        return path in self._gone and self._is_only_prefix(path)

    def _is_only_prefix(self, path: str) -> bool:
        """Whether what is gone at a path stood before routes that have it themselves now."""
        below = [name for name in self._fresh if f"{name.rpartition(' ')[2]}/".startswith(f"{path}/")]
        return any(f"{name.rpartition(' ')[0]} {plain_path(name.rpartition(' ')[2][len(path) :])}" in self._old for name in below)


def _join(prefix: str, path: str) -> str:
    return plain_path(f"{prefix}/{path}")
