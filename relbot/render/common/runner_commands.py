"""Texts in the log of a GitHub Actions runner, which takes some lines as commands."""

from __future__ import annotations

from typing import assert_never

from relbot.render.common.invisible_characters import write_escape
from relbot.render.common.media import Medium
from relbot.schema import lazy_re as re

_OWN_COMMAND = re.compile(r"::(?:error|warning|notice)(?: [^:\n]*)?::")
_AT_START = re.compile(r"^([^\S\n]*)::(?=.*::)", re.MULTILINE)
_OLD_COMMAND = re.compile(r"##(?=\[)")
_ANY_COMMAND = re.compile(r":(?=:)|#(?=#\[)")


def disarm_runner_commands(text: str, medium: Medium) -> str:
    r"""Writes a text so that a GitHub Actions runner takes no line of it as a command.

    A runner takes `::name::` at the beginning of a line, spaces before it left aside, and `##[name]` anywhere in a line
    (`TryParseV2` and `TryParse` in src/Runner.Common/ActionCommand.cs of actions/runner). In plain text all `::` become `\x3a:`
    and all `##[` become `\x23#[`; markup and JSON are escaped in their own ways, so that they still mean the same.
    """
    match medium:
        case Medium.TEXT:
            return _ANY_COMMAND.sub(lambda match: write_escape(match[0]), text)
        case Medium.MARKDOWN:
            return _OLD_COMMAND.sub(r"#\#", _AT_START.sub(r"\1\::", text))
        case Medium.HTML:
            return _OLD_COMMAND.sub("&#35;#", _AT_START.sub(r"\1&#58;:", text))
        case Medium.JSON:
            return _ANY_COMMAND.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
        case Medium.COMMANDS:
            return "".join(_disarm_line(line) for line in text.splitlines(keepends=True))
        case _:
            assert_never(medium)


def _disarm_line(line: str) -> str:
    """Leaves a command of relbot's own in place; the runner looks for none in what follows it."""
    own = _OWN_COMMAND.match(line)
    return line.replace("##[", r"\x23#[") if own else disarm_runner_commands(line, Medium.TEXT)
