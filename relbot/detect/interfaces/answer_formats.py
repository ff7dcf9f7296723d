"""Switches of serializers: how answers are written for all routes at once, such as enums as texts or names with underscores."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from relbot.detect.engine.model import FileChange

_SWITCH = re.compile(
    r"\bnew (JsonStringEnumConverter|StringEnumConverter)\b|\bPropertyNamingPolicy\s*=\s*([\w.]+)"
    r"|\b(PropertyNamingStrateg(?:y|ies)\.\w+)"
    r"|\bSerializationFeature\.(?!INDENT)(\w+)|\bkey_transform\s*=\s*([\w:]+)|\bJsonNamingPolicy\.(\w+)"
    r"|\bNamingStrategy\s*=\s*new (\w+)"
    r"|\bjson_encoder\s*=\s*(\w+)|\bUseCamelCasing\((\w*)\)|\bdefault_response_class\s*=\s*(\w+)"
)
_ENDINGS = (".cs", ".java", ".kt", ".rb", ".py")


def read_other_switches(change: FileChange) -> list[str]:
    """The switches that only one side of a file has, of a file that was there before and is there after."""
    if change.before is None or change.after is None or not change.path.endswith(_ENDINGS):
        return []
    old, new = ({next(filter(None, found.groups())) for found in _SWITCH.finditer(text)} for text in (change.old, change.new))
    return sorted(old ^ new)
