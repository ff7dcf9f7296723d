"""Which files a detector reads, as plain data: a detector is loaded only for a change set that has such a file.

Each detector's package declares `READS`, one or more patterns. They may fit too many files: the detector looks closer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relbot.detect.engine.model import FileChange

CODE = tuple(
    ".py .pyi .wsgi .rb .rake .ru .gemspec .jbuilder .go .js .jsx .mjs .cjs .tsx .ts .mts .cts .java .kt .kts .cs .php .rs"
    " .ex .exs rakefile gemfile guardfile capfile vagrantfile".split()
)
"""How the names of files end that tree-sitter's grammars for programs read."""
YAML = (".yaml", ".yml")
SHELL = (".sh", ".bash", ".ksh")


class FilePattern(NamedTuple):
    """A file fits if its path ends in one of `endings`, has one of `parts`, and a side of it has one of `words`.

    Paths are compared in lower case and begin with `/`; words, which have no line ends, are compared as they are. What is
    empty fits every file.
    """

    endings: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    words: tuple[bytes, ...] = ()

    def fits(self, path: str, file: FileChange) -> bool:
        """Whether a file fits with this path, in lower case and with `/` before it."""
        if self.endings and not path.endswith(self.endings):
            return False
        if self.parts and not any(part in path for part in self.parts):
            return False
        return not self.words or _has_any(self.words, file.searched)


def _has_any(words: tuple[bytes, ...], sides: tuple[bytes, ...]) -> bool:
    for side in sides:  # a generator would take longer than to look for a word
        for word in words:
            if word in side:
                return True
    return False


ANY_FILE = FilePattern()


def reads_any(patterns: Iterable[FilePattern], files: Iterable[FileChange]) -> bool:
    """Whether one of the files fits one of the patterns, with its path before or after the change."""
    every = tuple(patterns)
    return ANY_FILE in every or any(_fits_one(every, file) for file in files)


def _fits_one(patterns: tuple[FilePattern, ...], file: FileChange) -> bool:
    for path in file.matched_paths:  # as above: some thousand files times some patterns
        for pattern in patterns:
            if pattern.fits(path, file):
                return True
    return False
