"""The facts of past changes, kept in git's folder, so that no run looks for them twice."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Self

from relbot._version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relbot.git.process import Git
    from relbot.review.backtest.model import PastChange

_FOLDER = "relbot-backtest"
_MOST_FILES = 8
_SURE, _UNSURE = b"=", b"?"


class BacktestCache:
    """The traces of changes by one version of relbot, with the same paths masked: a file that only grows.

    A line is the change, `=` or `?` (something was unknown: to be looked at again), the length, and what `as_line` made of the
    trace. Lines that a crash cut short are passed over. Where git's folder cannot be written, `kept` is False and the
    traces last as long as this.
    """

    def __init__(self, git: Git, about: Iterable[str]) -> None:
        folder = git.root / git.text("rev-parse", "--git-common-dir") / _FOLDER
        self._at: dict[str, tuple[int, int]] = {}
        self._unsure: set[str] = set()
        path = folder / f"{_digest_words((__version__, _digest_code(), git.text('rev-parse', '--show-prefix'), *about))}.jsonl"
        self._file, self.kept = _open_file(path)
        self._index()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def forget(self) -> None:
        """Forgets all that was seen."""
        self._file.truncate(0)
        self._at, self._unsure = {}, set()

    def has(self, change: PastChange) -> bool:
        """Whether it was looked at, and nothing was unknown."""
        name = _cache_key(change)
        return name in self._at and name not in self._unsure

    def add(self, change: PastChange, line: bytes, *, sure: bool) -> None:
        """Keeps the line of a change."""
        name = _cache_key(change)
        head = b"%s %s %d " % (name.encode("ascii"), _SURE if sure else _UNSURE, len(line))
        at = self._file.seek(0, os.SEEK_END)
        self._file.write(head + line + b"\n")
        self._file.flush()
        self._note(name, (at + len(head), len(line)), sure=sure)

    def line(self, change: PastChange) -> bytes:
        """The line that was kept last for a change."""
        at, length = self._at[_cache_key(change)]
        self._file.seek(at)
        return self._file.read(length)

    def _index(self) -> None:
        self._file.seek(0)
        at = 0
        line = b"\n"
        for line in self._file:  # the last one is looked at below
            words = line.split(b" ", 3)
            if len(words) == 4 and words[2].isdigit() and len(words[3]) == int(words[2]) + 1 and words[3].endswith(b"\n"):
                length = int(words[2])
                place = at + len(line) - length - 1, length
                self._note(words[0].decode("ascii", "replace"), place, sure=words[1] == _SURE)
            at += len(line)
        if not line.endswith(b"\n"):
            self._file.seek(0, os.SEEK_END)
            self._file.write(b"\n")

    def _note(self, name: str, place: tuple[int, int], *, sure: bool) -> None:
        self._at[name] = place
        if sure:
            self._unsure.discard(name)
        else:
            self._unsure.add(name)


def _open_file(path: Path) -> tuple[BinaryIO, bool]:
    """The file, and whether it stays. Files that were not used for longest are removed."""
    try:
        path.parent.mkdir(exist_ok=True)
        file = path.open("a+b")
        others = sorted(path.parent.glob("*.jsonl"), key=lambda other: other.stat().st_mtime, reverse=True)
        for other in others[_MOST_FILES:]:
            other.unlink(missing_ok=True)
    except OSError:
        return tempfile.TemporaryFile("w+b"), False
    return file, True


def _cache_key(change: PastChange) -> str:
    masked = f":{_digest_words(change.masked)}" if change.masked else ""
    return f"{change.base}..{change.head}{masked}"


def _digest_code() -> str:
    """A digest of the code that decides what is seen: the version of an installation that is worked on does not change."""
    package = Path(__file__).parents[1]
    files = sorted(file for folder in ("app", "detect", "git", "review", "tools") for file in (package / folder).rglob("*.py"))
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def _digest_words(words: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(words).encode("utf-8", "surrogateescape")).hexdigest()[:16]
