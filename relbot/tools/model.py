"""How another tool is asked, and how its answer becomes evidence."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Protocol

from relbot.detect.engine.model import Evidence
from relbot.errors import RelbotError, quoted
from relbot.schema.json_text import load_json
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterable, Sequence

    from relbot.detect.engine.model import FileChange


class ToolUnavailable(RelbotError):
    """A tool did not answer. `what` follows its name: "is not installed"."""


class BaseTree(Protocol):
    """The files of the tree that a change set begins at."""

    def paths(self) -> Sequence[str]:
        """The paths of all regular files."""

    def contents(self, paths: Sequence[str]) -> dict[str, bytes]:
        """What is in these files, by path."""


class ToolMessage(NamedTuple):
    """One thing that a tool complains of: its own rule, where, and what it says. `line` counts from 1; of the new side."""

    rule: str
    path: str
    line: int | None
    message: str


class Adapter(NamedTuple):
    """A tool that is given the two sides as the folders `old` and `new` of an empty folder, and answers with JSON.

    `reads` fits the paths of the files that it reads: those of the change set, or of both whole trees if `whole`.
    `configuration` are names of its own files at the root, as the base has them. `command` makes the words of a command
    from the changed paths that the new side has; `fine` are the exit codes of an answer, `read` makes it what it says.
    """

    id: str
    reads: re.Pattern[str]
    whole: bool
    configuration: tuple[str, ...]
    command: Callable[[Sequence[str]], Sequence[str]]
    fine: frozenset[int]
    read: Callable[[bytes, Sequence[FileChange]], Iterable[ToolMessage]]


def parse_json(text: bytes | str) -> Any:
    """The value of a JSON text. NoAnswer if it is none."""
    try:
        return load_json(text)
    except ValueError:
        raise ToolUnavailable(f"answered with something that is not JSON: {quoted(text, 60)}") from None


def text_at(answer: Any, key: str) -> str:
    """The text in an object below the key. NoAnswer if there is none."""
    found = answer.get(key) if isinstance(answer, dict) else None
    if not isinstance(found, str):
        raise ToolUnavailable(f"answered with JSON without `{key}`: {quoted(json.dumps(answer), 60)}")
    return found


def number_at(answer: Any, key: str) -> int | None:
    """The number in an object below the key, None if there is none."""
    found = answer.get(key) if isinstance(answer, dict) else None
    return found if isinstance(found, int) else None


def as_evidence(tool: str, said: Iterable[ToolMessage]) -> list[Evidence]:
    """One piece of evidence for each rule of the tool and file, at the first line, with all that was said below it."""
    grouped: dict[tuple[str, str], list[ToolMessage]] = {}
    for one in said:
        grouped.setdefault((one.rule, one.path), []).append(one)
    return [_group_messages(tool, many) for many in grouped.values()]


def _group_messages(tool: str, said: list[ToolMessage]) -> Evidence:
    first = said[0]
    if len(said) == 1:
        return Evidence(tool, first.rule, first.path, first.line, f"{first.message} ({tool}: {first.rule})")
    message = f"{first.message} ({tool}: {first.rule}; {len(said) - 1} more in this file)"
    details = tuple(f"line {one.line}: {one.message}" if one.line else one.message for one in said)
    return Evidence(tool, first.rule, first.path, first.line, message, details)
