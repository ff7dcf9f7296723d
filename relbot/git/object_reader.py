"""Reads git's objects through one `git cat-file` that stays: a process for each question would cost more than its answer."""

from __future__ import annotations

import os
import weakref
from contextlib import suppress
from typing import TYPE_CHECKING

from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator, Sequence

FULL_ID = re.compile("[0-9a-f]{40}|[0-9a-f]{64}")
"""The full id of an object: SHA-1, or SHA-256."""
_AT_ONCE = 60
"""Names that are asked for before an answer is read: they fit into a pipe that nobody reads (4 KiB on some systems)."""


class GitObject(NamedTuple):
    """An object of git: its full id, its kind (`commit`, `tree`, `blob` or `tag`) and its content."""

    id: str
    kind: str
    content: bytes


class TreeEntry(NamedTuple):
    """A file or folder of a tree: its path, its mode as git lists it (`100644`, `040000`), and its object."""

    path: str
    mode: str
    blob: str


class ObjectReader:
    """The objects of a repository. `start` starts `git cat-file --batch` there; the first question does that.

    What was read of trees is kept: an object never changes. `close` ends the process, and so does the end of the reader.
    """

    def __init__(self, start: Callable[[], subprocess.Popen[bytes]]) -> None:
        self._start = start
        self._process: subprocess.Popen[bytes] | None = None
        self._end: weakref.finalize[[subprocess.Popen[bytes]], ObjectReader] | None = None
        self._trees: dict[str, dict[str, TreeEntry]] = {}
        self._commits: set[str] = set()

    def close(self) -> None:
        """Ends the process, if there is one. The next question starts another one."""
        if self._end is not None:
            self._end()
        self._process = self._end = None

    def read(self, name: str) -> GitObject | None:
        """The object that a name leads to, None if git does not find one, or does not work here. GitFailed without git.

        `name` is a full id, perhaps with `^{commit}` or `^{tree}`. It must not have a line end.
        """
        return self.read_all((name,))[0]

    def read_all(self, names: Sequence[str]) -> list[GitObject | None]:
        """The objects that names lead to, in their order; None for each that `read` has none for."""
        found: list[GitObject | None] = []
        for at in range(0, len(names), _AT_ONCE):
            some = names[at : at + _AT_ONCE]
            answers = list(self._answers(some))
            if len(answers) < len(some):  # it was ended, perhaps by the Ctrl+C that was meant for a command of the user's
                self.close()
                answers = list(self._answers(some))
            if len(answers) < len(some):
                self.close()
                answers += [None] * (len(some) - len(answers))
            found += answers
        return found

    def has_commit(self, commit: str) -> bool:
        """Whether there is a commit of this full id."""
        if commit not in self._commits:
            found = self.read(f"{commit}^{{commit}}")
            if found is None or found.id != commit:
                return False
            self._commits.add(commit)
        return True

    def read_trees(self, names: Sequence[str]) -> list[dict[str, TreeEntry] | None]:
        """The entries, by name, of the trees that full ids lead to, or `COMMIT^{tree}`; None as for `read`."""
        lacking = [name for name in names if name not in self._trees]
        for name, found in zip(lacking, self.read_all(lacking), strict=True):
            if found is not None and found.kind == "tree":
                self._trees[name] = {each.path: each for each in _split_tree(found)}
        return [self._trees.get(name) for name in names]

    def _answers(self, names: Sequence[str]) -> Iterator[GitObject | None]:
        """The answers to names, as far as the process gives them."""
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write("".join(f"{name}\n" for name in names).encode("utf-8", "surrogateescape"))
            process.stdin.flush()
        except OSError:
            return
        for _ in names:
            head = process.stdout.readline()
            if not head.endswith(b"\n"):
                return
            words = head.split(b" ")
            if len(words) != 3 or not words[2].strip().isdigit():
                yield None  # "NAME missing", "NAME ambiguous"
                continue
            size = int(words[2])
            content = process.stdout.read(size + 1)
            if len(content) != size + 1:
                return
            yield GitObject(words[0].decode("ascii"), words[1].decode("ascii"), content[:-1])

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            self._process = self._start()
            self._end = weakref.finalize(self, end_process, self._process)
        return self._process


def end_process(process: subprocess.Popen[bytes]) -> None:
    """Ends a process that stays, whatever it does."""
    with suppress(OSError), process:
        process.kill()


def _split_tree(tree: GitObject) -> Iterator[TreeEntry]:
    """The entries of a tree: mode, space, name, NUL, and the id in bytes (gitformat-pack(5) has the same for SHA-256)."""
    content, length, at = tree.content, len(tree.id) // 2, 0
    while at < len(content):
        end = content.index(b"\0", at)
        mode, _, name = content[at:end].partition(b" ")
        yield TreeEntry(os.fsdecode(name), mode.decode("ascii").zfill(6), content[end + 1 : end + 1 + length].hex())
        at = end + 1 + length
