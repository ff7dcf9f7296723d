"""The short parts of charts, as `define "shop.name"` has them, put in where templates include them: both render the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.model import ChangeSet, FileChange
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Mapping

_DEFINED = re.compile(
    r"\{\{-?[ \t]*define[ \t]+\"([\w.-]+)\"[ \t]*-?\}\}\n?[ \t]*([^\s][^\n]{0,200})\n[ \t]*\{\{-?[ \t]*end[ \t]*-?\}\}"
)
"""A part of one line."""
_INCLUDED = re.compile(r"\{\{-?[ \t]*(?:include|template)[ \t]+\"([\w.-]+)\"[ \t]+[.$][ \t]*-?\}\}")


def put_in_parts(changes: ChangeSet) -> ChangeSet:
    """The change set with the parts that its own files define put into its templates."""
    helpers = [change for change in changes.files if change.path.endswith(".tpl") and "define" in change.old + change.new]
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    for helper in helpers:
        before |= dict(_DEFINED.findall(helper.old))
        after |= dict(_DEFINED.findall(helper.new))
    if not before and not after:
        return changes
    return changes._replace(files=tuple(_put_in(change, before, after) for change in changes.files))


def _put_in(change: FileChange, before: Mapping[str, str], after: Mapping[str, str]) -> FileChange:
    if change.before is None or change.after is None or "include" not in change.old + change.new:
        return change
    if not change.path.endswith((".yaml", ".yml", ".tpl")):
        return change
    old, new = _filled(change.old, before), _filled(change.new, after)
    if old == change.old and new == change.new:
        return change
    return FileChange(change.status, change.path, old.encode(), new.encode(), change.old_path)


def _filled(text: str, parts: Mapping[str, str]) -> str:
    return _INCLUDED.sub(lambda found: parts.get(found[1], found[0]), text)
