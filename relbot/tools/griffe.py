"""griffe: changes of a Python package's public interface that break its users (https://mkdocstrings.github.io/griffe/).

Its command line prints no JSON, so `breakages.py` asks the library, in a process of its own.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from relbot.schema import lazy_re as re
from relbot.tools.model import Adapter, ToolMessage, number_at, parse_json, text_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from relbot.detect.engine.model import FileChange


def _griffe_command(_: Sequence[str]) -> Sequence[str]:
    # -P: no folder is searched for modules because the process starts there, or the script lies there.
    return (sys.executable, "-P", str(Path(__file__).with_name("breakages.py")), "old", "new")


def _read_messages(output: bytes, _: Sequence[FileChange]) -> Iterator[ToolMessage]:
    for line in output.splitlines():
        one = parse_json(line)
        yield ToolMessage(text_at(one, "rule"), text_at(one, "path"), number_at(one, "line"), text_at(one, "message"))


ADAPTER = Adapter("griffe", re.compile(r"\.pyi?$"), True, (), _griffe_command, frozenset({0}), _read_messages)
