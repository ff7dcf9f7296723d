"""Files of a tree by path, without their contents, and what two sides make of a third."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence


class TreeFile(NamedTuple):
    """A file of a tree: git's mode (`100644`, or `unmerged` for a conflict) and its blob.

    The blob is "" where git has not stored the content: the file lies in the work tree.
    """

    mode: str
    blob: str


class EditedTwice(NamedTuple):
    """A file that both sides edited: where it lies in the merge, and the file that each began with, ours and theirs."""

    path: str
    start: TreeFile
    ours: TreeFile
    theirs: TreeFile


class MergedFiles(NamedTuple):
    """The files that a merge gives, by path, and the paths that both sides changed in different ways.

    `edited` are those of which the contents are still to be merged; `files` has our side of them.
    """

    files: dict[str, TreeFile]
    conflicts: tuple[str, ...]
    edited: tuple[EditedTwice, ...] = ()


class _Placed(NamedTuple):
    path: str
    file: TreeFile


def merge_files(
    start: Mapping[str, TreeFile],
    ours: Mapping[str, TreeFile],
    theirs: Mapping[str, TreeFile],
    key_of: Callable[[str], str],
) -> MergedFiles:
    """The files of a merge of two sides that both began at `start`.

    Files are known by `key_of` their path, so that one which a side moves and the other edits is edited where it was moved to.
    Path and content are merged by themselves. A path that both sides changed, and not to the same, is a conflict; so is a file
    that one side edits and the other deletes.
    """
    if theirs == start:
        return MergedFiles(dict(ours), ())
    sides = _by_key((start, ours, theirs), key_of)
    files: dict[str, TreeFile] = {}
    conflicts: list[str] = []
    edited: list[EditedTwice] = []
    for key in dict.fromkeys(key for side in sides for key in side):
        base, own, other = (side.get(key) for side in sides)
        merged = _merge_placed(base, own, other)
        if isinstance(merged, EditedTwice):
            edited.append(merged)
            files[merged.path] = merged.ours
        elif merged is None:
            conflicts.append(next(placed.path for placed in (own, other, base) if placed is not None))
        else:
            files.update(merged)
    return MergedFiles(files, tuple(sorted(conflicts)), tuple(sorted(edited)))


def _merge_placed(base: _Placed | None, own: _Placed | None, other: _Placed | None) -> dict[str, TreeFile] | EditedTwice | None:
    """What two sides make of one file, by path: none, one, or two that were added apart. None if they conflict."""
    if own in (base, other):
        return _as_files(other)
    if other == base:
        return _as_files(own)
    if base is None and own is not None and other is not None and own.path != other.path:
        return {own.path: own.file, other.path: other.file}
    if base is None or own is None or other is None:
        return None
    paths = {own.path, other.path} - {base.path} or {base.path}
    contents = {own.file, other.file} - {base.file} or {base.file}
    if len(paths) != 1:
        return None
    path = paths.pop()
    return {path: contents.pop()} if len(contents) == 1 else EditedTwice(path, base.file, own.file, other.file)


def _as_files(placed: _Placed | None) -> dict[str, TreeFile]:
    return {} if placed is None else {placed.path: placed.file}


def _by_key(sides: Sequence[Mapping[str, TreeFile]], key_of: Callable[[str], str]) -> list[dict[str, _Placed]]:
    """The files of each side by their keys; by their paths, where one side has two files with one key."""
    counts = [Counter(map(key_of, side)) for side in sides]
    twice = {key for count in counts for key, number in count.items() if number > 1}
    keyed: list[dict[str, _Placed]] = []
    for side in sides:
        keys = ((path, key_of(path)) for path in side)
        keyed.append({(path if key in twice else key): _Placed(path, side[path]) for path, key in keys})
    return keyed


def pick_files(files: Mapping[str, TreeFile], paths: Iterable[str]) -> dict[str, TreeFile]:
    """Those of the files that have one of the paths."""
    return {path: files[path] for path in paths if path in files}
