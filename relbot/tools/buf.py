"""buf: changes of Protocol Buffers that break those who speak the old ones (https://buf.build/docs/breaking/)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.schema import lazy_re as re
from relbot.tools.model import Adapter, ToolMessage, number_at, parse_json, text_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from relbot.detect.engine.model import FileChange


def _buf_command(_: Sequence[str]) -> Sequence[str]:
    return ("buf", "breaking", "new", "--against", "old", "--error-format", "json")


def _read_messages(output: bytes, changed: Sequence[FileChange]) -> Iterator[ToolMessage]:
    """What it says, a JSON object a line. What is gone with its file is said without a path: of the first file that is gone."""
    gone = next((change.path for change in changed if change.after is None), changed[0].path)
    for line in output.splitlines():
        one = parse_json(line)
        path = str(one.get("path") or "") if isinstance(one, dict) else ""
        yield ToolMessage(
            text_at(one, "type").lower().replace("_", "-"),
            path.removeprefix("new/") or gone,
            number_at(one, "start_line"),
            text_at(one, "message"),
        )


ADAPTER = Adapter("buf", re.compile(r"\.proto$"), True, ("buf.yaml",), _buf_command, frozenset({0, 100}), _read_messages)
