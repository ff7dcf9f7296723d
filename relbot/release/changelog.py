"""The text of a changelog: putting a release's entry in, and replacing one that relbot wrote."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from relbot.fragment.body import find_headings
from relbot.release.operations import content_digest
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from relbot.fragment.body import BodyHeading
    from relbot.release.unreleased_text import UnreleasedText


class ChangelogFormat(NamedTuple):
    """How a project's changelog is laid out: `start` is a new one's text, `place` tells where in a text a release begins.

    `by_version`: entries stand in the order of versions, the highest first; else the newest comes first. `content` gives the
    lines that readers see of an entry; None where only its words can be compared. Releases are put below the line `marker`.
    `unreleased` finds what is written there for a version already, None where nobody looks for it; `links` tells that links of
    releases stand at the foot, `headings` gives all headings of a text.
    """

    start: str
    place: Callable[[str], int]
    by_version: bool = False
    content: Callable[[str], list[str]] | None = None
    marker: str = ""
    unreleased: Callable[[str, str], UnreleasedText | None] | None = None
    links: bool = False
    headings: Callable[[str], list[BodyHeading]] = find_headings


class AddedText(NamedTuple):
    """What a build added to a changelog around its entry: so many characters before and behind it.

    `created` tells that there was no changelog before.
    """

    before: int = 0
    behind: int = 0
    created: bool = False


class WrittenEntry(NamedTuple):
    """What relbot remembers of an entry that it wrote: enough to find it again, and to see that nobody changed it.

    `length` is in characters, `digest` the SHA-256 of the text in UTF-8, both with LF. `words` and `content` are the number of
    its words and their digest: they survive a formatter. 0 and "" where an older relbot did not write them down. `title` is the
    second line where the first is only a line above it, as in reStructuredText.
    """

    first_line: str
    length: int
    digest: str
    words: int = 0
    content: str = ""
    title: str = ""

    @property
    def heading(self) -> str:
        """The line that names the release."""
        return self.title or self.first_line


def remember_entry(entry: str) -> WrittenEntry:
    """What to remember of an entry, whose lines end in LF."""
    words = [word for line in entry.split("\n") for word in _line_words(line)]
    digest = content_digest(entry.encode("utf-8", "surrogateescape"))
    first, second = [*entry.split("\n", 2), ""][:2]
    title = "" if any(character.isalnum() for character in first) else second
    return WrittenEntry(first, len(entry), digest, len(words), _words_digest(words), title)


_BULLET = re.compile(r"\s{0,80}[-*+] +(?=\S)")
_HEADING = re.compile(r" {0,3}#{1,6}[ \t]")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


def _line_words(line: str) -> list[str]:
    """The words of a line without what a formatter changes: bullets, spaces, rules, escapes, marks of headings and emphasis."""
    if _is_rule(line):
        return []
    if _HEADING.match(line):
        line = line.strip().strip("#")
    elif line.lstrip().startswith("|"):
        line = line.replace("|", " ")
    return _ESCAPE.sub(r"\1", _BULLET.sub("", line, count=1)).replace("_", "*").split()


def _is_rule(line: str) -> bool:
    """Whether a line only underlines a heading, or the head of a table."""
    return ("--" in line or "==" in line) and not line.strip(" \t\r\n|:-=")


def _words_digest(words: list[str]) -> str:
    return content_digest("\n".join(words).encode("utf-8", "surrogateescape"))


def locate_entry(text: str, written: WrittenEntry) -> tuple[int, int] | None:
    """Where an entry stands as relbot wrote it, or as a formatter left it: begin and end. None if it was edited or is gone."""
    found = find_entry(text, written)
    if found or not written.content:
        return found
    at = 0
    lines = text.splitlines(keepends=True)
    first = _line_words(written.first_line)
    for number, line in enumerate(lines):
        begins = _line_words(line) == first if first else line.rstrip() == written.first_line.rstrip()
        if begins and (length := _formatted_length(lines[number:], written)):
            return at, at + length
        at += len(line)
    return None


def _formatted_length(lines: list[str], written: WrittenEntry) -> int:
    """The characters that the words of an entry take from the first of these lines on; 0 if they are not its words."""
    words: list[str] = []
    length = 0
    for line, below in zip_longest(lines, lines[1:], fillvalue=""):
        words += _line_words(line)
        length += len(line)
        if len(words) >= written.words:
            same = len(words) == written.words and _words_digest(words) == written.content
            underlined = len(below) if _is_rule(below) else 0
            return length + underlined if same else 0
    return 0


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


def line_begin(text: str, line: int) -> int:
    """Where a line, from 1, begins."""
    return sum(len(each) for each in text.splitlines(keepends=True)[: line - 1])


def has_heading(text: str, first_line: str) -> int | None:
    """The line, from 1, on which an entry with this first line stands, edited or not."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.rstrip() == first_line.rstrip():
            return number
    return None


def insert_entry(text: str, entry: str, form: ChangelogFormat, at: int | None = None) -> tuple[str, AddedText]:
    """Puts a new entry into a changelog at `at`, by default where the form has its place; what was there stays as it was.

    Gives the changelog, and what stands around the entry only because of it.
    `entry` has LF line ends and one at its end; it takes those of the changelog.
    """
    end = line_end(text)
    entry = entry.replace("\n", end)
    if not text.strip("\ufeff \t\r\n"):
        text = text.strip(" \t\r\n") + form.start.replace("\n", end)
    at = form.place(text) if at is None else at
    before, after = text[:at], text[at:]
    length = len(before), len(entry)
    if before.strip("\ufeff") and not before.endswith("\n"):
        before += end
    if before.strip("\ufeff") and not before.endswith(end * 2):
        before += end
    if after and not after.startswith(end) and not entry.endswith(end * 2):
        entry += end
    return before + entry + after, AddedText(len(before) - length[0], len(entry) - length[1])


def remove_entry(text: str, at: tuple[int, int], added: AddedText) -> str:
    """The changelog without the entry at `at`, and without the line ends that its insertion added around it."""
    begin, stop = at
    begin -= added.before if not text[max(begin - added.before, 0) : begin].strip("\r\n") else 0
    stop += added.behind if not text[stop : stop + added.behind].strip("\r\n") else 0
    return text[:begin] + text[stop:]


def replace_entry(text: str, at: tuple[int, int], entry: str) -> str:
    """The changelog with the entry at `at` replaced."""
    return text[: at[0]] + entry.replace("\n", line_end(text)) + text[at[1] :]
