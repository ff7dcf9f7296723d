"""Files of a tree by path, without their contents, and what two sides make of a third."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


class TreeFile(NamedTuple):
    """A file of a tree: git's mode (`100644`, or `unmerged` for a conflict) and its blob.

    The blob is "" where git has not stored the content: the file lies in the work tree.
    """

    mode: str
    blob: str


class MergedFiles(NamedTuple):
    """The files that a merge gives, by path, and the paths that both sides changed in different ways."""

    files: dict[str, TreeFile]
    conflicts: tuple[str, ...]


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
    Path and content are merged by themselves; one that both sides changed, and not to the same, is a conflict.
    """
    if theirs == start:
        return MergedFiles(dict(ours), ())
    sides = [_by_key(side, key_of) for side in (start, ours, theirs)]
    files: dict[str, TreeFile] = {}
    conflicts: list[str] = []
    for key in dict.fromkeys(key for side in sides for key in side):
        base, own, other = (side.get(key) for side in sides)
        if own == base or own == other:
            merged = other
        elif other == base:
            merged = own
        else:
            merged = _merge_placed(base, own, other)
            if merged is None:
                conflicts.append(next(placed.path for placed in (own, other, base) if placed is not None))
        if merged is not None:
            files[merged.path] = merged.file
    return MergedFiles(files, tuple(sorted(conflicts)))


def _merge_placed(base: _Placed | None, own: _Placed | None, other: _Placed | None) -> _Placed | None:
    """The file that two different changes to one give together, None if they conflict."""
    if base is None or own is None or other is None:
        return None
    path = other.path if own.path == base.path else own.path
    file = other.file if own.file == base.file else own.file
    apart = own.path != base.path != other.path != own.path or own.file != base.file != other.file != own.file
    return None if apart else _Placed(path, file)


def _by_key(files: Mapping[str, TreeFile], key_of: Callable[[str], str]) -> dict[str, _Placed]:
    """The files by their keys. Of two with one key, the second is known by its path."""
    placed: dict[str, _Placed] = {}
    for path, file in files.items():
        key = key_of(path)
        placed[key if key not in placed else path] = _Placed(path, file)
    return placed


def pick_files(files: Mapping[str, TreeFile], paths: Iterable[str]) -> dict[str, TreeFile]:
    """Those of the files that have one of the paths."""
    return {path: files[path] for path in paths if path in files}
