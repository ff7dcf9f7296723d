"""squawk: migrations in PostgreSQL's SQL that lock tables, break running code or cannot be run again (https://squawkhq.com)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.errors import quoted
from relbot.schema import lazy_re as re
from relbot.tools.model import Adapter, ToolMessage, ToolUnavailable, number_at, parse_json, text_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from relbot.detect.engine.model import FileChange


def _squawk_command(paths: Sequence[str]) -> Sequence[str]:
    return ("squawk", "--reporter", "json", *(f"new/{path}" for path in paths))


def _read_messages(output: bytes, changed: Sequence[FileChange]) -> Iterator[ToolMessage]:
    """What it says of the lines that the change set adds: older statements have run already."""
    added = {change.path: {line.number for line in change.added} for change in changed}
    answer = parse_json(output)
    if not isinstance(answer, list):
        raise ToolUnavailable(f"answered with JSON that is not a list: {quoted(output, 60)}")
    for one in answer:
        path = text_at(one, "file").removeprefix("new/")
        rule, message = text_at(one, "rule_name"), text_at(one, "message")
        first = (number_at(one, "line") or 0) + 1
        if rule == "syntax-error":
            raise ToolUnavailable(f"cannot read {path}:{first}: {message}")
        last = (number_at(one, "line_end") or first - 1) + 1
        if not added.get(path, set()).isdisjoint(range(first, last + 1)):
            yield ToolMessage(rule, path, first, message)


ADAPTER = Adapter(
    "squawk", re.compile(r"\.sql$", re.I), False, (".squawk.toml",), _squawk_command, frozenset({0, 1}), _read_messages
)
