"""What a rule is: what is wrong, why that matters, and how it looks wrong and right."""

from __future__ import annotations

from dataclasses import dataclass

_LONGEST = 2_000
"""Characters of a file that are shown."""


@dataclass(frozen=True, slots=True)
class File:
    """A file of an example. `problem` says why it has no content that could be read."""

    path: str
    text: str
    encoding: str = "utf-8"
    problem: str = ""

    @property
    def content(self) -> bytes:
        """The bytes of the file."""
        return self.text.encode(self.encoding)

    @property
    def shown(self) -> str:
        r"""The text with invisible characters written out (`\x1b`), and cut where it is too long to be read."""
        if self.problem:
            return f"({self.problem})"
        rest = len(self.text) - _LONGEST
        text = self.text if rest <= 0 else f"{self.text[:60]}\n(and {len(self.text) - 60} more characters)\n"
        return "".join(c if c.isprintable() or c == "\n" else ascii(c)[1:-1] for c in text)


@dataclass(frozen=True, slots=True)
class Example:
    """The files of an example, in full. Printed, each stands below its path."""

    files: tuple[File, ...]

    def __str__(self) -> str:
        return "\n\n".join(f"{file.path}\n\n{_indent_text(file.shown)}" for file in self.files)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its id, what it reports in half a sentence, why it is there, and how it looks wrong and right.

    `summary` and `why` are Markdown of one paragraph, plain enough to be read on a terminal. `facts` has the ids of a detector's
    facts, sorted by level.
    """

    id: str
    summary: str
    why: str
    bad: Example
    good: Example
    facts: str = ""


def fragment_example(text: str, path: str = "changes/4075.md") -> Example:
    """An example that is one fragment."""
    return Example((File(path, text),))


def config_example(text: str) -> Example:
    """An example that is one `relbot.toml`."""
    return Example((File("relbot.toml", text),))


def _indent_text(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.rstrip("\n").split("\n"))
