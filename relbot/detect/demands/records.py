"""Values that records newly need before they can be saved: Rails' validations, fields of Mongoose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from relbot.detect.engine.model import FileChange

_VALIDATED = re.compile(r"^\s*validates(?:_presence_of)?\s+(?P<names>:\w+(?:, :\w+)*)(?P<rest>.*)$")
_PRESENT = re.compile(r"presence(?::|\s*=>)\s*true")
_FIELD = re.compile(r"^\s*(\w+)\s*:\s*\{.*\brequired\s*:\s*(?:true|\[\s*true)")
_BELONGS = re.compile(r"(?m)^[ \t]*belongs_to :(\w+)")
_OPTIONAL = re.compile(r"(?m)^[ \t]*belongs_to :(\w++)[^\n]{0,200}?\boptional: true")
_MODEL = re.compile(r"(^|/)app/models/.{1,200}\.rb$")
_SCHEMA = re.compile(r"\bSchema\(")


def read_required_values(change: FileChange) -> Iterator[str]:
    """The attributes that must have a value now, of a model that was there before."""
    if _MODEL.search(change.path):
        before, now = (_validated(line.text[:400] for line in lines) for lines in (change.removed, change.added))
        yield from (name for name in now if name not in before)
        optional, rest = (set(_OPTIONAL.findall(text)) for text in (change.removed_text, change.added_text))
        yield from sorted((optional - rest) & set(_BELONGS.findall(change.added_text)))
    elif "required" in change.added_text and _SCHEMA.search(change.old):
        fields = {line.strip().partition(":")[0] for line in change.old.split("\n")}
        before, now = (
            [found[1] for line in lines if (found := _FIELD.match(line.text[:400]))] for lines in (change.removed, change.added)
        )
        yield from (name for name in now if name in fields and name not in before)


def _validated(lines: Iterable[str]) -> list[str]:
    """The attributes that lines demand in any case."""
    found = [said for line in lines if " if:" not in line and (said := _VALIDATED.match(line))]
    return [
        name
        for said in found
        if "presence_of" in said[0] or _PRESENT.search(said["rest"])
        for name in re.findall(r":(\w+)", said["names"])
    ]
