"""Which files differ between two commits, as git tells it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Self

from relbot.errors import Unknown
from relbot.git.object_reader import end_process
from relbot.review.changed_paths import ChangedPath
from relbot.review.tree_files import TreeFile
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from relbot.git.process import Git

DIFF_FORM = ("-z", "-M", "--raw", "--relative", "--no-abbrev", "--no-ext-diff")
"""How `git diff` and its like are asked."""


class DiffRow(NamedTuple):
    """A line of `git diff --raw`: git's letter, the blobs on both sides, the paths on both sides.

    A blob is "" where there is no file, and only zeros where git has not stored what lies in the work tree.
    """

    status: str
    before: str
    after: str
    old_path: str
    path: str


def read_rows(git: Git, name: str, *rest: str) -> list[DiffRow]:
    """What one run of `git diff` or of its like tells."""
    return parse_rows(git.run(name, *DIFF_FORM, *rest))


class CommitDifferences:
    """The differences of many pairs of commits, from one git process that stays. Close it after use."""

    def __init__(self, git: Git) -> None:
        import secrets  # and OpenSSL: one pair of commits needs neither

        self._end = f"end {secrets.token_hex(16)}\n".encode()  # git repeats a line that names no object; no path can be it
        self._tree = git.stay("diff-tree", "--stdin", "-r", "-m", "--no-commit-id", *DIFF_FORM)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        end_process(self._tree)

    def rows(self, base: str, head: str) -> list[DiffRow]:
        """What differs between two commits that are there, by their full ids. Unknown if git gives up."""
        assert self._tree.stdin is not None
        assert self._tree.stdout is not None
        try:
            self._tree.stdin.write(f"{head} {base}\n".encode("ascii") + self._end)
            self._tree.stdin.flush()
        except BrokenPipeError:
            raise self._gone(base, head) from None
        said = b""
        while not said.endswith(self._end):
            line = self._tree.stdout.readline()
            if not line:
                raise self._gone(base, head)
            said += line
        return parse_rows(said[: -len(self._end)])

    def _gone(self, base: str, head: str) -> Unknown:
        return Unknown(f"git cannot compare {base} and {head}.", tip="Run `git fsck` to check the repository.")


def parse_rows(said: bytes) -> list[DiffRow]:
    """The lines of an answer in this form that are about regular files."""
    rows = []
    for status, modes, blobs, (old_path, path) in _split_fields(said):
        before, after = _regular_blob(modes[0], blobs[0]), _regular_blob(modes[1], blobs[1])
        if before or after:
            rows.append(DiffRow(status, before, after, old_path, path))
    return rows


def parse_changed_paths(said: bytes) -> Iterator[ChangedPath]:
    """What an answer in this form says of all files, renames as a deletion and an addition."""
    for status, _, _, (old_path, path) in _split_fields(said):
        if status == "R":
            yield ChangedPath("D", old_path)
        yield ChangedPath("A" if status in "RC" else status, path)


class ChangedEntry(NamedTuple):
    """A changed file: its paths and what it is on both sides, None where it is not there."""

    old_path: str
    path: str
    old: TreeFile | None
    new: TreeFile | None


def parse_entries(said: bytes) -> Iterator[ChangedEntry]:
    """What an answer in this form says of all files.

    A file with a merge conflict has the mode `unmerged`; the blob is "" where git has not stored what lies in the work tree.
    """
    for status, (mode_before, mode), (blob_before, blob), (old_path, path) in _split_fields(said):
        old = None if mode_before == _NO_FILE else TreeFile(mode_before, blob_before)
        if status == "U":
            yield ChangedEntry(path, path, old, TreeFile("unmerged", ""))
        else:
            new = None if status == "D" else TreeFile(mode, blob if blob.strip("0") else "")
            yield ChangedEntry(old_path, path, old, new)


def without_entries(said: bytes, same: Mapping[str, TreeFile | None]) -> bytes:
    """An answer in this form without the files that are on its new side as `same` has them, None for one that is gone."""
    kept: list[bytes] = []
    words = said.split(b"\0")
    at = 0
    for old_path, path, _, new in parse_entries(said):
        fields = 3 if words[at].rpartition(b" ")[2][:1] in b"RC" else 2
        is_same = path in same and same[path] == new and (old_path == path or same.get(old_path, new) is None)
        kept += [] if is_same else words[at : at + fields]
        at += fields
    return b"\0".join((*kept, b""))


_NO_FILE = "000000"
_Pair = tuple[str, str]


def _split_fields(said: bytes) -> Iterator[tuple[str, _Pair, _Pair, _Pair]]:
    """The letter, the modes, the blobs and the paths on both sides, line by line."""
    words = said.split(b"\0")
    at = 0
    while at < len(words) - 1:
        mode_before, mode_after, before, after, status = words[at].decode("ascii").lstrip(":").split(" ")
        old_path = os.fsdecode(words[at + 1])
        renamed = status[0] in "RC"
        path = os.fsdecode(words[at + 2]) if renamed else old_path
        at += 3 if renamed else 2
        yield status[0], (mode_before, mode_after), (before, after), (old_path, path)


def _regular_blob(mode: str, blob: str) -> str:
    return blob if mode.startswith("100") else ""
