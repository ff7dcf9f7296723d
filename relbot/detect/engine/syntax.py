"""Code as syntax trees, by tree-sitter: any input gives a tree, what cannot be parsed is an ERROR node in it.

The grammars are imported when the first file of their language is parsed. JavaScript is parsed by TypeScript's grammar for
JSX: it reads plain JavaScript and the annotations of Flow as well.
"""

from __future__ import annotations

from functools import lru_cache, partial
from importlib import import_module
from time import thread_time
from typing import TYPE_CHECKING
from warnings import catch_warnings

from relbot.detect.engine.model import Unread
from relbot.detect.engine.shared_constants import SharedConstants
from relbot.detect.engine.statements import PartialTree, split_statements
from relbot.detect.engine.tree import ParsedSides, SyntaxTree
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tree_sitter import Node, Parser

    from relbot.detect.engine.model import FileChange

MOST_BYTES = 400_000
"""Larger files are not parsed: they are data or made by a program, and a change set has many files."""
MOST_SECONDS = 1
"""Of the processor, when parsing is given up. Real code of that size needs a tenth of a second; what is no code of the language
may need time that grows with the square of its size, or faster: half an hour for 100 kB of `/*` in lines."""
_LOOK_SECONDS = 0.05
"""Of the clock, the only one that the parser has: how often the time of the processor is looked at."""

_NO_CODE_PART = b"/*"
_NO_CODE = re.compile(rb"(?:/\*\s*){200}")
"""What keeps Python's grammar busy for a minute in 25 kB, without a look at the clock; tried with all pairs of operators."""

_LANGUAGES = {
    "py": "python",
    "pyi": "python",
    "wsgi": "python",
    "rb": "ruby",
    "rake": "ruby",
    "ru": "ruby",
    "gemspec": "ruby",
    "jbuilder": "ruby",
    "go": "go",
    "js": "tsx",
    "jsx": "tsx",
    "mjs": "tsx",
    "cjs": "tsx",
    "tsx": "tsx",
    "ts": "typescript",
    "mts": "typescript",
    "cts": "typescript",
    "java": "java",
    "kt": "kotlin",
    "kts": "kotlin",
    "cs": "c_sharp",
    "php": "php",
    "rs": "rust",
    "ex": "elixir",
    "exs": "elixir",
    "tf": "hcl",
}
_GRAMMARS = {
    "php": ("php", "language_php"),
    "tsx": ("typescript", "language_tsx"),
    "typescript": ("typescript", "language_typescript"),
}
"""Package and function of the grammars whose function is not `tree_sitter_LANGUAGE.language`."""
_NAMES = {"Rakefile": "ruby", "Gemfile": "ruby", "Guardfile": "ruby", "Capfile": "ruby", "Vagrantfile": "ruby"}


MOST_KEPT = 4_000_000
"""Bytes of files whose trees are kept for the detectors to come: a tree takes up to forty times as much memory as its text."""


@lru_cache(4096)
def language_of(path: str) -> str | None:
    """The grammar for a path, None if there is none: python, ruby, go, typescript, or tsx (JavaScript too)."""
    name = path.rpartition("/")[2]
    return _NAMES.get(name) or _LANGUAGES.get(name.rpartition(".")[2])


def share_work(changes: Iterable[FileChange]) -> None:
    """Lets files use each other's constants, and the first ones keep their trees, as many as have MOST_KEPT bytes.

    Others are parsed anew for each detector.
    """
    together = 0
    every = tuple(changes)
    old, new = SharedConstants(lambda: (one.old for one in every)), SharedConstants(lambda: (one.new for one in every))
    for change in every:
        change.constants = (old, new)
        if language_of(change.path) is not None:
            together += len(change.before or b"") + len(change.after or b"")
            change.keeps_trees = together <= MOST_KEPT


def parse_sides(change: FileChange) -> ParsedSides:
    """The trees of both sides, parsed once for all detectors where the file keeps them. Both None if there is no grammar."""
    if change.trees is not None:
        return change.trees
    found = _parse_both(change)
    if change.keeps_trees:
        change.trees = found
    if found.old is None and found.new is None and language_of(change.path) is not None:
        change.unread = Unread.LARGE if _is_large(change) else Unread.BROKEN
    return found


def _is_large(change: FileChange) -> bool:
    return max(len(change.before or b""), len(change.after or b"")) > MOST_BYTES


def is_too_large(change: FileChange) -> bool:
    """Whether a file of code is larger than what is parsed. Notes it, so that the answer says so."""
    if not _is_large(change) or language_of(change.path) is None:
        return False
    change.unread = Unread.LARGE
    return True


def note_unparsed(change: FileChange) -> None:
    """Notes that a file of a kind that a detector reads could not be read, so that the answer says so."""
    change.unread = Unread.BROKEN


def _parse_both(change: FileChange) -> ParsedSides:
    old = None if change.before is None else _parse_text(change.old_path, change.old)
    if change.before is not None and old is None:
        return ParsedSides(None, None)
    new = None if change.after is None else _parse_text(change.path, change.new)
    if change.after is not None and new is None:
        return ParsedSides(None, None)
    for tree, constants in zip((old, new), change.constants, strict=False):
        if tree is not None:
            tree.constants = constants
    for tree in (old, new):
        if isinstance(tree, PartialTree):
            tree.when_lost = partial(note_unparsed, change)
    return ParsedSides(old, new)


def _parse_text(path: str, text: str) -> SyntaxTree | None:
    """The tree of a text, None if there is no grammar for the path, or the text is too large or takes too long."""
    language = language_of(path)
    content = text.encode("utf-8", "replace")
    if language is None or len(content) > MOST_BYTES or (_NO_CODE_PART in content and _NO_CODE.search(content)):
        return None
    parser = _load_parser(language)
    if language == "python" and (starts := split_statements(content)):
        return PartialTree(content, starts, partial(_parse_between, parser, content))
    root = _parse_in_time(parser, content)
    return None if root is None else SyntaxTree(content, lambda: root)


def _parse_between(parser: Parser, content: bytes, start: int, end: int) -> Node | None:
    """The root of what stands between two places of a content, which begin lines; None if it takes too long."""
    if end - start == len(content):
        return _parse_in_time(parser, content)
    from tree_sitter import Point, Range  # as in `_load_parser`

    row = content.count(b"\n", 0, start)
    last = Point(row + content.count(b"\n", start, end), end - content.rfind(b"\n", 0, end) - 1)
    parser.included_ranges = [Range(Point(row, 0), last, start, end)]
    try:
        return _parse_in_time(parser, content)
    finally:
        parser.included_ranges = []


def _parse_in_time(parser: Parser, content: bytes) -> Node | None:
    """The root of a tree, None if it takes too long: by the processor's time, so that a busy machine gives the same answer."""
    start: float | None = None
    while True:
        try:
            return parser.parse(content).root_node
        except ValueError:  # time for a look; called again, the parser goes on where it was
            start = thread_time() if start is None else start  # to ask for it takes longer than most statements
            if thread_time() - start >= MOST_SECONDS:
                parser.reset()
                return None


def text_of(node: Node | None) -> str:
    """The source of a node, "" for None."""
    return "" if node is None or node.text is None else node.text.decode("utf-8", "replace")


def line_of(node: Node) -> int:
    """The line a node starts in, counted from 1."""
    return node.start_point[0] + 1


@lru_cache(16)
def _load_parser(language: str) -> Parser:
    import tree_sitter  # each grammar takes milliseconds to load, and most change sets need one

    package, function = _GRAMMARS.get(language, (language, "language"))
    grammar: object = getattr(import_module(f"tree_sitter_{package}"), function)()
    # What shall take the limit's place, a callback of `parse`, is asked only where the source is a callback too; with 0.25.2 that
    # crashes the interpreter.
    with catch_warnings(action="ignore", category=DeprecationWarning):
        return tree_sitter.Parser(tree_sitter.Language(grammar), timeout_micros=round(_LOOK_SECONDS * 1_000_000))
