"""A change set with its contents on both sides, read from git's objects. Nothing is checked out."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple, Self

from relbot.detect.model import ChangeSet, FileChange
from relbot.detect.places import is_vendored
from relbot.errors import Unknown

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterable
    from pathlib import Path

    from relbot.git.process import Git

MOST_FILES = 3_000
MOST_BYTES = 1_000_000
MOST_BYTES_TOGETHER = 60_000_000
_BINARY = b"\0"
_LOOKED_AT = 8_000
_LONG_LINE = 5_000


class _Row(NamedTuple):
    """A line of `git diff --raw`: git's letter, the blobs on both sides, the paths on both sides.

    A blob is "" where there is no file, and only zeros where git has not stored what lies in the work tree.
    """

    status: str
    before: str
    after: str
    old_path: str
    path: str


class Blobs:
    """Contents of blobs, from two git processes that stay: one tells sizes, one gives contents. Close it after use."""

    def __init__(self, git: Git) -> None:
        self.root = git.root
        self._sizes = git.start("cat-file", "--batch-check", stdin=True)
        self._contents = git.start("cat-file", "--batch", stdin=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in (self._sizes, self._contents):
            process.__exit__(None, None, None)

    def sizes(self, ids: list[str]) -> list[int]:
        """The sizes of blobs in bytes, in the order asked for. Unknown if one is missing."""
        return [size for start in range(0, len(ids), 500) for size in self._asked(ids[start : start + 500])]

    def _asked(self, ids: list[str]) -> list[int]:
        _ask(self._sizes, ids)
        return [_size(_answer(self._sizes), blob) for blob in ids]

    def content(self, blob: str) -> bytes:
        """The content of one blob. Unknown if it is missing."""
        _ask(self._contents, [blob])
        size = _size(_answer(self._contents), blob)
        assert self._contents.stdout is not None
        return self._contents.stdout.read(size + 1)[:size]


def read_change_set(git: Git, base: str, head: str, blobs: Blobs, masked: frozenset[str] = frozenset()) -> ChangeSet:
    """What differs between two commits, as files in path order; `masked` paths are left out without a word.

    Left out, each with a sentence: files of others (vendored, generated, lock files), binaries, minified ones, those above
    MOST_BYTES, and what goes beyond MOST_FILES or MOST_BYTES_TOGETHER. Unknown if git lacks a content.
    """
    rows = [row for row in _rows(git, "diff-tree", "-r", base, head) if row.path not in masked and row.old_path not in masked]
    return _contents(rows, blobs)


def read_index(git: Git, blobs: Blobs) -> ChangeSet:
    """What the next commit would change, as `read_change_set` gives it; nothing if it would be the first."""
    if git.answer("rev-parse", "--verify", "--quiet", "HEAD")[0] != 0:
        return ChangeSet(())
    return _contents(_rows(git, "diff", "--cached", "HEAD"), blobs)


def read_work_tree(git: Git, base: str, blobs: Blobs) -> ChangeSet:
    """What differs between a commit and the work tree, without untracked files, as `read_change_set` gives it."""
    return _contents(_rows(git, "diff", base), blobs)


def _rows(git: Git, *command: str) -> list[_Row]:
    name, *rest = command
    words = git.run(name, "-z", "-M", "--raw", "--relative", "--no-abbrev", "--no-ext-diff", *rest).split(b"\0")
    rows = []
    at = 0
    while at < len(words) - 1:
        mode_before, mode_after, before, after, status = words[at].decode("ascii").lstrip(":").split(" ")
        old_path = os.fsdecode(words[at + 1])
        renamed = status[0] in "RC"
        path = os.fsdecode(words[at + 2]) if renamed else old_path
        at += 3 if renamed else 2
        before, after = _regular(mode_before, before), _regular(mode_after, after)
        if before or after:
            rows.append(_Row(status[0], before, after, old_path, path))
    return rows


def _regular(mode: str, blob: str) -> str:
    return blob if mode.startswith("100") else ""


def _contents(rows: list[_Row], blobs: Blobs) -> ChangeSet:
    left_out: list[str] = []
    kept = [row for row in rows if not is_vendored(row.path)]
    if len(kept) < len(rows):
        left_out.append(f"{_files(len(rows) - len(kept))} written by others or by programs")
    if len(kept) > MOST_FILES:
        left_out.append(f"{_files(len(kept) - MOST_FILES)} beyond the first {MOST_FILES:,}")
        kept = kept[:MOST_FILES]
    ids = list(dict.fromkeys(blob for row in kept for blob in (row.before, row.after) if blob.strip("0")))
    size = dict(zip(ids, blobs.sizes(ids), strict=True))
    files: list[FileChange] = []
    together = too_large = beyond = unreadable = 0
    for row in kept:
        sizes = [size[blob] if blob in size else _size_on_disk(blobs.root, row.path, blob) for blob in (row.before, row.after)]
        own = sum(sizes)
        if max(sizes) > MOST_BYTES:
            too_large += 1
        elif together + own > MOST_BYTES_TOGETHER:
            beyond += 1
        else:
            together += own
            before = blobs.content(row.before) if row.before else None
            after = _after(blobs, row)
            if _is_text(before) and _is_text(after):
                files.append(FileChange(row.status, row.path, before, after, row.old_path))
            else:
                unreadable += 1
    for count, why in (
        (too_large, f"of more than {MOST_BYTES:,} bytes"),
        (beyond, f"beyond the first {MOST_BYTES_TOGETHER:,} bytes"),
        (unreadable, "that are binary or minified"),
    ):
        if count:
            left_out.append(f"{_files(count)} {why}")
    return ChangeSet(tuple(files), tuple(left_out))


def _after(blobs: Blobs, row: _Row) -> bytes | None:
    if row.after.strip("0"):
        return blobs.content(row.after)
    if not row.after:
        return None
    path = blobs.root / row.path
    return path.read_bytes() if path.is_file() and not path.is_symlink() else None


def _size_on_disk(root: Path, path: str, blob: str) -> int:
    try:
        return (root / path).lstat().st_size if blob else 0
    except FileNotFoundError:
        return 0


def _files(count: int) -> str:
    return f"{count:,} file{'s' * (count != 1)}"


def _is_text(content: bytes | None) -> bool:
    if content is None:
        return True
    return _BINARY not in content[:_LOOKED_AT] and (len(content) < _LONG_LINE or b"\n" in content[:_LONG_LINE])


def _ask(process: subprocess.Popen[bytes], ids: Iterable[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("".join(f"{blob}\n" for blob in ids).encode("ascii"))
    process.stdin.flush()


def _answer(process: subprocess.Popen[bytes]) -> bytes:
    assert process.stdout is not None
    return process.stdout.readline()


def _size(answer: bytes, blob: str) -> int:
    words = answer.split()
    if len(words) != 3 or words[1] != b"blob":
        said = answer.decode("utf-8", "replace").strip() or "nothing"
        raise Unknown(f"git cannot read the blob {blob}: it says {said}.", tip="Fetch again, or see what `git fsck` says.")
    return int(words[2])
