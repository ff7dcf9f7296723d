"""Constants that one changed file has and another one uses: `MailOptions.Section`, imported names.

A literal that gets a name in another file is the same literal. They are found by their lines, in any language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_MOST_BYTES = 2_000_000
"""Of a change set, in which constants are looked for."""
_QUALIFIED = re.compile(r"[\w$]+(?:(?:\.|::|->)[\w$]+)*")
_TELLING = 3
_ASSIGNED = r"[\w<>?&': \t]{0,60}?(?::=|=>|=)[ \t]{0,9}([\"'`])([^\"'`\n]{1,200})\1"
"""What stands behind a name that gets a literal: its type, a sign, and the literal."""


_SOURCE = r"(?:[ \t]+[\w.]+|:[ \t]*[&\w]+)?[ \t]*:?=[ \t]*([^\n]+)"
"""The same for a name that gets anything."""


class SharedConstants:
    """The literals that the changed files give to names, on one side."""

    def __init__(self, texts: Callable[[], Iterable[str]]) -> None:
        """`texts` gives those of the files on this side: asked when the first constant is looked for."""
        self._give_texts = texts
        self._texts: tuple[str, ...] | None = None
        self._known: dict[str, str | None] = {}

    def get(self, name: str) -> str | None:
        """The only literal that files give to a name, told by its last part, which begins with a capital; None without one."""
        last = re.split(r"\W+", name)[-1]
        if len(last) < _TELLING or not last[:1].isupper() or _QUALIFIED.fullmatch(name) is None:
            return None
        if last not in self._known:
            self._known[last] = self._find(last)
        return self._known[last]

    def source_of(self, name: str) -> str | None:
        """What stands behind `name =` at the start of a line, after words such as `const`; None where files differ in it."""
        if self._texts is None:
            self._texts = tuple(self._list_texts())
        given = re.compile(rf"(?m)^[ \t]*(?:[a-z]+[ \t]+){{0,4}}{re.escape(name)}{_SOURCE}")
        found = {match[1].strip() for text in self._texts if name in text for match in given.finditer(text)}
        return found.pop() if len(found) == 1 else None

    def _find(self, last: str) -> str | None:
        if self._texts is None:
            self._texts = tuple(self._list_texts())
        assigned = re.compile(rf"(?<![\w$.]){re.escape(last)}\b{_ASSIGNED}")
        found = {match[2] for text in self._texts if last in text for match in assigned.finditer(text)}
        return found.pop() if len(found) == 1 else None

    def _list_texts(self) -> Iterable[str]:
        together = 0
        for text in self._give_texts():
            together += len(text)
            if together > _MOST_BYTES:
                return
            yield text
