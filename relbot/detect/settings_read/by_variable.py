"""Settings whose names or values a run of the program tells: flags that a loop declares, values that a variable has now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.settings_read.setting import SETTING
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relbot.detect.engine.model import FileChange
    from relbot.detect.settings_read.setting import Setting

_BY_VARIABLE = re.compile(
    r"add_argument\(\s{0,40}(?:f[\"']--\{|[a-z_]\w{0,80}\s{0,9},)|\.(?:\w{1,20}Var|String|Int|Bool|Duration)\((?:\w{1,40}\.\w{1,40},\s{0,9}){2}"
)
"""A flag that is declared under a name which only a run of the program tells: from a list or a table."""


def declares_by_variable(change: FileChange) -> bool:
    """Whether a file newly declares flags so."""
    return _BY_VARIABLE.search(change.added_text) is not None


def is_quoted(setting: Setting, files: Iterable[FileChange]) -> bool:
    """Whether the new side of the setting's file has its name as a text."""
    name = setting.word.lstrip("-")
    return any(f'"{name}"' in change.new or f"'{name}'" in change.new for change in files if change.old_path == setting.path)


_ENVIRONMENT = re.compile(r"\bos\.(environ|getenv)|\bENV\b|process\.env|os\.(Getenv|LookupEnv)")


def is_set_by_environment(setting: Setting, change: FileChange) -> bool:
    """Whether a line that still begins with the setting's name takes its value from a variable, which can be set now."""
    if setting.kind != SETTING:
        return False
    lines = (line.text.strip() for line in change.added if _ENVIRONMENT.search(line.text))
    return any(text.startswith((f"{setting.word} ", f"{setting.word}(")) for text in lines)
