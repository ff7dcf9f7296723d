"""Objects that a kustomization holds itself, as the texts of its patches: as if they stood in files of their own."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

from relbot.detect.engine.model import FileChange
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.detect.engine.model import ChangeSet

KUSTOMIZATION = re.compile(r"(^|/)kustomization\.ya?ml$")
_PATCH = re.compile(r"^([ ]{0,60}(?:- )?)patch:[ ]?[|>][-+\d]{0,2}[ ]{0,9}$")
_BETWEEN = "\n---\n"


def with_inline_patches(changes: ChangeSet) -> ChangeSet:
    """The change set with the patches of each kustomization as further documents of its file."""
    if not any(KUSTOMIZATION.search(change.path) for change in changes.files):
        return changes
    return changes._replace(files=tuple(_with_patches(change) for change in changes.files))


def _with_patches(change: FileChange) -> FileChange:
    if not KUSTOMIZATION.search(change.path):
        return change
    sides = (change.before, change.old), (change.after, change.new)
    before, after = (None if side is None else _BETWEEN.join([text, *_read_patches(text)]).encode() for side, text in sides)
    return FileChange(change.status, change.path, before, after, change.old_path)


def _read_patches(text: str) -> Iterator[str]:
    """The patches that stand in a kustomization as texts, but for lists of operations, which name no object."""
    block: list[str] | None = None
    depth = 0
    for line in [*text.split("\n"), "."]:
        if block is not None and line.strip() and len(line) - len(line.lstrip()) <= depth:
            if (patch := dedent("\n".join(block))).startswith(("apiVersion:", "kind:", "metadata:")):
                yield patch
            block = None
        if block is not None:
            block.append(line)
        elif (found := _PATCH.match(line)) is not None:
            block, depth = [], len(found[1])
