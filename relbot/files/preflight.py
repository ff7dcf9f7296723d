"""Looks at the working tree before it is changed: what is still to do, and whether it can be done."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from relbot.errors import CannotWrite
from relbot.files.disk import draft_of
from relbot.files.opener import CannotOpen, read_regular_file
from relbot.files.os_errors import cannot_write, report_os_errors
from relbot.release.operations import MoveBatch, Operations, Removal, Write, content_digest, join_path, split_path

if TYPE_CHECKING:
    from collections.abc import Iterable

_FOLDS = sys.platform in ("win32", "darwin")
_AGAIN = "Run it again."
LARGEST_WRITTEN = 67_108_864
"""Bytes of a file that relbot changes: changelogs are the largest."""


@dataclass(frozen=True, slots=True)
class _Names:
    """What a folder holds: regular files, all else, and what an operation already looked at has taken or left."""

    files: set[str] = field(default_factory=set)
    others: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)

    def has(self, name: str) -> bool:
        return name in self.files or name in self.others or name in self.used


@dataclass(frozen=True, slots=True)
class Replacement:
    """A write still to do, and the file it takes the place of, if there is one."""

    write: Write
    draft: str
    old: bytes | None
    like: os.stat_result | None


@dataclass(frozen=True, slots=True)
class RemovedFile:
    """A file still to be removed, and what it takes to put it back."""

    path: str
    draft: str
    content: bytes
    like: os.stat_result


@dataclass(frozen=True, slots=True)
class RemainingWork:
    """What is to do; `drafts` are all that may be left of an earlier attempt, `folders` all that must be there.

    `emptied` are the folders that go if they end up empty.
    """

    runs: list[MoveBatch] = field(default_factory=list)
    replacements: list[Replacement] = field(default_factory=list)
    removals: list[RemovedFile] = field(default_factory=list)
    emptied: list[str] = field(default_factory=list)
    drafts: list[str] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)


def check_operations(root: str, operations: Operations) -> RemainingWork:
    """All that is to do. CannotWrite if anything is not as the operations expect it."""
    return _Preflight(root, finishing=False).work(operations)


def check_unfinished(root: str, operations: Operations) -> RemainingWork:
    """What is left to do of operations that were begun. CannotWrite if anything was changed in between."""
    return _Preflight(root, finishing=True).work(operations)


class _Preflight:
    """Lists each folder once and looks at no file that is only moved."""

    def __init__(self, root: str, *, finishing: bool) -> None:
        self._root = os.path.realpath(root)
        self._finishing = finishing
        self._names: dict[str, _Names] = {}
        self._real: dict[str, str] = {}

    def work(self, operations: Operations) -> RemainingWork:
        work = RemainingWork()
        runs = operations.runs
        for run in runs:
            left = self._left(run)
            work.folders.append(run.target)
            if left.olds:
                work.runs.append(left)
        for write in operations.writes:
            draft = draft_of(write.path)
            work.folders.append(split_path(write.path)[0])
            work.drafts.append(draft)
            replacement = self._replacement(write, draft)
            if replacement:
                work.replacements.append(replacement)
        for removal in operations.removals:
            work.emptied.append(split_path(removal.path)[0])
            work.drafts.append(draft_of(removal.path))
            if removed := self._removed(removal):
                work.removals.append(removed)
        if operations.removals:  # also of moves that a run which was killed has done
            work.emptied.extend(run.source for run in runs)
        return work

    def _left(self, run: MoveBatch) -> MoveBatch:
        """The moves of a run still to do."""
        if odd := _impossible_pair(run):
            what = f"`{join_path(run.source, odd[0])}` cannot become `{join_path(run.target, odd[1])}`: that is not a file name."
            raise CannotWrite(what)
        sources, targets = self._listed(run.source), self._listed(run.target)
        if sources is not targets and _all_movable(run, sources, targets):
            return run
        pairs = zip(run.olds, run.news, strict=True)
        left = [pair for pair in pairs if self._is_left(run, pair, sources, targets)]
        return MoveBatch(run.source, run.target, [old for old, _ in left], [new for _, new in left])

    def _is_left(self, run: MoveBatch, pair: tuple[str, str], sources: _Names, targets: _Names) -> bool:
        old, new = _name_key(pair[0]), _name_key(pair[1])
        left = old in sources.files and old not in sources.used and not targets.has(new)
        moved = not sources.has(old) and new in targets.files and new not in targets.used
        if not left and not (moved and self._finishing):
            raise self._immovable(run, pair, sources)
        sources.used.add(old)
        targets.used.add(new)
        return left

    def _immovable(self, run: MoveBatch, pair: tuple[str, str], sources: _Names) -> CannotWrite:
        old, new = join_path(run.source, pair[0]), join_path(run.target, pair[1])
        if _name_key(pair[0]) in sources.others:
            return CannotWrite(f"`{old}` is not a regular file, so it is not moved.", tip="Replace it with the file itself.")
        if _name_key(pair[0]) in sources.used:
            return CannotWrite(f"The plan changes `{old}` twice.")
        if _name_key(pair[0]) not in sources.files:
            tip = f"Restore it, or find out who moved it. {_AGAIN}"
            return CannotWrite(
                f"`{old}` is missing, so relbot cannot move it to `{new}`.", tip=tip, example=f"git log --oneline -- '{old}'"
            )
        tip = f"Compare the two, remove or rename one. {_AGAIN}"
        return CannotWrite(
            f"`{new}` already exists, so relbot cannot move `{old}` there.",
            tip=tip,
            example=f"git diff --no-index '{new}' '{old}'",
        )

    def _replacement(self, write: Write, draft: str) -> Replacement | None:
        folder, name = split_path(write.path)
        if not _is_plain(name):
            raise CannotWrite(f"`{write.path}` is not a path below the repository's root.")
        names, key = self._listed(folder), _name_key(name)
        if key in names.used:
            raise CannotWrite(f"The plan changes `{write.path}` twice.")
        if key in names.others:
            tip = "Name the file itself in the configuration, or put it there."
            raise CannotWrite(f"`{write.path}` is a link or no regular file, so it is not written.", tip=tip)
        names.used.add(key)
        old, like = self._read(write.path) if key in names.files else (None, None)
        found = None if old is None else content_digest(old)
        if found == write.before:
            return None if old == write.content else Replacement(write, draft, old, like)
        if self._finishing and found == write.after:
            return None
        raise _changed_file(write, found)

    def _removed(self, removal: Removal) -> RemovedFile | None:
        """A removal that is still to do."""
        folder, name = split_path(removal.path)
        if not _is_plain(name):
            raise CannotWrite(f"`{removal.path}` is no plain path below the repository's root.")
        names, key = self._listed(folder), _name_key(name)
        if key in names.used:
            raise CannotWrite(f"`{removal.path}` would be changed twice.")
        names.used.add(key)
        if key not in names.files:
            if self._finishing and key not in names.others:
                return None
            raise CannotWrite(f"`{removal.path}` is no regular file, or gone, so it is not removed.", tip=_AGAIN)
        old, like = self._read(removal.path)
        if content_digest(old) != removal.before:
            tip = f"Save and close it in your editor. {_AGAIN}"
            raise CannotWrite(f"`{removal.path}` was changed meanwhile.", tip=tip, example=f"git diff -- '{removal.path}'")
        return RemovedFile(removal.path, draft_of(removal.path), old, like)

    def _read(self, path: str) -> tuple[bytes, os.stat_result]:
        full = Path(self._root, path)
        with report_os_errors(path, "read"):
            like = os.lstat(full)
        try:
            return read_regular_file(full, LARGEST_WRITTEN, within=Path(self._root)), like
        except CannotOpen as error:
            if isinstance(error.__cause__, OSError):
                raise cannot_write(error.__cause__, path, "read") from error
            raise CannotWrite(f"`{path}` {error.what}, so it is not written.", tip="Replace it with a regular file.") from error

    def _listed(self, folder: str) -> _Names:
        """The names in a folder; none if it is still to be made."""
        real = self._real.get(folder)
        if real is None:
            real = self._real[folder] = self._within(folder)
        names = self._names.get(real)
        if names is None:
            names = self._names[real] = _list_names(real, folder)
        return names

    def _within(self, folder: str) -> str:
        """The folder, links followed. CannotWrite if it is not in the tree, or in git's own folder."""
        if folder and not all(map(_is_plain, folder.split("/"))):
            raise CannotWrite(f"`{folder}` is not a path below the repository's root.")
        real = os.path.realpath(os.path.join(self._root, folder))
        if real != self._root and not real.startswith(self._root.rstrip(os.sep) + os.sep):
            tip = "Put a folder there instead of the link."
            raise CannotWrite(f"`{folder}` leads out of the repository, through a symbolic link.", tip=tip)
        if not all(map(_is_plain, real[len(self._root) :].strip(os.sep).split(os.sep) if real != self._root else [])):
            raise CannotWrite(f"`{folder}` leads into git's own folder.", tip="Put a folder there instead of the link.")
        return real


def _list_names(real: str, folder: str) -> _Names:
    names = _Names()
    with report_os_errors(folder or ".", "listed"):
        try:
            entries = os.scandir(real)
        except FileNotFoundError:
            return names
        with entries:
            add_file, add_other = names.files.add, names.others.add
            for entry in entries:
                if entry.is_file(follow_symlinks=False):
                    add_file(entry.name)
                else:
                    add_other(entry.name)
    return _Names(_name_keys(names.files), _name_keys(names.others)) if _FOLDS else names


def _all_movable(run: MoveBatch, sources: _Names, targets: _Names) -> bool:
    """Whether all moves of a run are still to do and can be done, of which it then takes note. Fast, without saying why not."""
    olds = _name_keys(run.olds)
    news = olds if run.news == run.olds else _name_keys(run.news)
    free = targets.files.isdisjoint(news) and targets.others.isdisjoint(news) and targets.used.isdisjoint(news)
    there = olds <= sources.files and sources.used.isdisjoint(olds)
    if not (free and there and len(olds) == len(news) == len(run.olds)):
        return False
    sources.used.update(olds)
    targets.used.update(news)
    return True


def _name_key(name: str) -> str:
    """By which name the file system finds a file again."""
    return name.casefold() if _FOLDS else name


def _name_keys(names: Iterable[str]) -> set[str]:
    return {name.casefold() for name in names} if _FOLDS else set(names)


def _impossible_pair(run: MoveBatch) -> tuple[str, str] | None:
    """A pair with a name that no file can have. Most runs need no look at the single names."""
    if not _any_suspect(run.news) and (run.olds == run.news or not _any_suspect(run.olds)):
        return None
    return next((pair for pair in zip(run.olds, run.news, strict=True) if not all(map(_is_plain, pair))), None)


def _any_suspect(names: list[str]) -> bool:
    text = "\0".join(["", *names, ""]).lower()
    return text.count("\0") != len(names) + 1 or any(sign in text for sign in ("\0\0", "\0.", "git~1", os.sep))


def _is_plain(name: str) -> bool:
    return (
        name not in ("", ".", "..") and name.rstrip(". ").lower() not in (".git", "git~1") and not set(name) & set("/\0" + os.sep)
    )


def _changed_file(write: Write, found: str | None) -> CannotWrite:
    if found is None:
        tip = f"Restore it, or find out who removed it. {_AGAIN}"
        return CannotWrite(
            f"`{write.path}` is missing, so relbot cannot change it.", tip=tip, example=f"git log --oneline -- '{write.path}'"
        )
    if write.before is None:
        return CannotWrite(f"`{write.path}` already exists, so relbot cannot create it.", tip=f"Rename or remove it. {_AGAIN}")
    tip = f"Save and close it in your editor. {_AGAIN}"
    return CannotWrite(f"`{write.path}` has changed since relbot read it.", tip=tip, example=f"git diff -- '{write.path}'")
