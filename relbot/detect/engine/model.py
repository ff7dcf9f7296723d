"""What detectors get, and what they give."""

from __future__ import annotations

from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING

from relbot.detect.engine.facts import NO_EXAMPLE
from relbot.detect.engine.text_diff import diff_lines, strip_common_ends
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from relbot.detect.engine.facts import Fact, Table
    from relbot.detect.engine.shared_constants import SharedConstants
    from relbot.detect.engine.tree import ParsedSides


class Line(NamedTuple):
    """A line of a file: its number, counted from 1, and its text without its end."""

    number: int
    text: str


class Unread(Enum):
    """Why a file of a kind that a detector reads was not read."""

    BROKEN = "broken"
    """It is not what its name says, or takes a parser too long."""
    LARGE = "large"
    """It is larger than what is parsed."""


class FileChange:
    """One file of a change set, on both sides.

    `status` is git's letter: A added, M modified, D deleted, R renamed (perhaps edited too). `path` is that of the new
    side, or of the old one where there is no new one. `before` and `after` are contents, None where there is no file.
    `unread` is set by a detector that reads files of this kind and could not read this one. `trees` are those of code that was
    parsed, for the detectors to come; `keeps_trees` says whether there is memory for them. `constants` are those of all
    changed files, before and after.
    """

    def __init__(self, status: str, path: str, before: bytes | None, after: bytes | None, old_path: str | None = None) -> None:
        self.status = status
        self.path = path
        self.old_path = old_path or path
        self.before = before
        self.after = after
        self.unread: Unread | None = None
        self.trees: ParsedSides | None = None
        self.keeps_trees = True
        self.constants: tuple[SharedConstants, ...] = ()

    @cached_property
    def matched_paths(self) -> tuple[str, ...]:
        """Its path on both sides as patterns of paths have them: in lower case, with `/` before it."""
        return tuple(dict.fromkeys((f"/{self.path.lower()}", f"/{self.old_path.lower()}")))

    @cached_property
    def sides(self) -> tuple[bytes, ...]:
        """The contents that there are, once where both sides have the same."""
        return tuple(dict.fromkeys(content for content in (self.before, self.after) if content is not None))

    @cached_property
    def searched(self) -> tuple[bytes, ...]:
        """Where to look for words that the sides have: what is not before stands in the lines that only the side after has."""
        if self.before is None or self.after is None or self.before == self.after:
            return self.sides
        return self.before, self.added_text.encode("utf-8", "replace")

    @cached_property
    def old(self) -> str:
        """The text before, "" if there was no file. What is no UTF-8 is replaced: a detector survives any input."""
        return _decode_text(self.before)

    @cached_property
    def new(self) -> str:
        """The text after, "" if there is no file any more."""
        return _decode_text(self.after)

    @cached_property
    def removed(self) -> tuple[Line, ...]:
        """The lines that only the old side has, with their numbers there."""
        return self._changed[0]

    @cached_property
    def added(self) -> tuple[Line, ...]:
        """The lines that only the new side has, with their numbers there."""
        return self._changed[1]

    @cached_property
    def removed_text(self) -> str:
        """The text of the removed lines: to look into all at once for what each may have."""
        return "\n".join([line.text for line in self.removed])

    @cached_property
    def added_text(self) -> str:
        """The text of the added lines."""
        return "\n".join([line.text for line in self.added])

    @cached_property
    def _changed(self) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
        if self.before is None or self.after is None:
            return _number_lines(self.old), _number_lines(self.new)
        start, old, new = strip_common_ends(self.old, self.new)
        gone: list[Line] = []
        come: list[Line] = []
        for a1, a2, b1, b2 in diff_lines(old, new):
            gone += [Line(start + i + 1, old[i]) for i in range(a1, a2)]
            come += [Line(start + i + 1, new[i]) for i in range(b1, b2)]
        return tuple(gone), tuple(come)


class ChangeSet(NamedTuple):
    """The files of a change set in path order, and a sentence for each thing that was not looked at."""

    files: tuple[FileChange, ...]
    left_out: tuple[str, ...] = ()


class Todo(NamedTuple):
    """What somebody may have to do, as far as the diff tells: for the proposed fragment."""

    phase: str = "before-restart"
    run: str = ""
    text: str = ""
    restart: tuple[str, ...] = ()


class Evidence(NamedTuple):
    """One fact that a detector saw.

    `detector` and `fact` are its ids; `message` is one sentence that a reviewer believes, with names from the diff in
    backticks; `details` are lines below it, such as the moved keys. `subjects` are the names it is about, of the kind that its
    fact declares (settings, `table.column`, routes): an answer lowers it for those that both name. A fact that is about the file
    names its path. `line` is one of the new side; of the old one if the file is gone.
    """

    detector: str
    fact: str
    path: str
    line: int | None
    message: str
    details: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    todo: Todo | None = None

    @property
    def id(self) -> str:
        """The fact's id in the whole of relbot, such as `config-structure/moved`."""
        return f"{self.detector}/{self.fact}"


class Detector(NamedTuple):
    """A detector: its id, what it looks at, why that matters, its facts, and the function that finds them.

    `bad` and `good` are change sets as tables from path to (text before, text after), None for no file; each line of
    `bad` yields evidence, `good` yields none. Without them, the examples of the facts are shown.
    """

    id: str
    summary: str
    why: str
    facts: tuple[Fact, ...]
    find: Callable[[ChangeSet], Iterable[Evidence]]
    bad: Table = NO_EXAMPLE
    good: Table = NO_EXAMPLE


def _decode_text(content: bytes | None) -> str:
    return "" if content is None else content.decode("utf-8-sig", "replace").replace("\r\n", "\n")


def _number_lines(text: str) -> tuple[Line, ...]:
    """All lines of a text; the line end at its end begins none."""
    return tuple(Line(number, line) for number, line in enumerate(text.removesuffix("\n").split("\n"), 1)) if text else ()
