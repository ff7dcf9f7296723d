"""A change set with its contents on both sides, read from git's objects. Nothing is checked out."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Self

from relbot.detect.engine.model import ChangeSet, FileChange
from relbot.detect.engine.path_roles import is_vendored
from relbot.errors import Unknown
from relbot.files.opener import CannotOpen, read_regular_file
from relbot.git.differences import DiffRow, read_rows
from relbot.git.object_reader import end_process
from relbot.git.trees import require_blob

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from relbot.git.process import Git

MOST_FILES = 3_000
MOST_BYTES = 1_000_000
MOST_BYTES_TOGETHER = 60_000_000
_BINARY = b"\0"
_LOOKED_AT = 8_000
_LONG_LINE = 5_000
_ASKED = 500
"""Blobs that are asked for at a time: their ids fit into a pipe, so that git and relbot never wait for each other."""


class BlobReader:
    """Contents of blobs from the objects of git, and their sizes from a git process that stays. Close it after use."""

    def __init__(self, git: Git) -> None:
        self.root = git.root
        self._objects = git.objects
        self._sizes = git.stay("cat-file", "--batch-check")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        end_process(self._sizes)

    def sizes(self, ids: list[str]) -> list[int]:
        """The sizes of blobs in bytes, in the order asked for. Unknown if one is missing."""
        return [size for start in range(0, len(ids), _ASKED) for size in self._asked(ids[start : start + _ASKED])]

    def _asked(self, ids: list[str]) -> list[int]:
        _ask_git(self._sizes, ids)
        return [_parse_size(_read_answer(self._sizes), blob) for blob in ids]

    def contents(self, ids: list[str]) -> Iterator[bytes]:
        """The contents of blobs, in the order asked for. Unknown if one is missing."""
        for start in range(0, len(ids), _ASKED):
            asked = ids[start : start + _ASKED]
            for blob, found in zip(asked, self._objects.read_all(asked), strict=True):
                yield require_blob(blob, found)

    def require_commits(self, *ids: str) -> None:
        """Unknown if one of these full ids is no commit that is here: git itself takes some missing ones for empty."""
        _ask_git(self._sizes, ids)
        for commit, answer in [(commit, _read_answer(self._sizes)) for commit in ids]:
            if answer.split()[1:2] != [b"commit"]:
                raise Unknown(f"There is no commit {commit} in this clone.", tip="Fetch it.")


def read_change_set(git: Git, base: str, head: str, blobs: BlobReader, masked: frozenset[str] = frozenset()) -> ChangeSet:
    """What differs between two commits, as files in path order; `masked` paths are left out without a word.

    Left out, each with a sentence: files of others (vendored, generated, lock files), binaries, minified ones, those above
    MOST_BYTES, and what goes beyond MOST_FILES or MOST_BYTES_TOGETHER. Unknown if git lacks a content.
    """
    rows = read_rows(git, "diff-tree", "-r", base, head)
    rows = [row for row in rows if row.path not in masked and row.old_path not in masked]
    return read_contents(rows, blobs)


def read_contents(rows: list[DiffRow], blobs: BlobReader) -> ChangeSet:
    """The files of rows with their contents, and what is left out, as `read_change_set` gives it."""
    left_out: list[str] = []
    kept = [row for row in rows if not is_vendored(row.path)]
    if len(kept) < len(rows):
        left_out.append(f"{_count_files(len(rows) - len(kept))} written by others or by programs")
    if len(kept) > MOST_FILES:
        left_out.append(f"{_count_files(len(kept) - MOST_FILES)} beyond the first {MOST_FILES:,}")
        kept = kept[:MOST_FILES]
    ids = list(dict.fromkeys(blob for row in kept for blob in (row.before, row.after) if _is_stored(blob)))
    size = dict(zip(ids, blobs.sizes(ids), strict=True))
    wanted: list[DiffRow] = []
    together = too_large = beyond = 0
    for row in kept:
        sizes = [size[blob] if blob in size else _size_on_disk(blobs.root, row.path, blob) for blob in (row.before, row.after)]
        own = sum(sizes)
        if max(sizes) > MOST_BYTES:
            too_large += 1
        elif together + own > MOST_BYTES_TOGETHER:
            beyond += 1
        else:
            together += own
            wanted.append(row)
    files = _read_files(wanted, blobs)
    unread = len(wanted) - len(files)
    for count, why in (
        (too_large, f"of more than {MOST_BYTES:,} bytes"),
        (beyond, f"beyond the first {MOST_BYTES_TOGETHER:,} bytes"),
        (unread, "that is binary or minified" if unread == 1 else "that are binary or minified"),
    ):
        if count:
            left_out.append(f"{_count_files(count)} {why}")
    return ChangeSet(tuple(files), tuple(left_out))


def _read_files(rows: list[DiffRow], blobs: BlobReader) -> list[FileChange]:
    """The rows whose contents are text on both sides."""
    read = blobs.contents([blob for row in rows for blob in (row.before, row.after) if _is_stored(blob)])
    files = []
    for row in rows:
        before = next(read) if _is_stored(row.before) else None
        after = next(read) if _is_stored(row.after) else _read_from_disk(blobs.root, row.path) if row.after else None
        if _is_text(before) and _is_text(after):
            files.append(FileChange(row.status, row.path, before, after, row.old_path))
    return files


def _is_stored(blob: str) -> bool:
    return bool(blob.strip("0"))


def _read_from_disk(root: Path, path: str) -> bytes | None:
    """A file that git saw in the work tree; None if it has gone since. Unknown if it cannot be read."""
    file = root / path
    if not os.path.lexists(file):
        return None
    try:
        return read_regular_file(file, MOST_BYTES, within=root)
    except CannotOpen as error:
        raise Unknown(f"`{path}` {error.what}.", tip="Make the file readable for yourself, or remove it.") from error


def _size_on_disk(root: Path, path: str, blob: str) -> int:
    try:
        return (root / path).lstat().st_size if blob else 0
    except FileNotFoundError:
        return 0


def _count_files(count: int) -> str:
    return f"{count:,} file{'s' * (count != 1)}"


def _is_text(content: bytes | None) -> bool:
    if content is None:
        return True
    return _BINARY not in content[:_LOOKED_AT] and (len(content) < _LONG_LINE or b"\n" in content[:_LONG_LINE])


def _ask_git(process: subprocess.Popen[bytes], ids: Iterable[str]) -> None:
    assert process.stdin is not None
    with suppress(BrokenPipeError):  # it ended, and has no answer then
        process.stdin.write("".join(f"{blob}\n" for blob in ids).encode("ascii"))
        process.stdin.flush()


def _read_answer(process: subprocess.Popen[bytes]) -> bytes:
    assert process.stdout is not None
    return process.stdout.readline()


def _parse_size(answer: bytes, blob: str) -> int:
    words = answer.split()
    if len(words) != 3 or words[1] != b"blob":
        said = answer.decode("utf-8", "replace").strip() or "nothing"
        raise Unknown(
            f"git cannot read the blob {blob}: it says {said}.", tip="Fetch again, or run `git fsck` to check the repository."
        )
    return int(words[2])
