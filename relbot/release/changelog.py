"""The text of a changelog: putting a release's entry in, and replacing one that relbot wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from relbot.release.operations import content_digest

if TYPE_CHECKING:
    from collections.abc import Callable


class ChangelogFormat(NamedTuple):
    """How a project's changelog is laid out: `start` is a new one's text, `place` tells where in a text a release begins."""

    start: str
    place: Callable[[str], int]


class WrittenEntry(NamedTuple):
    """What relbot remembers of an entry that it wrote: enough to find it again, and to see that nobody changed it."""

    first_line: str
    length: int
    digest: str


def remember_entry(entry: str) -> WrittenEntry:
    """What to remember of an entry, whose lines end in LF."""
    return WrittenEntry(entry.split("\n", 1)[0], len(entry), content_digest(entry.encode("utf-8", "surrogateescape")))


def line_end(text: str) -> str:
    """What ends the lines of a text: of the first line, LF if there is none."""
    first = text.find("\n")
    return "\r\n" if first > 0 and text[first - 1] == "\r" else "\n"


def find_entry(text: str, written: WrittenEntry) -> tuple[int, int] | None:
    """Where in a changelog an entry stands just as relbot wrote it; None if it is not there, or was edited."""
    end = line_end(text)
    at = text.find(written.first_line)
    while at >= 0:
        if at == 0 or text[at - 1] == "\n":
            stop = _end_offset(text, at, written.length, end)
            if stop is not None and remember_entry(text[at:stop].replace("\r\n", "\n")).digest == written.digest:
                return at, stop
        at = text.find(written.first_line, at + 1)
    return None


def _end_offset(text: str, start: int, length: int, end: str) -> int | None:
    """Where `length` characters from `start` end, CR LF counted as one. None if the text is shorter."""
    if end == "\n":
        return start + length if start + length <= len(text) else None
    stop, left = start, length
    while left > 0 and stop < len(text):
        stop += 2 if text.startswith("\r\n", stop) else 1
        left -= 1
    return stop if left == 0 else None


def has_heading(text: str, first_line: str) -> int | None:
    """The line, from 1, on which an entry with this first line stands, edited or not."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.rstrip() == first_line.rstrip():
            return number
    return None


def insert_entry(text: str, entry: str, form: ChangelogFormat) -> str:
    """The changelog with a new entry where the form has its place; what was there stays as it was.

    `entry` has LF line ends and one at its end; it takes those of the changelog.
    """
    end = line_end(text)
    entry = entry.replace("\n", end)
    if not text.strip("\ufeff \t\r\n"):
        text = text.strip(" \t\r\n") + form.start.replace("\n", end)
    at = form.place(text)
    before, after = text[:at], text[at:]
    if before and not before.endswith("\n"):
        before += end
    if before.strip("\ufeff") and not before.endswith(end * 2):
        before += end
    if after and not after.startswith(end) and not entry.endswith(end * 2):
        entry += end
    return before + entry + after


def replace_entry(text: str, at: tuple[int, int], entry: str) -> str:
    """The changelog with the entry at `at` replaced."""
    return text[: at[0]] + entry.replace("\n", line_end(text)) + text[at[1] :]
