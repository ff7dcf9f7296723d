"""Stages what a build changed, in as many git processes for ten thousand files as for one."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Self

from relbot.git.process import GitFailed
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from relbot.git.process import Git


class IndexReading:
    """A look at the index that is under way since this was made: what it holds at and below `paths`."""

    def __init__(self, git: Git, paths: Iterable[str]) -> None:
        below = [f":(literal){path}" for path in paths]
        self._entries = git.start("ls-files", "-z", "--stage", "--", *below)
        self._changed = git.start("diff-files", "-z", "--relative", "--name-only", "--", *below)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Ends what still runs: the caller needed no answer."""
        for look in (self._entries, self._changed):
            with look:
                look.kill()

    def seen(self) -> IndexState:
        """What the index holds. GitFailed if git does not tell."""
        listing, complaint = self._entries.communicate()
        changed = self._changed.communicate()[0]
        if self._entries.returncode or self._changed.returncode:
            raise GitFailed(("ls-files",), self._entries.returncode or self._changed.returncode, b"", complaint)
        rows = (row.partition(b"\t") for row in listing.split(b"\0") if row)
        return IndexState({path: about for about, _, path in rows}, frozenset(changed.split(b"\0")))


class IndexState(NamedTuple):
    """Mode, blob and stage of each file as git shows them, by path; `changed` are the files that differ from that."""

    entries: dict[bytes, bytes]
    changed: frozenset[bytes]


class IndexUpdate:
    """Brings the index to the state of the work tree: files that move (from, to), and files that are written.

    Begins at once, while they move, with all that `before`, what the index held then, tells: git need not read ten thousand files
    again that only lie elsewhere. The rest is for `finish`. May be repeated. GitFailed if git refuses; the index may then have
    changed, see `restore`.
    """

    def __init__(self, git: Git, moves: Iterable[tuple[str, str]], before: IndexState) -> None:
        self._git = git
        top, gone = _from_the_top(git), _removed_entry(git)
        lines, self._others = [], list[str]()
        pairs = list(moves)
        encoded = os.fsencode("\0".join(path for pair in pairs for path in pair)).split(b"\0")
        for pair, old, new in zip(pairs, encoded[::2], encoded[1::2], strict=False):
            entry = before.entries.get(old, b"")
            if entry.endswith(b" 0") and old not in before.changed:
                lines.append(b"%s\t%s\0%s\t%s\0" % (gone, top + old, entry, top + new))
            else:
                self._others += pair
        self._moving = git.begin("update-index", "-z", "--index-info", stdin=b"".join(lines)) if lines else None

    def finish(self, written: Iterable[str]) -> None:
        """Waits for what has begun, then has git read what is written and what it did not know."""
        if self._moving is not None:
            self._moving.result()
        listing = b"".join(os.fsencode(path) + b"\0" for path in (*self._others, *written))
        _when_free(lambda: self._git.run("update-index", "--add", "--remove", "-z", "--stdin", stdin=listing))

    def stop(self) -> None:
        """Waits for what has begun, whatever comes of it: somebody wants to put the index back."""
        if self._moving is not None:
            self._moving.wait()


_TRIES = 20
_BETWEEN = 0.1


def _when_free(work: Callable[[], object]) -> None:
    """Does what needs the index; waits two seconds if another git has it: one that a killed run began may still be at work."""
    for left in range(_TRIES, -1, -1):
        try:
            work()
        except GitFailed as error:
            if not error.locked or not left:
                raise
            time.sleep(_BETWEEN)
        else:
            return


def restore_index(git: Git, paths: Iterable[str], before: IndexState) -> None:
    """Brings these paths of the index back to what it held."""
    top, gone = _from_the_top(git), _removed_entry(git)
    lines = []
    for path in map(os.fsencode, paths):
        lines.append(b"%s\t%s\0" % (gone, top + path))
        if entry := before.entries.get(path):
            lines.append(b"%s\t%s\0" % (entry, top + path))
    git.run("update-index", "-z", "--index-info", stdin=b"".join(lines))


def _removed_entry(git: Git) -> bytes:
    """What `--index-info` takes for "no such file": the mode 0 and an id of zeros, as long as the repository's ids are."""
    digits = 64 if git.text("rev-parse", "--show-object-format") == "sha256" else 40
    return b"0 " + b"0" * digits


def _from_the_top(git: Git) -> bytes:
    """What stands before a path: `--index-info`, unlike all else, takes it from the top of the work tree."""
    return git.run("rev-parse", "--show-prefix").removesuffix(b"\n")
