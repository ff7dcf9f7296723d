"""Stages what a build changed, in as many git processes for ten thousand files as for one."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from relbot.git.process import GitFailed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from relbot.git.process import Git

_GONE = b"0 " + b"0" * 40


class Tracked:
    """A look at the index that is under way since this was made: which files below `folders` are as it has them."""

    def __init__(self, git: Git, folders: Iterable[str]) -> None:
        below = [f":(literal){folder}" for folder in folders]
        self._entries = git.start("ls-files", "-z", "--stage", "--", *below)
        self._changed = git.start("diff-files", "-z", "--relative", "--name-only", "--", *below)

    def __enter__(self) -> Tracked:
        return self

    def __exit__(self, *_: object) -> None:
        """Ends what still runs: the caller needed no answer."""
        for look in (self._entries, self._changed):
            with look:
                look.kill()

    def unchanged(self) -> dict[bytes, bytes]:
        """Mode and blob of each file that is as the index has it, by path. GitFailed if git does not tell."""
        listing, complaint = self._entries.communicate()
        changed = set(self._changed.communicate()[0].split(b"\0"))
        if self._entries.returncode or self._changed.returncode:
            raise GitFailed(("ls-files",), self._entries.returncode or self._changed.returncode, b"", complaint)
        found = {}
        for row in listing.split(b"\0"):
            about, _, path = row.partition(b"\t")
            if about.endswith(b" 0") and path not in changed:
                found[path] = about[:-2]
        return found


def stage(git: Git, moves: Sequence[tuple[str, str]], written: Iterable[str], known: Mapping[bytes, bytes]) -> None:
    """Brings the index to the state of the work tree: files that moved (from, to), and files written. May be repeated.

    `known` are mode and blob of files that were as the index has them before they moved: git need not read ten thousand
    files again that only lie elsewhere. GitFailed if git refuses.
    """
    lines, others = [], list(written)
    for source, target in moves:
        old = os.fsencode(source)
        if entry := known.get(old):
            lines.append(b"%s\t%s\0%s\t%s\0" % (_GONE, old, entry, os.fsencode(target)))
        else:
            others += [source, target]
    if lines:
        git.run("update-index", "-z", "--index-info", stdin=b"".join(lines))
    listing = b"".join(os.fsencode(path) + b"\0" for path in others)
    git.run("update-index", "--add", "--remove", "-z", "--stdin", stdin=listing)
